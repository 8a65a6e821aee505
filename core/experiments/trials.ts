import type { LiveConfig } from '#core/config';
import type { Enrolment } from '#core/enrolment';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import { settled } from '#core/ledger';
import type { History } from '#core/ports';
import { type JudgedEvent, judgedInOrder } from '#core/scoring';
import type { ArmCount, ExperimentKey, Figures, Running } from './rows.ts';

type Given = {
  readonly history: Pick<History, 'events' | 'sends' | 'enrolments'>;
  readonly live: Pick<LiveConfig, 'scoring'>;
  readonly running: readonly Running[];
  readonly asOf: Instant;
};

/** Sums by cell: the experiment, `trial` or `after`, the arm, and what is counted. */
export type TrialSums = { readonly [cell: string]: number };
type What = keyof ArmCount;
const parting = '\t';
const cellOf = ({ sequence, split, design }: ExperimentKey, phase: 'trial' | 'after', arm: string, what: What): string =>
  [sequence, split, design, phase, arm, what].join(parting);

/**
 * What one lead adds to the experiments that it is part of: the truth, of which figures are sums. A lead counts once, with the first
 * run that began under this design, from the moment that its time is over; whether it came as far as the split does not matter.
 */
export const trialsOf = ({ history, live, running, asOf }: Given): readonly string[] => {
  if (running.length === 0) return [];
  const mine = running.flatMap((it) => {
    const run = firstRunOf(history.enrolments, it);
    return run ? [{ it, run }] : [];
  });
  if (mine.length === 0) return [];
  const events = judgedInOrder(settled(history), live.scoring);
  return mine.flatMap(({ it, run }) => {
    const arm = run.arms[it.split] ?? '';
    const phase = run.trials?.[it.split]?.winner === undefined ? 'trial' : 'after';
    const until = addSeconds(run.enrolledAt, it.rule.withinSeconds);
    if (toEpoch(until) > toEpoch(asOf)) return [cellOf(it, phase, arm, 'open')];
    const isConverted = hasConverted(it, run, events, until);
    return [cellOf(it, phase, arm, 'leads'), ...(isConverted ? [cellOf(it, phase, arm, 'conversions')] : [])];
  });
};

const firstRunOf = (enrolments: readonly Enrolment[], { sequence, split, design, under }: Running): Enrolment | undefined =>
  enrolments
    .filter((it) => it.sequence === sequence && it.trials?.[split]?.design === design)
    .filter(({ arms }) => Object.entries(under).every(([outer, arm]) => arms[outer] === arm))
    .sort((one, other) => toEpoch(one.enrolledAt) - toEpoch(other.enrolledAt) || (one.enrolmentId < other.enrolmentId ? -1 : 1))[0];

const hasConverted = ({ rule, mails, events: goals }: Running, run: Enrolment, events: readonly JudgedEvent[], until: Instant): boolean => {
  const isInTime = (epoch: number) => epoch >= toEpoch(run.enrolledAt) && epoch <= toEpoch(until);
  const some = (is: (event: JudgedEvent) => boolean) => events.some((it) => isInTime(it.epoch) && is(it));
  switch (rule.by) {
    case 'goal':
      return some((it) => goals.includes(it.name)) || (run.endedAs === 'goal' && isInTime(toEpoch(run.endedAt ?? '')));
    case 'click':
      return some(
        (it) => it.name === 'clicked' && it.verdict.by === 'human' && it.enrolmentId === run.enrolmentId && mails.includes(it.step ?? ''),
      );
    case 'reply':
      return some(
        ({ name, reply }) =>
          name === 'replied' && reply?.sequence === run.sequence && (reply.step === undefined || mails.includes(reply.step)),
      );
  }
};

export const addTrials = (sums: Record<string, number>, cells: readonly string[]): void => {
  for (const cell of cells) sums[cell] = (sums[cell] ?? 0) + 1;
};

/** The figures of every experiment that runs, also of one without leads. */
export const figuresFrom = (sums: readonly TrialSums[], running: readonly Running[], asOf: Instant): ReadonlyMap<Running, Figures> => {
  const all: Record<string, number> = {};
  for (const part of sums) for (const [cell, count] of Object.entries(part)) all[cell] = (all[cell] ?? 0) + count;
  const countsIn = (it: Running, phase: 'trial' | 'after') =>
    Object.fromEntries(
      it.arms.map(({ name }) => {
        const of = (what: What) => all[cellOf(it, phase, name, what)] ?? 0;
        return [name, { leads: of('leads'), conversions: of('conversions'), open: of('open') }];
      }),
    );
  return new Map(running.map((it) => [it, { asOf, trial: countsIn(it, 'trial'), after: countsIn(it, 'after') }]));
};
