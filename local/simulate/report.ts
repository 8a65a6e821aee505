import { type Cost, costOf, type Usage } from '#core/cost';
import { addSeconds } from '#core/instant';
import { mostUnseen } from '#core/margins';
import { mostOn } from '#core/warm-up';
import type { DayFigures, SequenceFigures } from '#local/report/figures';
import { estimate, type Margins, type Sampling, samplingOf } from './estimate.ts';
import { medianOf, rounded, sequenceOf, usageIn } from './from-tally.ts';
import { type Handoffs, handoffsOf } from './handoffs.ts';
import { type NeverReached, neverReached } from './never-reached.ts';
import { possiblePauses } from './pauses.ts';
import { blocksOf, type Pause, type Plan, type Version } from './plan.ts';
import type { SalesDesk } from './sales-queue.ts';
import { chosenBlocks, sharesOf } from './sample.ts';
import type { Counts, Simulated } from './simulate.ts';
import { countOf, sumsBy, type Tally, under } from './tally.ts';

export type SimulatedDay = DayFigures & {
  readonly together: number;
  /** Of brand.yaml's warm-up, where the day has one. */
  readonly warmUp?: number;
  /** Of a sample: its blocks sent all that they may of the day. Scaled figures cannot tell. */
  readonly isWarmUpUsedUp?: boolean;
};
export type ReasonFigures = { readonly reason: string; readonly sequence: string; readonly count: number };

/** Of a sample: its figures are scaled to all leads. */
export type Sampled = {
  /** So many leads were run. */
  readonly sampled: number;
  readonly sampledBlocks: number;
  readonly blocks: number;
  /** With 95 %; too few blocks have none. */
  readonly margins?: Margins<SimulationReport>;
  /** Of all leads, so many at most may come where none of the sampled came, with 95 %. */
  readonly neverReachedAtMost: number;
  /** Days on which it is sure that more would go than the quota, and on which it may be. */
  readonly daysOverQuotaBetween?: readonly [number, number];
  /** Not sure from the sample, and so not done in it. */
  readonly mayPause: readonly Pause[];
};

/** Everything that a simulation says. Without a clock or a machine in it: the same plan, the same bytes. */
export type SimulationReport = Partial<Sampled> & {
  readonly seed: string;
  readonly startAt: string;
  readonly days: number;
  readonly leads: number;
  /** As many as there were to be, when it was interrupted. */
  readonly ofLeads?: number;
  readonly imported: { readonly [word: string]: number };
  readonly rejected: { readonly [reason: string]: number };
  /** Values of a list that were not taken, by column and reason. */
  readonly leftOut?: { readonly [columnAndReason: string]: number };
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

type Told = Pick<Simulated, 'leads' | 'tallies' | 'pauses'> & Partial<Pick<Simulated, 'groups' | 'difference'>>;

export const simulationReport = (plan: Plan, version: Version, told: Told, options: ReportOptions = {}, which = 0): SimulationReport => {
  const simulated = { difference: new Map(), groups: [], ...told };
  const sampling = samplingOf(plan, simulated);
  const pauses = told.pauses[which] ?? [];
  if (!sampling) return figuresOf({ plan, version, options, pauses }, simulated, which);
  const { figures, margins } = estimate(sampling, (it) => figuresOf({ plan, version, options, pauses }, it, which, sampling));
  return asSample(figures, margins, { plan, version, sampling, which });
};

type About = { readonly plan: Plan; readonly version: Version; readonly sampling: Sampling; readonly which: number };

/** What a sample says beside its figures. */
export const asSample = (
  { seed, startAt, days, leads, ...figures }: SimulationReport,
  margins: Margins<SimulationReport> | undefined,
  { plan, version, sampling, which }: About,
): SimulationReport => ({
  ...{ seed, startAt, days, leads },
  sampled: sampling.leads,
  sampledBlocks: chosenBlocks(plan).length,
  blocks: blocksOf(plan),
  neverReachedAtMost: mostUnseen(sampling.leads, sampling.of),
  ...(figures.quota !== undefined && margins && { daysOverQuotaBetween: daysBetween(figures, figures.quota, margins) }),
  mayPause: possiblePauses(sampling.tallies[which] ?? new Map(), version.live, figures.pauses, sampling.scale),
  ...figures,
  ...(margins && { margins }),
});

const daysBetween = (
  { emailsPerDay }: Pick<SimulationReport, 'emailsPerDay'>,
  quota: number,
  margins: Margins<SimulationReport>,
): readonly [number, number] => {
  const marginOn = (at: number) => margins.emailsPerDay?.[at]?.together ?? 0;
  return [
    emailsPerDay.filter((it, at) => it.together - marginOn(at) > quota).length,
    emailsPerDay.filter((it, at) => it.together + marginOn(at) > quota).length,
  ];
};

type Of = { readonly plan: Plan; readonly version: Version; readonly options: ReportOptions; readonly pauses: readonly Pause[] };

/** `sampling`: of which the counts are scaled. */
export const figuresOf = (
  { plan, version, options: { quota, desk }, pauses }: Of,
  { tallies, leads }: Counts,
  which: number,
  sampling?: Sampling,
): SimulationReport => {
  const tally = tallies[which] ?? new Map<string, number>();
  const dueOn = sampling && dueTo(plan, version, sampling);
  const usage = usageIn(tally);
  const costUsd = costOf(usage);
  const emailsPerDay = daysOf(plan, version, tally, dueOn);
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
    ...(under(tally, 'left-out').length > 0 && { leftOut: sumsBy(tally, 'left-out') }),
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
    handoffs: handoffsOf(tally, plan, version.live, desk, dueOn && ((date, atMost) => dueOn(date, atMost, 'tasks'))),
    pauses,
    deadLetters: Object.values(sumsBy(tally, 'dead-letters')).reduce((sum, it) => sum + it, 0),
    usage,
    costUsd,
    costPerLead: rounded(costUsd.total / Math.max(1, countOf(tally, 'leads'))),
    ...(qualified > 0 && { costPerQualified: rounded(costUsd.total / qualified) }),
    callsByHandler: sumsBy(tally, 'handler'),
  };
};

/** What may go of a day's ceiling, scaled as what went is: half of one less, so that rounding decides nothing. */
const dueTo = (plan: Plan, version: Version, { scale }: Sampling) => {
  const shareOn = sharesOf(plan, version);
  return (date: string, atMost: number, of?: 'mails' | 'tasks') => (shareOn(date, atMost, of) - 0.5) * scale;
};

/** Days of which the warm-up is used up. */
export const fullDays = ({ emailsPerDay }: Pick<SimulationReport, 'emailsPerDay'>): number =>
  emailsPerDay.filter((it) => it.isWarmUpUsedUp ?? (it.warmUp !== undefined && it.together >= it.warmUp)).length;

const daysOf = (
  { startAt, days }: Plan,
  { compiled, live }: Version,
  tally: Tally,
  dueOn: ReturnType<typeof dueTo> | undefined,
): readonly SimulatedDay[] => {
  const names = compiled.map((it) => it.artifact.sequence);
  return Array.from({ length: days + 1 }, (_, at) => {
    const date = addSeconds(startAt, at * 86_400).slice(0, 10);
    const sent = Object.fromEntries(names.map((it) => [it, countOf(tally, 'mails', date, it)]));
    const warmUp = mostOn(live.brand, date);
    const together = Object.values(sent).reduce((sum, it) => sum + it, 0);
    if (warmUp === undefined) return { date, sent, together };
    return { date, sent, together, warmUp, ...(dueOn && { isWarmUpUsedUp: together >= dueOn(date, warmUp) }) };
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

/** A sequence that only asks to confirm, and nobody was asked. */
const isConfirming = ({ compiled }: Version, { sequence }: SequenceFigures): boolean =>
  compiled.some(({ artifact }) => artifact.sequence === sequence && artifact.lawfulBasis === 'confirmation');
