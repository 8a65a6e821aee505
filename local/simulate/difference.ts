import type { Sample } from './compare.ts';
import { totalsOf } from './difference-totals.ts';
import { estimate, type Margins, samplingOf } from './estimate.ts';
import type { Plan, Version } from './plan.ts';
import { asSample, figuresOf, type ReportOptions, type SimulationReport } from './report.ts';
import type { Counts, Simulated } from './simulate.ts';
import { countOf, type Tally, under } from './tally.ts';

export type MailChange = {
  readonly email: string;
  readonly more: number;
  readonly less: number;
  readonly earlier: number;
  readonly later: number;
};
export type EndingChange = { readonly sequence: string; readonly before: string; readonly after: string; readonly leads: number };
export type CopyFigures = { readonly had: string; readonly gets: string; readonly leads: number };

/** The same leads and the same draws under two versions: `before` is what --against names. */
export type DifferenceReport = {
  readonly before: SimulationReport;
  readonly after: SimulationReport;
  readonly same: number;
  readonly different: number;
  readonly leads: { readonly [what: string]: number };
  readonly mails: readonly MailChange[];
  readonly shifts: { readonly [how: string]: number };
  readonly endings: readonly EndingChange[];
  readonly qualified: { readonly [what: string]: number };
  /** The new version sends one text twice to a lead. */
  readonly sentTwice: readonly CopyFigures[];
  /** It sends under another name what the old one sent: who has it already gets it again. */
  readonly underAnotherName: readonly CopyFigures[];
  readonly samples: readonly Sample[];
  /** Of a sample: so many leads were run, and what stands here is scaled. */
  readonly sampled?: number;
  readonly neverReachedAtMost?: number;
  /** Of a sample: what is more or less of each total. The same people are in both, so that it is surer than the totals are. */
  readonly changes?: { readonly [total: string]: number };
  readonly margins?: Margins<Omit<DifferenceReport, 'margins'>>;
};

export const differenceReport = (
  plan: Plan,
  versions: readonly [Version, Version],
  simulated: Simulated,
  options: ReportOptions,
): DifferenceReport => {
  const { samples, pauses } = simulated;
  const sampling = samplingOf(plan, simulated);
  const reportOf = (counts: Counts, which: 0 | 1): SimulationReport =>
    figuresOf({ plan, version: versions[which], options, pauses: pauses[which] ?? [] }, counts, which, sampling);
  const figures = (counts: Counts) => differencesIn(counts, reportOf(counts, 0), reportOf(counts, 1), samples);
  if (!sampling) return figures(simulated);
  const { figures: all, margins } = estimate(sampling, (it) => {
    const one = figures(it);
    return { ...one, changes: changesIn(one) };
  });
  const { before, after, ...others } = margins ?? {};
  const tell = (which: 0 | 1, report: SimulationReport, of: Margins<SimulationReport> | undefined) =>
    asSample(report, of, { plan, version: versions[which], sampling, which });
  const told = { before: tell(0, all.before, before), after: tell(1, all.after, after) };
  const { sampled = 0, neverReachedAtMost = 0 } = told.after;
  return { sampled, neverReachedAtMost, ...all, ...told, ...(margins && { margins: others }) };
};

const changesIn = (it: DifferenceReport): { readonly [total: string]: number } =>
  Object.fromEntries(totalsOf(it).map(({ name, of }) => [name, of(it.after) - of(it.before)]));

const differencesIn = (
  { difference }: Counts,
  before: SimulationReport,
  after: SimulationReport,
  samples: readonly Sample[],
): DifferenceReport => ({
  before,
  after,
  same: countOf(difference, 'same'),
  different: countOf(difference, 'different'),
  leads: sums(difference, 'leads'),
  mails: mailChanges(difference),
  shifts: sums(difference, 'shift'),
  endings: under(difference, 'ending')
    .map(({ at: [sequence = '', one = '', other = ''], count }) => ({ sequence, before: one, after: other, leads: count }))
    .sort((one, other) => other.leads - one.leads),
  qualified: sums(difference, 'qualified'),
  sentTwice: copies(difference, 'twice'),
  underAnotherName: copies(difference, 'moved'),
  samples,
});

const sums = (tally: Tally, name: string): { readonly [what: string]: number } =>
  Object.fromEntries(under(tally, name).map(({ at, count }) => [at[0] ?? '', count]));

const mailChanges = (tally: Tally): readonly MailChange[] => {
  const found = new Map<string, MailChange>();
  for (const {
    at: [email = '', how = ''],
    count,
  } of under(tally, 'mail')) {
    const known = found.get(email) ?? { email, more: 0, less: 0, earlier: 0, later: 0 };
    const field = how === 'new' ? 'more' : how === 'no more' ? 'less' : how === 'earlier' ? 'earlier' : 'later';
    found.set(email, { ...known, [field]: known[field] + count });
  }
  return [...found.values()];
};

const copies = (tally: Tally, kind: string): readonly CopyFigures[] =>
  under(tally, 'copy', kind)
    .map(({ at: [had = '', gets = ''], count }) => ({ had, gets, leads: count }))
    .sort((one, other) => other.leads - one.leads);
