import { addSeconds, type Instant } from '#core/instant';
import { logEvidence, logUnevenness, type Tally } from './evidence.ts';
import type { Arm, ArmCount, ExperimentState } from './rows.ts';

/**
 * Where an experiment stands. collecting: too few leads yet; too-early: it must run longer; uneven: arms do not get their shares, so
 * its figures cannot be trusted; undecided: no arm is better for sure yet, `ahead` by the figures; won.
 */
export type Judgement =
  | { readonly state: 'collecting'; readonly fewest: number }
  | { readonly state: 'too-early'; readonly from: Instant }
  | { readonly state: 'uneven' }
  | { readonly state: 'undecided'; readonly ahead?: string }
  | { readonly state: 'won'; readonly arm: string };

/** How likely it is that an experiment whose arms fill as they should is called uneven, however often one looks. */
const unevenRisk = 0.001;

const none: ArmCount = { leads: 0, conversions: 0, open: 0 };
export const tallyOf = ({ name, share }: Arm, counts: { readonly [arm: string]: ArmCount } | undefined): Tally => ({
  share,
  ...(counts?.[name] ?? none),
});

export const riskOf = ({ confidence }: ExperimentState['rule']): number => (100 - confidence) / 100;

/**
 * Pure: the figures decide, and `now` only whether it is too early. An arm has won when it does better than each of the others, each
 * with the risk divided by the number of arms: so the chance that one ever wins that is not the best stays below the risk.
 */
export const judgeExperiment = ({ rule, arms, verdict, figures }: ExperimentState, now: Instant): Judgement => {
  const rivals = arms.filter((it) => !it.holdout).map((it) => ({ name: it.name, tally: tallyOf(it, figures?.trial) }));
  const fewest = Math.min(...rivals.map((it) => it.tally.leads));
  if (fewest < rule.leadsPerArm) return { state: 'collecting', fewest };
  const from = addSeconds(verdict?.since ?? now, rule.notBeforeSeconds);
  if (now < from) return { state: 'too-early', from };
  if (logUnevenness(arms.map((it) => tallyOf(it, figures?.trial))) > Math.log(1 / unevenRisk)) return { state: 'uneven' };
  const least = Math.log(rivals.length / riskOf(rule));
  const [first, ...others] = rivals.toSorted((one, other) => rateOf(other.tally) - rateOf(one.tally));
  if (!first || others.some((it) => rateOf(it.tally) === rateOf(first.tally))) return { state: 'undecided' };
  const hasWon = others.every((it) => logEvidence(first.tally, it.tally) >= least);
  return hasWon ? { state: 'won', arm: first.name } : { state: 'undecided', ahead: first.name };
};

export const rateOf = ({ leads, conversions }: Pick<Tally, 'leads' | 'conversions'>): number => (leads === 0 ? 0 : conversions / leads);
