import type { Usage } from '#core/cost';
import type { Instant } from '#core/instant';
import type { LeadTouch } from './touches.ts';

/** The way from a lead to a customer. Whoever came further came by all before: each step holds who got there or beyond. */
export const funnelSteps = ['lead', 'entered', 'mailed', 'engaged', 'mql', 'sal', 'sql', 'won'] as const;
export type FunnelStep = (typeof funnelSteps)[number];
/** When a step was reached first, as it is on record. */
export type Reached = { readonly [step in FunnelStep]?: Instant };

/** A move to one of these. */
export type Mark = { readonly to: FunnelStep | 'lost'; readonly at: Instant };

/** A lead's first run in a sequence, and what became of the lead since. */
export type RunFacts = {
  readonly sequence: string;
  readonly version: string;
  /** `split=arm` of every split; '' without one. */
  readonly arm: string;
  readonly reached: Reached;
  readonly lost?: Instant;
};

const slaStates = ['kept', 'missed', 'open', 'none'] as const;
export type TaskFacts = {
  readonly at: Instant;
  readonly rep: string;
  readonly status: string;
  readonly reached: Reached;
  readonly lost?: Instant;
  readonly verdict?: 'accept' | 'reject' | 'recycle';
  readonly verdictAt?: Instant;
  /** Of a reject or recycle, and of a loss. */
  readonly reason?: string;
  readonly lostReason?: string;
  readonly sla: (typeof slaStates)[number];
  readonly sequences: readonly string[];
  /** Scoring rules among its reasons, in the words of scoring.yaml. */
  readonly rules: readonly string[];
};

/** `cents`: hundredths of the currency's unit; 0 where nobody said what it was worth. */
export type WinFacts = { readonly at: Instant; readonly cents: number; readonly currency: string; readonly touches: readonly LeadTouch[] };

/** What a report needs of one lead: no name, no address, no field but where the lead came from. */
export type LeadFacts = {
  readonly source: string;
  readonly reached: Reached;
  readonly lost?: Instant;
  /** Every time that sales got it, rejected it and so on is in `tasks`; here every move to mql, sal, sql, won and lost. */
  readonly moves: readonly Mark[];
  readonly runs: readonly RunFacts[];
  readonly tasks: readonly TaskFacts[];
  readonly wins: readonly WinFacts[];
  readonly mails: number;
  /** Operations that the lead's rows speak of. */
  readonly usage: Usage;
};

export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
