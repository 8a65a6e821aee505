import type { Instant } from './instant.ts';

export type Touch = { readonly at: Instant; readonly what: string };

/**
 * Where a task stands. holding: for later, as sales has no room today; open: a rep has it and has not answered; accepted: by a rep, who
 * may yet say won or lost; cancelled: nothing is to be done any more (the lead was erased, or left where sales.yaml drops it).
 */
export const taskStatuses = ['holding', 'open', 'accepted', 'rejected', 'recycled', 'won', 'lost', 'cancelled'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const answerKinds = ['accept', 'reject', 'recycle', 'won', 'lost'] as const;
export type AnswerKind = (typeof answerKinds)[number];

/** What sales said of a task. accept, reject and recycle exclude each other: the first stays; won and lost come after accept. */
export type TaskAnswer = {
  readonly answer: AnswerKind;
  readonly at: Instant;
  /** The rep; of the API, the rep whom the caller names. */
  readonly by: string;
  readonly via: 'page' | 'api';
  /** reject, recycle, lost: one of those in sales.yaml. */
  readonly reason?: string;
  /** recycle: nothing before this. */
  readonly until?: Instant;
  /** won: in whole units of `currency` (ISO 4217). */
  readonly amount?: number;
  readonly currency?: string;
};

/** What sales receives. The row TASK#<taskId> / TASK. */
export type SalesTask = {
  readonly taskId: string;
  readonly leadId: string;
  readonly createdAt: Instant;
  readonly status: TaskStatus;
  /** In the order in which they were given. */
  readonly answers: readonly TaskAnswer[];
  /** When a rep got it; absent while it is held. */
  readonly releasedAt?: Instant;
  /** The rep must have answered by then. */
  readonly acceptBy?: Instant;
  /** The lead left our mail after it was handed off. */
  readonly doNotEmail?: true;
  /** '' while nobody has it. */
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
