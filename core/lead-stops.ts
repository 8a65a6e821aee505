import type { Enrolment, Stop } from './enrolment.ts';
import { stopRank } from './enrolment.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Suppression } from './ports.ts';

/**
 * The stop that the lead's own rows (profile, suppressions) demand of an enrolment of a sequence on this topic; the
 * enrolment row's own stop is not looked at. undefined: nurture may go on. Of several the strongest.
 */
export const stopForLead = (
  lead: Lead | undefined,
  suppressions: readonly Suppression[],
  topic: string,
  now: Instant,
): Stop | undefined => {
  if (!lead) return { reason: 'erased', at: now };
  const global = suppressions.find((it) => it.scope === 'GLOBAL');
  if (global) return { reason: 'suppressed', at: global.at };
  const left = suppressions.find((it) => it.scope === `TOPIC#${topic}`);
  if (left) return { reason: 'unsubscribed', at: left.at };
  const consent = lead.consents[topic];
  if (!consent?.given) return { reason: 'unsubscribed', at: consent?.at ?? now };
  if (lead.stage === 'customer') return { reason: 'goal', at: now };
  if (lead.stage === 'mql') return { reason: 'qualified', at: now };
  return undefined;
};

/** The stronger of the row's stop and what the lead's rows demand. */
export const effectiveStop = (enrolment: Pick<Enrolment, 'stop'>, demanded: Stop | undefined): Stop | undefined => {
  if (!enrolment.stop) return demanded;
  if (!demanded) return enrolment.stop;
  return stopRank[demanded.reason] > stopRank[enrolment.stop.reason] ? demanded : enrolment.stop;
};
