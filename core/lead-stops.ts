import type { Brand } from './config.ts';
import { type Asked, permissionFor } from './consent.ts';
import type { Enrolment, Stop } from './enrolment.ts';
import { stopRank } from './enrolment.ts';
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
  asked: Asked,
  brand: Pick<Brand, 'topics' | 'consent'>,
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
  if (salesStages.includes(lead.stage)) return { reason: 'qualified', at: now };
  return undefined;
};

/** The stronger of the row's stop and what the lead's rows demand. */
export const effectiveStop = (enrolment: Pick<Enrolment, 'stop'>, demanded: Stop | undefined): Stop | undefined => {
  if (!enrolment.stop) return demanded;
  if (!demanded) return enrolment.stop;
  return stopRank[demanded.reason] > stopRank[enrolment.stop.reason] ? demanded : enrolment.stop;
};
