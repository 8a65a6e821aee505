import type { Instant } from './instant.ts';
import type { ContentKept } from './sequences/newest-content.ts';

/** Key of a send: enrolment + step + round. */
export type SendKey = { readonly leadId: string; readonly enrolmentId: string; readonly step: string; readonly round: number };

/**
 * CLAIMED: a sender works on it, until the lease ends. CALLING: SES may have been called. SENT, FAILED, CANCELLED,
 * SKIPPED: final. UNKNOWN: SES may or may not have taken it. ASSUMED_SENT: unsettled for 24 hours, counts as sent.
 * RELEASED: deferred, a later attempt claims again.
 */
const sendStates = ['CLAIMED', 'CALLING', 'SENT', 'FAILED', 'SKIPPED', 'UNKNOWN', 'ASSUMED_SENT', 'CANCELLED', 'RELEASED'] as const;
export type SendState = (typeof sendStates)[number];

/** What the sender tells the machine. `due` holds the moment at which each wait that follows directly must end. */
export type StepAnswer = {
  readonly outcome: 'sent' | 'assumed-sent' | 'unknown' | 'failed' | 'skipped' | 'planned' | 'branched';
  readonly reason?: string;
  readonly arm?: string;
  readonly due: { readonly [waitState: string]: Instant };
};

/** The same, as the machine gets it: seconds of at least 1 from the moment of the answer, and the moment itself. */
export type MachineAnswer = {
  readonly outcome: StepAnswer['outcome'];
  readonly arm?: string;
  readonly waits: {
    readonly [waitState: string]: { readonly seconds: number; readonly at: Instant; readonly is?: 'wait' | 'reached' | 'none' };
  };
};

/** The row SEND#<enrolmentId>#<step>#<round>. */
export type SendRecord = SendKey & {
  readonly sequence: string;
  readonly version: string;
  readonly leg: number;
  /** Arms of the run (core/counters.ts) and topic, for the counters. */
  readonly arm?: string;
  readonly topic?: string;
  /** Version whose words went, where that is not the run's own; or why it kept its own (core/sequences/newest-content.ts). */
  readonly contentVersion?: string;
  readonly contentKept?: ContentKept;
  readonly state: SendState;
  /** Grows with every write; every write is conditional on it. */
  readonly revision: number;
  readonly claimedAt: Instant;
  readonly leaseUntil: Instant;
  readonly firstDeferredAt?: Instant;
  readonly deferrals: number;
  /** Times it waited for a pause or the warm-up, which no mail is to blame for. */
  readonly holds?: number;
  /** Day of a warm-up (local, brand's zone) on which this e-mail was counted. */
  readonly countedOn?: string;
  /** The month whose budget has counted it. */
  readonly paidIn?: string;
  readonly calledAt?: Instant;
  readonly sentAt?: Instant;
  readonly messageId?: string;
  /** The reader's mail system took it. */
  readonly deliveredAt?: Instant;
  readonly reason?: string;
  readonly answer?: StepAnswer;
  readonly gsi1pk?: string;
  readonly gsi1sk?: Instant;
};
