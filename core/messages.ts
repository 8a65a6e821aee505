import * as z from 'zod';

/** Queue messages and machine payloads: ids only, never an address, a name or a subject. */

const Id = z.string().min(1).max(80);

/** State of kind e-mail -> send queue. `enteredAt` is the state's; nothing is sent later than `notAfterSeconds` past it. */
export const SendMessage = z.strictObject({
  leadId: Id,
  enrolmentId: Id,
  leg: z.number().int().min(1),
  sequence: Id,
  version: Id,
  step: Id,
  round: z.number().int().min(1),
  token: z.string().min(1),
  enteredAt: z.string(),
  notAfterSeconds: z.number().int().min(1),
});
export type SendMessage = z.output<typeof SendMessage>;

/** Machine -> plan-step (`step`: the wait or e-mail to plan for) and evaluate-branch (`step`: the branch). */
export const StepInput = z.strictObject({ leadId: Id, enrolmentId: Id, leg: z.number().int().min(1), sequence: Id, version: Id, step: Id });
export type StepInput = z.output<typeof StepInput>;

/** Something triggered a sequence for a lead -> enrol queue. `trigger` is the event id that makes a repeat the same enrolment. */
export const EnrolMessage = z.strictObject({
  leadId: Id,
  sequence: Id,
  trigger: z.string().min(1),
  startAt: z.string().optional(),
  leg: z.number().int().min(1).optional(),
});
export type EnrolMessage = z.output<typeof EnrolMessage>;

/** A page or tick wrote an authoritative fact about this lead -> wake queue. */
export const WakeMessage = z.strictObject({ leadId: Id });
export type WakeMessage = z.output<typeof WakeMessage>;

/** What went wrong with a sequence. */
const TroubleNotice = z.strictObject({
  kind: z.enum(['sequence-paused', 'complained', 'rejected', 'rendering-failed']),
  sequence: Id,
  step: Id.optional(),
  leadId: Id.optional(),
  /** sequence-paused: why, in words. No personal data. */
  why: z.string().max(500).optional(),
  at: z.string(),
});
export type TroubleNotice = z.output<typeof TroubleNotice>;

/** A lead answered, or a robot says that it works there no longer. `mail`: where the answer is kept, if it came to us. */
const ReplyNotice = z.strictObject({
  kind: z.enum(['replied', 'left-company']),
  leadId: Id,
  sequence: Id.optional(),
  step: Id.optional(),
  mail: z.string().min(1).max(200).optional(),
  at: z.string(),
});
export type ReplyNotice = z.output<typeof ReplyNotice>;

/** Something that a person must hear of -> notices queue. */
export const NoticeMessage = z.discriminatedUnion('kind', [TroubleNotice, ReplyNotice]);
export type NoticeMessage = z.output<typeof NoticeMessage>;
export const isReplyNotice = (notice: NoticeMessage): notice is ReplyNotice => notice.kind === 'replied' || notice.kind === 'left-company';

/** A mail that came in was stored -> replies queue. */
export const ReceivedMessage = z.strictObject({ key: z.string().min(1).max(200), at: z.iso.datetime() });
export type ReceivedMessage = z.output<typeof ReceivedMessage>;

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
};

/** Input of the handoff machine; `holdSeconds` at least 1. */
export const HandoffInput = z.strictObject({ taskId: Id, leadId: Id, holdSeconds: z.number().int().min(1) });
export type HandoffInput = z.output<typeof HandoffInput>;
export const HandoffStepInput = z.strictObject({ taskId: Id, leadId: Id });
