import { type Cost, costOf, type Usage } from '#core/cost';
import { addSeconds } from '#core/instant';
import { ownSteps } from '#core/sequences/rounds';
import { mostOn } from '#core/warm-up';
import { lambdaPerCall } from '#local/meter';
import type { DayFigures, SequenceFigures, StepFigures } from '#local/report/figures';
import { type Handoffs, handoffsOf } from './handoffs.ts';
import { type NeverReached, neverReached } from './never-reached.ts';
import type { Pause, Plan, Version } from './plan.ts';
import type { SalesDesk } from './sales-queue.ts';
import type { Simulated } from './simulate.ts';
import { countOf, sumsBy, type Tally, under } from './tally.ts';

export type SimulatedDay = DayFigures & {
  readonly together: number;
  /** Of brand.yaml's warm-up, where the day has one. */
  readonly warmUp?: number;
};
export type ReasonFigures = { readonly reason: string; readonly sequence: string; readonly count: number };

/** Everything that a simulation says. Without a clock or a machine in it: the same plan, the same bytes. */
export type SimulationReport = {
  readonly seed: string;
  readonly startAt: string;
  readonly days: number;
  readonly leads: number;
  /** As many as there were to be, when it was interrupted. */
  readonly ofLeads?: number;
  readonly imported: { readonly [word: string]: number };
  readonly rejected: { readonly [reason: string]: number };
  readonly enrolments: number;
  readonly emails: number;
  readonly quota?: number;
  /** Days on which more would go than SES lets through in a day. */
  readonly daysOverQuota: number;
  readonly emailsPerDay: readonly SimulatedDay[];
  readonly emailsPerLead: readonly { readonly emails: number; readonly leads: number }[];
  readonly capsHit: number;
  readonly deferred: readonly ReasonFigures[];
  readonly skipped: readonly ReasonFigures[];
  readonly notEnrolled: readonly ReasonFigures[];
  readonly sequences: readonly SequenceFigures[];
  readonly neverReached: readonly NeverReached[];
  readonly qualified: number;
  readonly daysToQualify: readonly { readonly days: number; readonly leads: number }[];
  readonly medianDaysToQualify?: number;
  readonly handoffs: Handoffs;
  readonly pauses: readonly Pause[];
  readonly deadLetters: number;
  readonly usage: Usage;
  readonly costUsd: Cost;
  readonly costPerLead: number;
  readonly costPerQualified?: number;
  readonly callsByHandler: { readonly [handler: string]: number };
};

export type ReportOptions = { readonly quota?: number; readonly desk?: SalesDesk };

/** Caps and what stands beside them: another e-mail was in the way. */
const restraints: readonly string[] = ['capped', 'too-close', 'yields', 'group-busy'];

export const simulationReport = (
  plan: Plan,
  version: Version,
  { leads, tallies, pauses }: Pick<Simulated, 'leads' | 'tallies' | 'pauses'>,
  { quota, desk }: ReportOptions = {},
  which = 0,
): SimulationReport => {
  const tally = tallies[which] ?? new Map<string, number>();
  const usage = usageIn(tally);
  const costUsd = costOf(usage);
  const emailsPerDay = daysOf(plan, version, tally);
  const sequences = version.compiled
    .map(({ artifact }) => sequenceOf(tally, artifact))
    .filter((it) => it.enrolments > 0 || !isConfirming(version, it));
  const daysToQualify = under(tally, 'qualified-after')
    .map((it) => ({ days: Number(it.at[0]), leads: it.count }))
    .sort((one, other) => one.days - other.days);
  const qualified = daysToQualify.reduce((sum, it) => sum + it.leads, 0);
  const deferred = reasonsOf(tally, 'deferred');
  return {
    seed: plan.seed,
    startAt: plan.startAt,
    days: plan.days,
    leads: countOf(tally, 'leads'),
    ...(leads < plan.leads && { ofLeads: plan.leads }),
    imported: sumsBy(tally, 'import'),
    rejected: sumsBy(tally, 'rejected'),
    enrolments: sequences.reduce((sum, it) => sum + it.enrolments, 0),
    emails: emailsPerDay.reduce((sum, it) => sum + it.together, 0),
    ...(quota !== undefined && { quota }),
    daysOverQuota: quota === undefined ? 0 : emailsPerDay.filter((it) => it.together > quota).length,
    emailsPerDay,
    emailsPerLead: under(tally, 'mails-to-one')
      .map((it) => ({ emails: Number(it.at[0]), leads: it.count }))
      .sort((one, other) => one.emails - other.emails),
    capsHit: deferred.filter((it) => restraints.includes(it.reason)).reduce((sum, it) => sum + it.count, 0),
    deferred,
    skipped: reasonsOf(tally, 'skipped'),
    notEnrolled: reasonsOf(tally, 'not-enrolled'),
    sequences,
    neverReached: neverReached(version, sequences),
    qualified,
    daysToQualify,
    ...(qualified > 0 && { medianDaysToQualify: medianOf(daysToQualify, qualified) }),
    handoffs: handoffsOf(tally, plan, version.live, desk),
    pauses: pauses[which] ?? [],
    deadLetters: Object.values(sumsBy(tally, 'dead-letters')).reduce((sum, it) => sum + it, 0),
    usage,
    costUsd,
    costPerLead: rounded(costUsd.total / Math.max(1, countOf(tally, 'leads'))),
    ...(qualified > 0 && { costPerQualified: rounded(costUsd.total / qualified) }),
    callsByHandler: sumsBy(tally, 'handler'),
  };
};

const rounded = (dollars: number): number => Math.round(dollars * 1e6) / 1e6;

const usageIn = (tally: Tally): Usage => {
  const unit = (name: string) => countOf(tally, 'usage', name);
  return {
    emails: unit('emails'),
    transitions: unit('transitions'),
    lambdaRequests: unit('lambdaRequests'),
    lambdaGbSeconds: rounded(unit('lambdaRequests') * lambdaPerCall),
    writeUnits: unit('writeUnits'),
    readUnits: unit('halfReadUnits') / 2,
    queueRequests: unit('queueRequests'),
    busEvents: unit('busEvents'),
    scheduled: unit('scheduled'),
    httpRequests: unit('httpRequests'),
    logBytes: unit('logBytes'),
  };
};

const daysOf = ({ startAt, days }: Plan, { compiled, live }: Version, tally: Tally): readonly SimulatedDay[] => {
  const names = compiled.map((it) => it.artifact.sequence);
  return Array.from({ length: days + 1 }, (_, at) => {
    const date = addSeconds(startAt, at * 86_400).slice(0, 10);
    const sent = Object.fromEntries(names.map((it) => [it, countOf(tally, 'mails', date, it)]));
    const warmUp = mostOn(live.brand, date);
    return { date, sent, together: Object.values(sent).reduce((sum, it) => sum + it, 0), ...(warmUp !== undefined && { warmUp }) };
  });
};

const reasonsOf = (tally: Tally, outcome: string): readonly ReasonFigures[] => {
  const sums = new Map<string, number>();
  for (const { at, count } of under(tally, 'decided', outcome)) {
    const key = `${at[0]}\t${at[1]}`;
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return [...sums]
    .map(([key, count]) => ({ reason: key.split('\t')[0] ?? '', sequence: key.split('\t')[1] ?? '', count }))
    .sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
};

type Artifact = Version['compiled'][number]['artifact'];

const sequenceOf = (tally: Tally, { sequence, version, stepIds, emails }: Artifact): SequenceFigures => {
  const figures = new Map<string, Record<string, number>>();
  for (const { at, count } of under(tally, 'step', sequence)) {
    const [step = '', figure = ''] = at;
    figures.set(step, { ...figures.get(step), [figure]: count });
  }
  const ways = under(tally, 'way', sequence).map(({ at: [from = '', to = '', label = ''], count }) => ({ from, to, label, count }));
  const leaving = (from: string) => ways.reduce((sum, it) => sum + (it.from === from ? it.count : 0), 0);
  return {
    sequence,
    version,
    enrolments: countOf(tally, 'enrolments', sequence),
    steps: ownSteps(stepIds).map((step): StepFigures => {
      const { entered = 0, waiting = 0, stopped = 0, sent = 0, opened = 0, clicked = 0, unsubscribed = 0 } = figures.get(step) ?? {};
      return { step, entered, waiting, stopped, ...(emails[step] && { sent, opened, clicked, unsubscribed }) };
    }),
    ways: ways.map((it) => ({ ...it, share: Math.round((it.count / leaving(it.from)) * 1000) / 1000 })),
    endings: sumsBy(tally, 'ending', sequence),
  };
};

/** A sequence that only asks to confirm, and nobody was asked. */
const isConfirming = ({ compiled }: Version, { sequence }: SequenceFigures): boolean =>
  compiled.some(({ artifact }) => artifact.sequence === sequence && artifact.lawfulBasis === 'confirmation');

const medianOf = (histogram: SimulationReport['daysToQualify'], all: number): number => {
  let before = 0;
  for (const { days, leads } of histogram) {
    before += leads;
    if (before * 2 >= all) return days;
  }
  return 0;
};
