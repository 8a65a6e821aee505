import * as z from 'zod/mini';

/** Queue messages and machine payloads: ids only, never an address, a name or a subject. */

const Id = z.string().check(z.minLength(1), z.maxLength(80));
const Text = z.string().check(z.minLength(1));
const Count = z.int().check(z.minimum(1));

/** State of kind e-mail -> send queue. `enteredAt` is the state's; nothing is sent later than `notAfterSeconds` past it. */
export const SendMessage = z.strictObject({
  leadId: Id,
  enrolmentId: Id,
  leg: Count,
  sequence: Id,
  version: Id,
  step: Id,
  round: Count,
  token: Text,
  enteredAt: z.string(),
  notAfterSeconds: Count,
  /** Only of the machine's first state: where this leg begins, '' at the first step. */
  startAt: z.optional(z.string()),
  /**
   * Only of a state that sits out the wait behind it: the how-manieth retry of it this is, whose token alone lives. A sender of before
   * there were such states takes no such message: it would answer at once, and the next e-mail would follow on its heels.
   */
  attempt: z.optional(z.int().check(z.minimum(0))),
});
export type SendMessage = z.output<typeof SendMessage>;

/**
 * Machine -> plan-step (`step`: the wait or e-mail to plan for), act-on-lead, call-webhook (`ask`: nobody answered, go on), and evaluate-branch (`step`: the branch; `ask`: the step
 * whose `only-if` is asked about, or the wait-for of which the arm that came first).
 */
export const StepInput = z.strictObject({
  leadId: Id,
  enrolmentId: Id,
  leg: Count,
  sequence: Id,
  version: Id,
  step: Id,
  startAt: z.optional(z.string()),
  ask: z.optional(z.enum(['only-if', 'first', 'give-up'])),
  /** The event keys that woke the wait-for. */
  woken: z.optional(z.array(z.string())),
  /**
   * Only of a state that sits out what it has planned (docs/decisions/0100): its token and attempt, and whether an e-mail that counts
   * follows. A function of before there were such states takes no such call: it would never answer the token.
   */
  sitsOut: z.optional(
    z.strictObject({
      token: Text,
      enteredAt: z.string(),
      attempt: z.int().check(z.minimum(0)),
      speaks: z.optional(z.literal(true)),
    }),
  ),
});
export type StepInput = z.output<typeof StepInput>;

/** Something triggered a sequence for a lead -> enrol queue. `trigger` is the event id that makes a repeat the same enrolment. */
export const EnrolMessage = z.strictObject({
  leadId: Id,
  sequence: Id,
  trigger: Text,
  startAt: z.optional(z.string()),
  leg: z.optional(Count),
});
export type EnrolMessage = z.output<typeof EnrolMessage>;

/**
 * A page or tick wrote an authoritative fact about this lead -> wake queue. `changed`: what of it is another now (core/entry-facts.ts);
 * absent: its stage or what it agreed to.
 */
export const WakeMessage = z.strictObject({ leadId: Id, changed: z.optional(z.array(z.string())) });
export type WakeMessage = z.output<typeof WakeMessage>;

/** Sales answered; what, stands on the task -> answers queue. */
export const AnswerMessage = z.strictObject({ taskId: Id });
export type AnswerMessage = z.output<typeof AnswerMessage>;

export type { NoticeMessage } from './notice-messages.ts';

/** Input of one leg of a sequence machine. `pk` and `sk` are the enrolment row's; `shard` its due partition. */
export type LegInput = {
  readonly leadId: string;
  readonly enrolmentId: string;
  readonly leg: number;
  readonly pk: string;
  readonly sk: string;
  readonly shard: string;
  /** '' starts at the first step. */
  readonly startAt: string;
  readonly arms: { readonly [split: string]: string };
  /** What is left of a wait that an earlier leg began; at least a second. */
  readonly rest?: { readonly step: string; readonly seconds: number; readonly at: string };
};

/** Input of the handoff machine; `holdSeconds` at least 1. */
export const HandoffInput = z.strictObject({ taskId: Id, leadId: Id, holdSeconds: Count });
export type HandoffInput = z.output<typeof HandoffInput>;
/** What sales is told of a task: it is theirs; nobody has answered it; it came from, or went to, another rep; it is late; it is none any more. */
export const handoffNotices = ['new', 'remind', 'reassigned', 'taken-back', 'escalated', 'cancelled'] as const;
export const HandoffStepInput = z.strictObject({ taskId: Id, leadId: Id, notice: z.optional(z.enum(handoffNotices)) });
export type HandoffStepInput = z.output<typeof HandoffStepInput>;
