import * as z from 'zod';
import { readAnswerForm } from '#core/answer-form';
import type { Use } from '#core/handlers';
import { answerKinds, type SalesTask } from '#core/sales-task';
import { giveAnswer } from '#lambdas/give-answer';

type Taking = Pick<Use<'ingest'>, 'salesTasks' | 'answerQueue' | 'config' | 'clock' | 'log'>;
type Reply = { readonly status: 200 | 202 | 404 | 409 | 422; readonly body: object };

const Body = z.strictObject({
  answer: z.enum(answerKinds),
  /** Short name in sales.yaml; absent: whoever has the task. */
  rep: z.string().min(1).max(32).optional(),
  reason: z.string().max(80).optional(),
  /** `2026-09-01`; days begin in the rep's zone. */
  until: z.iso.date().optional(),
  amount: z.number().min(0).max(1e12).optional(),
  currency: z.string().max(3).optional(),
});

/**
 * POST /tasks/<taskId>/answers: an answer of sales from another system, such as a CRM. 202: taken, and its effects follow; 200: the same
 * answer stands already; 409: another one does, or the rep may not; repeats change nothing.
 */
export const takeAnswers =
  (use: Taking) =>
  async (taskId: string, given: unknown): Promise<Reply> => {
    const read = Body.safeParse(given);
    if (!read.success) return { status: 422, body: { error: z.prettifyError(read.error) } };
    const { amount, rep, ...said } = read.data;
    const [task, live] = await Promise.all([use.salesTasks.find(taskId), use.config.live()]);
    if (!task) return { status: 404, body: { error: 'there is no such task' } };
    const by = rep ?? task.rep;
    const zone = live.sales.team.find((it) => it.rep === by)?.timeZone ?? live.brand.timeZone;
    const form = Object.fromEntries(Object.entries({ ...said, ...(amount !== undefined && { amount: String(amount) }) }));
    const known = readAnswerForm(form, live.sales.answers, { now: use.clock.now(), madeAt: task.createdAt, zone });
    if ('problems' in known) return { status: 422, body: { error: 'the answer is not complete', problems: known.problems } };
    const answered = await giveAnswer(use, taskId, withAmount(known.given, amount), { by, via: 'api' });
    if (!answered) return { status: 404, body: { error: 'there is no such task' } };
    return replyTo(answered.decision, answered.task);
  };

/** As it came: in JSON nothing is left to read. */
const withAmount = <Given extends { readonly amount?: number }>(given: Given, amount: number | undefined): Given =>
  given.amount === undefined || amount === undefined ? given : { ...given, amount };

const replyTo = (decision: NonNullable<Awaited<ReturnType<typeof giveAnswer>>>['decision'], { status, answers }: SalesTask): Reply => {
  if (decision.do === 'write') return { status: 202, body: { status, answers } };
  if (decision.do === 'refuse') return { status: 409, body: { error: refusals[decision.why], status, answers } };
  if (decision.isSame) return { status: 200, body: { status, answers } };
  const { by, at, answer } = decision.standing;
  return { status: 409, body: { error: `${by} answered first: ${answer}, ${at}`, status, answers } };
};

const refusals = {
  reassigned: 'the task is with another rep',
  'not-out': 'nobody has the task yet: it waits until sales has room',
  'accept-first': 'won and lost come after accept',
  cancelled: 'the task was cancelled',
  left: 'the rep is in the team no longer',
};
