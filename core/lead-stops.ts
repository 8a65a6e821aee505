import type { Brand } from './config.ts';
import { type Asked, permissionFor } from './consent.ts';
import type { Enrolment, Stop } from './enrolment.ts';
import { stopRank } from './enrolment.ts';
import { evaluate, type Facts } from './evaluate-condition.ts';
import type { Instant } from './instant.ts';
import { type Lead, salesStages } from './lead.ts';
import type { Suppression } from './ports.ts';

/**
 * The stop that the lead's own rows (profile, suppressions) demand of an enrolment of a sequence on this topic, for this
 * reason; the enrolment row's own stop is not looked at. undefined: nurture may go on. Of several the strongest.
 */
export const stopForLead = (
  lead: Lead | undefined,
  suppressions: readonly Suppression[],
  asked: Asked & { readonly sequence?: string; readonly ownExitsOnly?: true },
  brand: Pick<Brand, 'topics' | 'consent' | 'exits' | 'off'>,
  now: Instant,
): Stop | undefined => {
  if (!lead) return { reason: 'erased', at: now };
  const permission = permissionFor(lead, suppressions, asked, brand);
  if (!permission.may) {
    const reason =
      permission.because === 'suppressed' ? 'suppressed' : permission.because === 'nothing-to-confirm' ? 'goal' : 'unsubscribed';
    return { reason, at: permission.at ?? now };
  }
  // Whoever asked for mail is asked to confirm it, customer or not.
  if (asked.lawfulBasis === 'confirmation') return undefined;
  if (lead.stage === 'won') return { reason: 'goal', at: now };
  const exit = asked.ownExitsOnly ? undefined : (brand.exits ?? []).find((it) => 'when' in it && evaluate(it.when, aboutLead(lead, now)));
  if (exit) return { reason: exit.as, at: now };
  if (asked.sequence !== undefined && brand.off?.[asked.sequence] === 'exit') return { reason: 'exit', at: now };
  if (salesStages.includes(lead.stage)) return { reason: 'qualified', at: now };
  return undefined;
};

const aboutLead = (lead: Lead, now: Instant): Facts => ({ lead, seen: {}, fit: 0, engagement: 0, now });

/** Does brand.yaml say that this event ends a run of this sequence? */
export const globalExitOn = (
  event: string,
  { lawfulBasis, ownExitsOnly }: Pick<Asked, 'lawfulBasis'> & { readonly ownExitsOnly?: true },
  { exits = [] }: Pick<Brand, 'exits'>,
): { readonly as: 'goal' | 'exit' } | undefined =>
  ownExitsOnly || lawfulBasis === 'confirmation' ? undefined : exits.find((it) => 'on' in it && it.on === event);

/** The stronger of the row's stop and what the lead's rows demand. */
export const effectiveStop = (enrolment: Pick<Enrolment, 'stop'>, demanded: Stop | undefined): Stop | undefined => {
  if (!enrolment.stop) return demanded;
  if (!demanded) return enrolment.stop;
  return stopRank[demanded.reason] > stopRank[enrolment.stop.reason] ? demanded : enrolment.stop;
};
