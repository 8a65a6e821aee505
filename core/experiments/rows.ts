import type { Instant } from '#core/instant';
import type { Artifact, Experiment } from '#core/sequences/model';

/** A split whose leads are compared, by the names of its rows. */
export type ExperimentKey = { readonly sequence: string; readonly split: string; readonly design: string };
export const experimentName = ({ split, design }: Pick<ExperimentKey, 'split' | 'design'>): string => `${split}#${design}`;

export type Arm = { readonly name: string; readonly share: number; readonly holdout: boolean };
/** What is asked of a split now: written by the tick, so that who reads figures needs no artifact. */
export type Asked = { readonly design: string; readonly rule: Experiment['rule']; readonly arms: readonly Arm[] };

/** `rule`: it won by its figures; `hand`: somebody said so. */
export type Published = { readonly arm: string; readonly at: Instant; readonly by: 'rule' | 'hand' };
/**
 * What was decided on a design. `since`: when it was seen first. `advised`: it won, and somebody is to decide. Once something was
 * published, only a hand changes it: `withdrawnAt` says that new leads are split again.
 */
export type Verdict = {
  readonly since: Instant;
  readonly advised?: { readonly arm: string; readonly at: Instant };
  readonly published?: Published;
  readonly withdrawnAt?: Instant;
};

/**
 * Leads by arm. `trial`: whose arm was by chance; `after`: who entered once a winner was published. `open`: their time is not over
 * yet, so they count nowhere.
 */
export type ArmCount = { readonly leads: number; readonly conversions: number; readonly open: number };
export type Figures = {
  readonly asOf: Instant;
  readonly trial: { readonly [arm: string]: ArmCount };
  readonly after: { readonly [arm: string]: ArmCount };
};

/** All that is known of a split that has a rule now. */
export type ExperimentState = ExperimentKey & Asked & { readonly verdict?: Verdict; readonly figures?: Figures };

export type Running = ExperimentKey & Experiment & { readonly arms: readonly Arm[] };

export const runningIn = (artifacts: readonly Pick<Artifact, 'sequence' | 'splits' | 'experiments'>[]): readonly Running[] =>
  artifacts.flatMap(({ sequence, splits, experiments = {} }) =>
    Object.entries(experiments).map(([split, it]) => ({ ...it, sequence, split, arms: splits[split] ?? [] })),
  );

/** Published arms by `<split>#<design>`. */
export type Winners = { readonly [splitAndDesign: string]: string };
