import { type Holding, type Sales, salesDefaults } from './config.ts';
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

/** What happened to a task, in order; with the moves of its lead's stage this is its timeline. */
export const taskEvents = ['held', 'assigned', 'reminded', 'reassigned', 'escalated', 'do-not-email', 'unanswered', 'cancelled'] as const;
export type TaskEvent = (typeof taskEvents)[number];
export type TaskLogEntry = {
  readonly at: Instant;
  readonly what: TaskEvent;
  readonly because: string;
  /** Who has it from then on; cancelled: who has the person by another task. */
  readonly rep?: string;
  /** Who had it before. */
  readonly from?: string;
};

/** What a choice among reps was made on, so that it can be made again: shares and credits before it (core/fair-share.ts). */
export type RouteRecord = {
  /** The rule of sales.yaml that decided, or manager. */
  readonly rule: string;
  /** Among whom, by weight. `owed`: leads that each was short of (more than 0) or had in advance. */
  readonly among: readonly { readonly rep: string; readonly weight: number; readonly owed: number }[];
  /** Who would have been asked, and why not. */
  readonly passedOver: readonly { readonly rep: string; readonly because: string }[];
};

/** A task, with all that follows from it, is over so long after it was made; a lead is recycled until then at most. */
export const longestTaskSeconds = 345 * 86_400;

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
  /** Since when it is held, and why. Stays when it is released. */
  readonly heldSince?: Instant;
  readonly heldBecause?: string;
  readonly route?: RouteRecord;
  readonly log?: readonly TaskLogEntry[];
  /** Raised by each change of who has it, or of what was done about its answer; absent: 0. */
  readonly turn?: number;
  /** What the machine is to tell sales of, and the turn that brought it. */
  readonly toTell?: { readonly notice: 'remind' | 'reassign' | 'escalate'; readonly turn: number };
  /** Nobody could take it over from a rep who is gone: when to look again. */
  readonly lookAt?: Instant;
  /** Which actions for a late answer were taken, and when. */
  readonly breaches?: { readonly [action: string]: Instant };
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
  /** Of what a rep was told, by what way, and when: `mail new ruth`. */
  readonly told?: { readonly [key: string]: Instant };
  /** So many of the answers have had their effect. */
  readonly applied?: number;
};

/** What becomes of leads that sales has no room for. */
export const holdingOf = ({ holding }: Pick<Sales, 'holding'>): Holding => holding ?? salesDefaults.holding;

/** Who has the person by another task, of a task that was cancelled for that. */
export const keptBy = ({ status, log = [] }: Pick<SalesTask, 'status' | 'log'>): string | undefined =>
  status === 'cancelled' ? log.findLast((it) => it.what === 'cancelled')?.rep : undefined;

/** One line of a task's timeline. */
export const taskEventInWords = ({ what, rep = '', from }: TaskLogEntry): string => {
  switch (what) {
    case 'held':
      return 'held until sales has room';
    case 'assigned':
      return `handed to ${rep}`;
    case 'reminded':
      return `${rep} was reminded`;
    case 'reassigned':
      return from === undefined ? `stays with ${rep}` : `passed on from ${from} to ${rep}`;
    case 'escalated':
      return from === undefined ? `stays with ${rep}` : `escalated to ${rep}`;
    case 'do-not-email':
      return 'sales was told not to e-mail';
    case 'unanswered':
      return `${rep} has not answered either`;
    case 'cancelled':
      return rep === '' ? 'is no task any more' : `is no task any more: ${rep} has the lead`;
  }
};
