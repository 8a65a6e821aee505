import { shareEnrolled, slowing } from '#core/backpressure';
import { costOf, scaledUsage } from '#core/cost';
import { toInstant } from '#core/instant';
import { eventFunctions, readSettings, sendPacing } from '#lib/settings';
import { mailsPerLead, perLead } from './measured.ts';
import { quotas } from './quotas.ts';

export type DayPlan = {
  readonly mails: number;
  readonly sendsPerSecond: number;
  readonly enrolmentsAtOnce: number;
  readonly isPressedBack: boolean;
  /** What else SES allows in 24 hours. */
  readonly quota: number;
};
export type Day = {
  readonly sent: number;
  readonly left: number;
  readonly worstAgeMinutes: number;
  readonly minutesBehind: number;
  readonly longestEnrolMinutes: number;
  readonly enrolWaiting: number;
  readonly peakAnswers: number;
  readonly peakWriteUnits: number;
  readonly functions: number;
  readonly dollars: number;
};

const step = 10;
const hour = 3600;
const begin = Date.parse('2026-03-03T00:00:00.000Z');
/** Where leads live: offset from UTC in hours, and their share. */
const zones: readonly (readonly [offset: number, share: number])[] = [
  [-8, 0.12],
  [-7, 0.05],
  [-6, 0.15],
  [-5, 0.28],
  [0, 0.12],
  [1, 0.18],
  [5.5, 0.05],
  [8, 0.05],
];
/** Of the day's mails: those that new leads get at once, and of these the part that one large list brings at 14:00 UTC. */
const parts = { atOnce: 0.2, ofWhichList: 0.6, listAt: 14 * hour } as const;
/** Windows from nine to five: waits that ended overnight come due when they open, the rest over the eight hours. */
const window = { from: 9 * hour, to: 17 * hour, atOpening: 0.35 } as const;

/**
 * One day of one account, ten seconds at a time: leads come, are enrolled as fast as functions, Step Functions and the send queue's age
 * let them (core/backpressure.ts), get their first mail at once; mails of runs come due in windows; senders keep to SES's rate
 * (lib/settings.ts). Queues are first in, first out. The day runs until both queues are empty, for at most a second one.
 */
export const simulateDay = (plan: DayPlan): Day => {
  const settings = readSettings({ sendsPerSecond: plan.sendsPerSecond, enrolmentsAtOnce: plan.enrolmentsAtOnce });
  const { functions, perFunction } = sendPacing(settings);
  const enrolsPerSecond = Math.min(plan.enrolmentsAtOnce * 10, quotas.startExecutionPerSecond.large);
  const [sends, enrols] = [fifo(), fifo()];
  const seen = { sent: 0, worstAge: 0, behind: 0, longestEnrol: 0, waiting: 0, peak: 0 };
  for (let at = 0; at < 48 * hour; at += step) {
    if (at < 24 * hour) {
      enrols.add(at, plan.mails * parts.atOnce * arriving(at));
      sends.add(at, plan.mails * (1 - parts.atOnce) * comingDue(at));
    } else if (sends.size() < 1 && enrols.size() < 1) break;
    const age = sends.age(at);
    const now = toInstant(begin + at * 1000);
    const share = plan.isPressedBack ? shareEnrolled({ seconds: age, at: now }, now) : 1;
    sends.add(at, enrols.take(enrolsPerSecond * step * share));
    // A day's quota is a rolling one at SES; here it begins anew at midnight.
    const quotaLeft = plan.quota * (Math.floor(at / (24 * hour)) + 1) - seen.sent;
    const sent = sends.take(Math.min(functions * perFunction * step, quotaLeft));
    seen.sent += sent;
    seen.worstAge = Math.max(seen.worstAge, age);
    seen.behind += age > slowing.fromSeconds ? step : 0;
    seen.longestEnrol = Math.max(seen.longestEnrol, enrols.age(at));
    seen.waiting = Math.max(seen.waiting, enrols.size());
    seen.peak = Math.max(seen.peak, sent / step);
  }
  return {
    sent: Math.round(seen.sent),
    left: Math.round(Math.abs(sends.size() + enrols.size())),
    worstAgeMinutes: seen.worstAge / 60,
    minutesBehind: seen.behind / 60,
    longestEnrolMinutes: seen.longestEnrol / 60,
    enrolWaiting: Math.round(seen.waiting),
    peakAnswers: seen.peak,
    peakWriteUnits: (seen.peak * perLead.writeUnits) / mailsPerLead,
    functions: functions + eventFunctions(settings) + plan.enrolmentsAtOnce,
    dollars: costOf(scaledUsage(perLead, seen.sent / mailsPerLead)).total,
  };
};

/** Parts of the day's new leads within this step: a list at once, the others evenly. */
const arriving = (at: number): number => (at === parts.listAt ? parts.ofWhichList : 0) + ((1 - parts.ofWhichList) * step) / (24 * hour);

const comingDue = (at: number): number =>
  zones.reduce((sum, [offset, share]) => {
    const local = (((at + offset * hour) % (24 * hour)) + 24 * hour) % (24 * hour);
    const opening = local >= window.from && local < window.from + step ? window.atOpening : 0;
    const during = local >= window.from && local < window.to ? ((1 - window.atOpening) * step) / (window.to - window.from) : 0;
    return sum + share * (opening + during);
  }, 0);

/** Counts in the order in which they came. */
const fifo = () => {
  const waiting: { readonly at: number; count: number }[] = [];
  let first = 0;
  let size = 0;
  return {
    add: (at: number, count: number): void => {
      if (count <= 0) return;
      waiting.push({ at, count });
      size += count;
    },
    take: (most: number): number => {
      let taken = 0;
      while (first < waiting.length && taken < most) {
        const head = waiting[first] as { count: number };
        const some = Math.min(head.count, most - taken);
        head.count -= some;
        taken += some;
        if (head.count <= 1e-9) first++;
      }
      size -= taken;
      return taken;
    },
    age: (now: number): number => (first < waiting.length ? now - (waiting[first] as { at: number }).at : 0),
    size: () => size,
  };
};

/** The days that docs/scale.md shows. */
export const shownDays: readonly DayPlan[] = [
  { mails: 10_000_000, sendsPerSecond: 125, enrolmentsAtOnce: 30, isPressedBack: true, quota: 12_000_000 },
  { mails: 10_000_000, sendsPerSecond: 250, enrolmentsAtOnce: 30, isPressedBack: true, quota: 12_000_000 },
  { mails: 10_000_000, sendsPerSecond: 250, enrolmentsAtOnce: 30, isPressedBack: false, quota: 12_000_000 },
  { mails: 10_000_000, sendsPerSecond: 500, enrolmentsAtOnce: 30, isPressedBack: true, quota: 12_000_000 },
  { mails: 10_000_000, sendsPerSecond: 250, enrolmentsAtOnce: 5, isPressedBack: true, quota: 12_000_000 },
  { mails: 10_000_000, sendsPerSecond: 250, enrolmentsAtOnce: 30, isPressedBack: true, quota: 8_000_000 },
];
