import type { Brand } from './config.ts';
import { permissionFor } from './consent.ts';
import { entryByDay } from './date-wait.ts';
import type { Enrolment } from './enrolment.ts';
import { dayOfTrigger, isBecame } from './entry-marks.ts';
import { evaluate, type Facts } from './evaluate-condition.ts';
import { addSeconds, type Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { stopForLead } from './lead-stops.ts';
import type { Suppression } from './ports.ts';
import type { Reason } from './reasons.ts';
import { dateOf, whenOf } from './sequences/enter.ts';
import type { Artifact } from './sequences/model.ts';
import { zoneOf } from './time-zone.ts';

export type EntrySituation = {
  readonly lead: Lead;
  readonly artifact: Artifact;
  /** All of this lead's, of every sequence. */
  readonly enrolments: readonly Enrolment[];
  readonly suppressions: readonly Suppression[];
  readonly facts: Facts;
  /** What lets the lead in. */
  readonly trigger: string;
  readonly brand: Brand;
  readonly now: Instant;
};

/** May this lead enter this sequence now? Pure. */
export const decideEntry = (situation: EntrySituation): { readonly enter: true } | { readonly enter: false; readonly reason: Reason } => {
  const { lead, artifact, suppressions, facts, brand, now } = situation;
  const { sequence, enter } = artifact;
  if (brand.off?.[sequence] !== undefined) return { enter: false, reason: 'sequence-off' };
  const permission = permissionFor(lead, suppressions, artifact, brand);
  if (!permission.may) return { enter: false, reason: permission.because };
  const stop = stopForLead(lead, suppressions, artifact, brand, now);
  if (stop) return { enter: false, reason: stop.reason };
  const earlier = reasonOfEarlier(situation);
  if (earlier) return { enter: false, reason: earlier };
  const since = brand.since?.[sequence];
  if (enter.who === 'new-leads-only' && since !== undefined && lead.createdAt < since) return { enter: false, reason: 'came-before' };
  const changed = reasonOfTrigger(situation);
  if (changed) return { enter: false, reason: changed };
  if (enter.if && !evaluate(enter.if, facts)) return { enter: false, reason: 'entry-condition-false' };
  return { enter: true };
};

/** What was queued may have waited for long, such as for a confirmation. */
const reasonOfTrigger = ({ trigger, artifact: { enter }, lead, facts, brand, now }: EntrySituation): Reason | undefined => {
  const [when, date, day] = [whenOf(enter), dateOf(enter), dayOfTrigger(trigger)];
  if (isBecame(trigger) && when && !evaluate(when.when, facts)) return 'holds-no-more';
  if (day === undefined || !date) return undefined;
  const state = entryByDay(lead.fields, date, day, now, zoneOf(lead, brand).zone);
  return state === 'changed' ? 'day-changed' : state === 'missed' ? 'day-missed' : undefined;
};

const reasonOfEarlier = ({ artifact, enrolments, now }: EntrySituation): Reason | undefined => {
  const earlier = enrolments.filter((it) => it.sequence === artifact.sequence);
  if (earlier.some((it) => it.endedAt === undefined)) return 'already-running';
  const { again } = artifact.enter;
  if (again === 'always' || earlier.length === 0) return undefined;
  if (again === 'never') return 'ran-before';
  if (again === 'after-exit') return earlier.every(endedByExit) ? undefined : 'ran-before';
  const isTooSoon = earlier.some((it) => addSeconds(it.endedAt ?? it.enrolledAt, again.afterSeconds) > now);
  return isTooSoon ? 'ran-before' : undefined;
};

/** By an exit of any kind that is none of the goals; not by its end, nor by a fault. */
const endedByExit = ({ ending, endedAs, stop }: Enrolment): boolean =>
  ending === 'exited' ? endedAs !== 'goal' : ending === 'stopped' && stop?.reason === 'exit';
