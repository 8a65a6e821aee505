import * as z from 'zod';

/** Queue messages about what a person must hear of, and of mail that came in: ids only. Apart from the others, for the sender reads none. */

const Id = z.string().min(1).max(80);

/** What went wrong with a sequence, or which arm of a split has won: `step` is the split then. */
const TroubleNotice = z.strictObject({
  kind: z.enum(['sequence-paused', 'complained', 'rejected', 'rendering-failed', 'winner-published', 'winner-advised']),
  sequence: Id,
  step: Id.optional(),
  leadId: Id.optional(),
  /** sequence-paused: why, in words. No personal data. winner-…: the arm. */
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

/** A step of a sequence tells the team; the words are in the artifact of the version. */
const StepNotice = z.strictObject({
  kind: z.literal('told'),
  by: z.enum(['slack', 'email']),
  leadId: Id,
  sequence: Id,
  version: Id,
  step: Id,
  at: z.string(),
});
export type StepNotice = z.output<typeof StepNotice>;

/** A rep asked for a new link to a task. */
const TaskLinkNotice = z.strictObject({ kind: z.literal('task-link'), taskId: Id, rep: Id, at: z.string() });
export type TaskLinkNotice = z.output<typeof TaskLinkNotice>;

/** The month's budget (brand.yaml) is four fifths spent, or spent. */
const BudgetNotice = z.strictObject({
  kind: z.enum(['budget-nearly-spent', 'budget-spent']),
  month: z.string().regex(/^\d{4}-\d\d$/),
  usd: z.number(),
  at: z.string(),
});
export type BudgetNotice = z.output<typeof BudgetNotice>;

/** Something that a person must hear of -> notices queue. */
export const NoticeMessage = z.discriminatedUnion('kind', [TroubleNotice, ReplyNotice, StepNotice, TaskLinkNotice, BudgetNotice]);
export type NoticeMessage = z.output<typeof NoticeMessage>;
export const isBudgetNotice = (notice: NoticeMessage): notice is BudgetNotice =>
  notice.kind === 'budget-nearly-spent' || notice.kind === 'budget-spent';
export const isReplyNotice = (notice: NoticeMessage): notice is ReplyNotice => notice.kind === 'replied' || notice.kind === 'left-company';

/** A mail that came in was stored -> replies queue. */
export const ReceivedMessage = z.strictObject({ key: z.string().min(1).max(200), at: z.iso.datetime() });
export type ReceivedMessage = z.output<typeof ReceivedMessage>;
