import { type Instant, toEpoch } from './instant.ts';
import { type Lead, salesStages } from './lead.ts';
import type { History } from './ports.ts';

/** brand.yaml `retention`: leads that nothing happened with for so long are erased. */
export type Retention = { readonly inactiveSeconds: number };

type Known = Pick<History, 'events' | 'sends' | 'enrolments' | 'moves' | 'consents'>;

/** The last time that anything happened with a lead: it did something, was mailed, agreed, came into a sequence, was moved. */
const lastActiveAt = (lead: Lead, { events, sends, enrolments, moves, consents }: Known): Instant => {
  const times = [
    lead.createdAt,
    ...Object.values(lead.fieldTimes ?? {}),
    ...Object.values(lead.consents).map((it) => it.at),
    ...events.map((it) => it.at),
    ...sends.map((it) => it.sentAt ?? it.claimedAt),
    ...enrolments.flatMap((it) => [it.enrolledAt, ...(it.endedAt === undefined ? [] : [it.endedAt])]),
    ...moves.map((it) => it.at),
    ...consents.map((it) => it.at),
  ];
  return times.reduce((last, at) => (toEpoch(at) > toEpoch(last) ? at : last));
};

export const isOverdue = (lead: Lead, known: Known, retention: Retention, now: Instant): boolean =>
  overdueFrom(lead, known, retention) <= toEpoch(now);

/** In milliseconds, if nothing happens. Nobody who is in a sequence, with sales, or a customer is let go. Pure. */
export const overdueFrom = (lead: Lead, known: Known, { inactiveSeconds }: Retention): number => {
  const isKept = lead.handoff !== undefined || lead.stage === 'won' || salesStages.includes(lead.stage);
  if (isKept || known.enrolments.some((it) => it.endedAt === undefined)) return Number.POSITIVE_INFINITY;
  return toEpoch(lastActiveAt(lead, known)) + inactiveSeconds * 1000;
};

const secondsOf: { readonly [unit: string]: number } = { month: (365.25 / 12) * 86_400, year: 365.25 * 86_400 };

/** `24 months`, `3 years`: from three months to ten years. undefined: not such a time. */
export const parseRetention = (text: string): Retention | undefined => {
  const [, count = '', unit = ''] = /^(\d{1,3})\s+(month|year)s?$/i.exec(text.trim()) ?? [];
  const seconds = Math.round(Number(count) * (secondsOf[unit.toLowerCase()] ?? Number.NaN));
  return seconds >= Math.round(3 * (secondsOf.month ?? 0)) && seconds <= 10 * (secondsOf.year ?? 0)
    ? { inactiveSeconds: seconds }
    : undefined;
};
