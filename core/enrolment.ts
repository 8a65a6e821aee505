import type { Instant } from './instant.ts';
import type { ZoneChoice } from './time-zone.ts';

/** Why nurture ends for an enrolment, weakest first. Of two, the higher stays; nothing ever clears one. */
export const stopReasons = ['qualified', 'exit', 'goal', 'replied', 'unsubscribed', 'suppressed', 'erased', 'merged'] as const;
export type StopReason = (typeof stopReasons)[number];
/** `goal`, `exit` and `replied` weigh the same: the first stays. */
export const stopRank: { readonly [reason in StopReason]: number } = {
  qualified: 1,
  exit: 2,
  goal: 2,
  replied: 2,
  unsubscribed: 3,
  suppressed: 4,
  erased: 5,
  // A sender that finds no profile takes it for an erasure; the merge knows better.
  merged: 6,
};

export type Stop = { readonly reason: StopReason; readonly at: Instant };
export type EnrolmentKey = { readonly leadId: string; readonly sequence: string; readonly enrolmentId: string };

/** `completed` and exits by an `exit` step are natural ends; a stop's reason outranks both; `failed` is ours to repair. */
export type Ending = 'completed' | 'exited' | 'stopped' | 'failed';

/** Why a leg after the first began. `id`: what asked for it, so that asking again changes nothing. Absent: the leg before it was full. */
export type LegReason = { readonly why: 'recovered' | 'migrated' | 'recycled'; readonly id: string };

/** What webhooks answered, by `<step>.<name>`. */
export type Answers = { readonly [stepAndName: string]: string | number | boolean };

/** The row ENROLMENT#<sequence>#<enrolmentId>. The machine writes `token`, `step`, `awaiting`, `gsi1*`, `ending`, `endedAt`. */
export type Enrolment = EnrolmentKey & {
  readonly leg: number;
  /** Where this leg begins; absent or '': at the first step. */
  readonly startAt?: string;
  /** When this leg was written; absent: with the enrolment. */
  readonly legStartedAt?: Instant;
  readonly legBecause?: LegReason;
  /** This leg sits out what is left of a wait that an earlier leg began, then begins at `startAt`. */
  readonly rest?: { readonly step: string; readonly until: Instant };
  /** Of the leg before, whose machine is to be woken so that it ends. */
  readonly formerToken?: string;
  /** How often a leg was begun because the one before failed or was lost. */
  readonly recoveries?: number;
  /** Content hash of the sequence version; written by enrol, corrected by the first state of the running machine. */
  readonly version: string;
  readonly enrolledAt: Instant;
  readonly trigger: string;
  /** Arm by split step. */
  readonly arms: { readonly [split: string]: string };
  /** Experiments that it is part of, by split: what was compared when it began, and who had won by then. */
  readonly trials?: { readonly [split: string]: { readonly design: string; readonly winner?: string } };
  /** Awaited event keys that happened, with the time of the first. Only ever added to. */
  readonly seen: { readonly [eventKey: string]: Instant };
  readonly answers?: Answers;
  readonly stop?: Stop;
  readonly stopRank?: number;
  /** Where the machine is parked. Stale (and benign) once it has gone on. */
  readonly token?: string;
  readonly step?: string;
  /** The event keys that the parked wait-for awaits. */
  readonly awaiting?: readonly string[];
  /** The parked wait-for counts only events from when it parked (`since: here`). */
  readonly sinceHere?: boolean;
  /** When the machine parked (or, for planned waits, the planned moment), and seconds to add for the due time. */
  readonly gsi1pk?: string;
  readonly gsi1sk?: Instant;
  readonly waitSeconds?: number;
  /** When the state that parked was entered; of an e-mail's, with the attempt at it behind. */
  readonly entered?: string;
  /** A timer ends the wait, and the watchdog where that fails: the machine itself does not (docs/decisions/0046). */
  readonly timed?: true;
  readonly ending?: Ending;
  readonly endedAt?: Instant;
  /** The step at which the run ended: an exit step, or the state that failed. */
  readonly endedBy?: string;
  /** Whose time its hours went by when it began, where the lead's own zone was not known. */
  readonly zone?: ZoneChoice;
  /** As they were when it began; the lead's mail from all sequences goes by them (core/caps.ts). */
  readonly priority?: number;
  readonly group?: string;
  /** Parked right before an e-mail that counts. */
  readonly speaks?: boolean;
  /** Ended by an exit step: as what. */
  readonly endedAs?: 'goal' | 'exit';
  /** Failed: the error name that the machine caught. */
  readonly failure?: string;
};
