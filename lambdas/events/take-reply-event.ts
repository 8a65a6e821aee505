import type { LeadEvent, OwnEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { addressIdOf, type Lead } from '#core/lead';
import { awayUntil } from '#core/replies/away';
import { zoneOf } from '#core/time-zone';
import { runningEnrolments, tellStop } from '#lambdas/tell-enrolments';

type Handler = Use<'process-events'>;

/**
 * What a reply does to its lead: a human's ends nurture and tells a person, an absence makes mail wait, and of who works there no
 * longer the address is closed. All of it may be repeated, and comes to the same in any order; a repeat after a crash may tell twice.
 */
export const takeReplyEvent = async (use: Handler, lead: Lead, event: LeadEvent): Promise<void> => {
  if (event.source !== 'own') return;
  if (event.name === 'replied') {
    await endNurture(use, lead, event);
    return tellOwner(use, lead, event, 'replied');
  }
  if (event.name !== 'auto-replied') return;
  if (event.reply?.kind === 'out-of-office') return waitForReturn(use, lead, event);
  if (event.reply?.kind !== 'left-company') return;
  await closeAddress(use, lead, event);
  return tellOwner(use, lead, event, 'left-company');
};

/** Of runs that began before. What the lead itself asked to confirm goes on. */
const endNurture = async (use: Handler, { leadId }: Lead, { at }: OwnEvent): Promise<void> => {
  for (const enrolment of await runningEnrolments(use, leadId)) {
    if (at < enrolment.enrolledAt) continue;
    const { lawfulBasis } = await use.artifacts.get(enrolment.sequence, enrolment.version);
    if (lawfulBasis !== 'confirmation') await tellStop(use, enrolment, { reason: 'replied', at });
  }
};

const waitForReturn = async (use: Handler, lead: Lead, { at, reply }: OwnEvent): Promise<void> => {
  const { zone } = zoneOf(lead, (await use.config.live()).brand);
  const until = awayUntil(at, reply?.backOn, zone);
  await use.leads.setAway(lead.leadId, until);
  use.log.info('lead is away', { leadId: lead.leadId, until });
};

/** Another address of the same person may still get mail. */
const closeAddress = async (use: Handler, lead: Lead, { at, reply }: OwnEvent): Promise<void> => {
  const addressId = reply?.addressId;
  if (addressId === undefined) return;
  await use.suppressions.add(lead.leadId, { scope: `ADDRESS#${addressId}`, reason: 'left-company', at });
  if (addressIdOf(lead) !== addressId) return;
  for (const enrolment of await runningEnrolments(use, lead.leadId)) await tellStop(use, enrolment, { reason: 'suppressed', at });
};

const tellOwner = (use: Handler, { leadId }: Lead, { at, reply }: OwnEvent, kind: 'replied' | 'left-company'): Promise<void> => {
  const { mail, sequence, step } = reply ?? {};
  return use.noticeQueue.push({
    kind,
    leadId,
    at,
    ...(mail !== undefined && { mail }),
    ...(sequence !== undefined && { sequence }),
    ...(step !== undefined && { step }),
  });
};
