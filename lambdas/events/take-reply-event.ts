import type { EventRow } from '#core/events';
import type { Use } from '#core/handlers';
import { addressIdOf, type Lead } from '#core/lead';
import type { History } from '#core/ports';
import { awayUntil } from '#core/replies/away';
import { zoneOf } from '#core/time-zone';
import { running, tellStop } from '#lambdas/tell-enrolments';

type Handler = Use<'process-events'>;

/**
 * What a reply does to its lead: a human's ends nurture and tells a person, an absence makes mail wait, and of who works there no
 * longer the address is closed. All of it may be repeated, and comes to the same in any order; a repeat after a crash may tell twice.
 */
export const takeReply = async (use: Handler, lead: Lead, row: EventRow, history: History): Promise<void> => {
  if (row.name === 'replied') {
    await endNurture(use, row, history);
    return tellOwner(use, lead, row, 'replied');
  }
  if (row.name !== 'auto-replied') return;
  if (row.reply?.kind === 'out-of-office') return waitForReturn(use, lead, row);
  if (row.reply?.kind !== 'left-company') return;
  await closeAddress(use, lead, row, history);
  return tellOwner(use, lead, row, 'left-company');
};

/** Of runs that began before. What the lead itself asked to confirm goes on. */
const endNurture = async (use: Handler, { at }: EventRow, { enrolments }: History): Promise<void> => {
  for (const enrolment of running(enrolments)) {
    if (at < enrolment.enrolledAt) continue;
    const { lawfulBasis } = await use.artifacts.get(enrolment.sequence, enrolment.version);
    if (lawfulBasis !== 'confirmation') await tellStop(use, enrolment, { reason: 'replied', at });
  }
};

const waitForReturn = async (use: Handler, lead: Lead, { at, reply }: EventRow): Promise<void> => {
  const { zone } = zoneOf(lead, (await use.config.live()).brand);
  const until = awayUntil(at, reply?.backOn, zone);
  await use.leads.setAway(lead.leadId, until);
  use.log.info('lead is away', { leadId: lead.leadId, until });
};

/** Another address of the same person may still get mail. */
const closeAddress = async (use: Handler, lead: Lead, { at, reply }: EventRow, { enrolments }: History): Promise<void> => {
  const addressId = reply?.addressId;
  if (addressId === undefined) return;
  await use.suppressions.add(lead.leadId, { scope: `ADDRESS#${addressId}`, reason: 'left-company', at });
  if (addressIdOf(lead) !== addressId) return;
  for (const enrolment of running(enrolments)) await tellStop(use, enrolment, { reason: 'suppressed', at });
};

const tellOwner = (use: Handler, { leadId }: Lead, { at, reply }: EventRow, kind: 'replied' | 'left-company'): Promise<void> => {
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
