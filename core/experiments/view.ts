import type { Instant } from '#core/instant';
import { type Interval, intervalOf, ratioOf } from './evidence.ts';
import { type Judgement, judgeExperiment, rateOf, riskOf, tallyOf } from './judge.ts';
import type { Arm, ArmCount, ExperimentState } from './rows.ts';
import { stateInWords } from './words.ts';

/** A lift of 0.2: a fifth more than the holdout. `upTo` absent: there is no bound yet. */
export type Lift = { readonly by: number; readonly from: number; readonly upTo?: number };
/** `rate`: absent without leads. Intervals hold at every look at once, with the confidence of the rule. */
export type ArmView = ArmCount & {
  readonly arm: string;
  readonly share: number;
  readonly holdout: boolean;
  readonly rate?: { readonly is: number } & Interval;
  /** Against the holdout, once somebody in it has converted. */
  readonly lift?: Lift;
};

export type ExperimentStanding =
  | Judgement['state']
  | 'uncounted'
  /** It has won, and waits for somebody to publish it. */
  | 'advised'
  | 'published'
  | 'withdrawn';

export type ExperimentView = {
  readonly sequence: string;
  readonly split: string;
  readonly rule: ExperimentState['rule'];
  readonly since?: Instant;
  /** When the figures were counted. */
  readonly asOf?: Instant;
  /** Leads whose arm was by chance. */
  readonly arms: readonly ArmView[];
  /** Leads who entered once a winner was published: those who got it, and the holdout. */
  readonly after?: readonly ArmView[];
  readonly state: ExperimentStanding;
  /** The arm that is published, advised or has won; of an undecided one, that which is ahead. */
  readonly arm?: string;
  readonly words: string;
};

export const viewOf = (state: ExperimentState, now: Instant): ExperimentView => {
  const { sequence, split, rule, verdict, figures } = state;
  const judgement = judgeExperiment(state, now);
  const standing = standingOf(state, judgement);
  const after = figures && armViews(state, figures.after).filter((it) => it.leads + it.open > 0);
  return {
    sequence,
    split,
    rule,
    ...(verdict && { since: verdict.since }),
    ...(figures && { asOf: figures.asOf }),
    arms: armViews(state, figures?.trial),
    ...(after && after.length > 0 && { after }),
    ...standing,
    words: stateInWords(state, standing, judgement),
  };
};

export type Standing = { readonly state: ExperimentStanding; readonly arm?: string };

const standingOf = ({ verdict, figures }: ExperimentState, judgement: Judgement): Standing => {
  if (verdict?.published) return { state: 'published', arm: verdict.published.arm };
  if (verdict?.withdrawnAt !== undefined) return { state: 'withdrawn' };
  if (verdict?.advised) return { state: 'advised', arm: verdict.advised.arm };
  if (!figures) return { state: 'uncounted' };
  if (judgement.state === 'won') return judgement;
  if (judgement.state === 'undecided' && judgement.ahead !== undefined) return { state: 'undecided', arm: judgement.ahead };
  return { state: judgement.state };
};

const armViews = (state: ExperimentState, counts: { readonly [arm: string]: ArmCount } | undefined): readonly ArmView[] => {
  const { arms, rule } = state;
  const risk = riskOf(rule);
  const holdout = arms.find((it) => it.holdout);
  const rivals = arms.filter((it) => !it.holdout);
  const isAfter = counts !== undefined && counts === state.figures?.after;
  // Once there is a winner, it has the shares of all arms but holdouts; of two in turn nobody knows who had which leads.
  const shareOf = (arm: Arm) => (isAfter ? rivals.reduce((sum, it) => sum + it.share, 0) : arm.share);
  const hadAllLeads = !isAfter || rivals.filter((it) => tallyOf(it, counts).leads > 0).length < 2;
  return arms.map((arm) => {
    const { leads, conversions } = tallyOf(arm, counts);
    const open = counts?.[arm.name]?.open ?? 0;
    const rate = leads > 0 && { is: rateOf({ leads, conversions }), ...intervalOf(conversions, leads, risk) };
    const isCompared = rule.by === 'goal' && !arm.holdout && hadAllLeads;
    const lift = isCompared && holdout ? liftOf({ ...arm, share: shareOf(arm) }, holdout, counts, risk) : undefined;
    return {
      arm: arm.name,
      share: arm.share,
      holdout: arm.holdout,
      leads,
      conversions,
      open,
      ...(rate && { rate }),
      ...(lift && { lift }),
    };
  });
};

const liftOf = (arm: Arm, holdout: Arm, counts: { readonly [arm: string]: ArmCount } | undefined, risk: number): Lift | undefined => {
  const own = tallyOf(arm, counts);
  const others = tallyOf(holdout, counts);
  if (own.leads === 0 || others.conversions === 0) return undefined;
  const { from, upTo } = ratioOf(own, others, risk);
  return { by: rateOf(own) / rateOf(others) - 1, from: from - 1, ...(Number.isFinite(upTo) && { upTo: upTo - 1 }) };
};
