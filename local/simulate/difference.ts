import type { Sample } from './compare.ts';
import type { Plan, Version } from './plan.ts';
import { type ReportOptions, type SimulationReport, simulationReport } from './report.ts';
import type { Simulated } from './simulate.ts';
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
};

export const differenceReport = (
  plan: Plan,
  [before, after]: readonly [Version, Version],
  simulated: Simulated,
  options: ReportOptions,
): DifferenceReport => {
  const { difference } = simulated;
  return {
    before: simulationReport(plan, before, simulated, options, 0),
    after: simulationReport(plan, after, simulated, options, 1),
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
    samples: simulated.samples,
  };
};

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
