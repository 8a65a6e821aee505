import { retryableError } from '#core/errors';
import type { Ports } from '#core/ports';
import { type AnswerDecision, decideAnswer, type GivenAnswer } from '#core/sales-answers';
import type { SalesTask, TaskAnswer } from '#core/sales-task';

type Giving = {
  readonly salesTasks: Pick<Ports['salesTasks'], 'find' | 'answer'>;
  readonly answerQueue: Ports['answerQueue'];
  readonly config: Pick<Ports['config'], 'live'>;
} & Pick<Ports, 'clock' | 'log'>;

/** `task`: as it is after. */
export type Answered = { readonly decision: AnswerDecision; readonly task: SalesTask };

const attempts = 5;

/**
 * One conditional write: of many answers at the same moment one stays, and the others are told. Its effects come by the queue, which is
 * also told of an answer that stands already: the message may not have got out then. undefined: there is no such task.
 */
export const giveAnswer = async (
  use: Giving,
  taskId: string,
  given: GivenAnswer,
  who: Pick<TaskAnswer, 'by' | 'via'>,
): Promise<Answered | undefined> => {
  const { sales } = await use.config.live();
  const team = sales.team.map((it) => it.rep);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const task = await use.salesTasks.find(taskId);
    if (!task) return undefined;
    const decision = decideAnswer(task, given, { ...who, at: use.clock.now() }, team);
    if (decision.do === 'write') {
      const { status, answers } = decision;
      if ((await use.salesTasks.answer(task, { status, answers })) === 'refused') continue;
      await use.answerQueue.push({ taskId });
      use.log.info('task answered', { taskId, answer: given.answer, rep: who.by });
      return { decision, task: { ...task, status, answers } };
    }
    if ((task.applied ?? 0) < task.answers.length) await use.answerQueue.push({ taskId });
    return { decision, task };
  }
  throw retryableError('the task is being written by others');
};
