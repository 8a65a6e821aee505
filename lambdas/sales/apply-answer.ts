import { moveBy, stopsCompany } from '#core/answer-effects';
import type { LiveConfig } from '#core/config';
import { retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import { lifecycleOf } from '#core/lifecycle';
import { ownLists } from '#core/lists';
import { AnswerMessage } from '#core/messages';
import type { History } from '#core/ports';
import { eventOfAnswer } from '#core/sales-events';
import type { SalesTask, TaskAnswer } from '#core/sales-task';
import { domainOf } from '#core/stop-list';
import { findPresentLead } from '#lambdas/aliases';
import { countNow } from '#lambdas/count-changes';
import { onQueue } from '#lambdas/runtime';
import { tellOfChanges } from '#lambdas/tell-of-changes';

type Handler = Use<'apply-answer'>;

/**
 * What follows from the answers of a task: the lead's stage and score, the stop list, the counters, the bus, and the machine that
 * waits. Each has a key of its own, so that a repeat changes nothing; "done" is written last.
 */
export const applyAnswer =
  (use: Handler) =>
  async ({ taskId }: AnswerMessage): Promise<void> => {
    const task = await use.salesTasks.find(taskId);
    if (!task) return use.log.warn('answer to an unknown task', { taskId });
    const live = await use.config.live();
    for (const [at, answer] of task.answers.entries()) {
      if (at < (task.applied ?? 0)) continue;
      await applyOne(use, task, answer, live);
      await use.salesTasks.markApplied(taskId, at + 1);
      use.log.info('answer applied', { taskId, leadId: task.leadId, answer: answer.answer });
    }
  };

const applyOne = async (use: Handler, task: SalesTask, answer: TaskAnswer, live: LiveConfig): Promise<void> => {
  const lead = await findPresentLead(use, task.leadId);
  // Of somebody who was erased nothing is told, and nothing is kept.
  if (lead) {
    if (lead.handoff?.taskId === task.taskId) throw retryableError('the handoff itself is not on record yet');
    const rules = live.sales.answers;
    const begun = use.clock.now();
    const move = moveBy(task, answer, lead.stage, rules);
    await use.stages.record(lead.leadId, move);
    await putWhereItIs(use, lead.leadId, live);
    await tellOfChanges(use, lead.leadId, ['stage']);
    // Another lead went into it: a rep who has that one's task is not to be asked any more.
    if (lead.absorbed && answer.answer === 'accept') await use.wakeQueue.push({ leadId: lead.leadId, changed: ['stage'] });
    if (stopsCompany(answer, rules)) await stopCompany(use, task, answer, domainOf(lead.email));
    await countNow(use, lead.leadId, begun, withoutMove(move.id));
    await use.salesEvents.emit(eventOfAnswer(task, answer));
  }
  await wakeMachine(use, task);
};

/** The profile says what the record does, where nobody wrote in between. */
const putWhereItIs = async (use: Handler, leadId: string, live: LiveConfig): Promise<void> => {
  const history = await use.histories.ofLead(leadId);
  const { lead, moves } = history;
  if (!lead) return;
  const { stage } = lifecycleOf({ lead, ledger: history, moves, live, now: use.clock.now() });
  if (stage === lead.stage) return;
  if ((await use.leads.moveStage(leadId, lead.stage, stage)) === 'refused') throw retryableError('the lead was moved by somebody else');
  use.log.info('lead moved', { leadId, from: lead.stage, to: stage });
};

const withoutMove =
  (id: string) =>
  (history: History): History => ({ ...history, moves: history.moves.filter((it) => it.id !== id) });

/** Half the world has an address at a provider's: that is no company. */
const stopCompany = async (use: Handler, { taskId }: SalesTask, { at, by, reason = '' }: TaskAnswer, domain: string): Promise<void> => {
  if (ownLists['free-mail']?.includes(domain)) return;
  const done = await use.stopList.add({ domain, at, by, reason, taskId });
  use.log.info('company stopped', { taskId, done });
};

/** It looks at the task itself; whether it waits, has gone on or has ended is all the same here. */
const wakeMachine = async (use: Handler, { taskId }: SalesTask): Promise<void> => {
  const token = await use.salesTasks.wake(taskId);
  if (token !== undefined) await use.tokens.fail(token, 'Halt', 'answered');
};

export const handler = onQueue(AnswerMessage, applyAnswer);
