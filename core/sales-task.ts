import type { Instant } from './instant.ts';

export type Touch = { readonly at: Instant; readonly what: string };

/** What sales receives. The row TASK#<taskId> / TASK. */
export type SalesTask = {
  readonly taskId: string;
  readonly leadId: string;
  readonly createdAt: Instant;
  readonly rep: string;
  /** Why this rep, in words. */
  readonly routedBecause: string;
  readonly fit: number;
  readonly engagement: number;
  /** Fit as a letter, engagement as a number; if scoring.yaml has grades. */
  readonly grade?: string;
  /** Score reasons in words, strongest first. */
  readonly reasons: readonly string[];
  /** Newest first, at most ten. */
  readonly touches: readonly Touch[];
  /** The enrolments that this handoff stopped, as `<sequence>` or `<sequence> at <step>`. */
  readonly from: readonly string[];
  readonly queuedAt?: Instant;
  readonly notifiedAt?: Instant;
};
