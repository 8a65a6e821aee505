import type { BriefFacts, BriefNotice } from '#core/brief/facts';
import { briefBlocks } from '#core/brief/slack';
import { subjectOf } from '#core/brief/words';
import { type LiveConfig, type NotifyBy, type Rep, salesDefaults } from '#core/config';
import { permanentError } from '#core/errors';
import type { Use } from '#core/handlers';
import { HandoffStepInput } from '#core/messages';
import { eventOfNotice } from '#core/sales-events';
import type { SalesTask } from '#core/sales-task';
import { findPresentLead } from '#lambdas/aliases';
import { onInvoke } from '#lambdas/runtime';
import { factsFor, mailOf, sendBrief } from './compose-brief.ts';

type Handler = Use<'notify-sales'>;

/**
 * Tells a rep of a task: by mail, in Slack, and the bus. Each way and notice once a rep, as the task remembers; an answer that was lost
 * on the way may tell it twice: for sales, twice is better than never.
 */
export const notifySales = (use: Handler) => async (event: unknown) => {
  const { taskId, leadId, notice = 'new' } = HandoffStepInput.parse(event);
  const [task, lead, live] = await Promise.all([use.salesTasks.find(taskId), findPresentLead(use, leadId), use.config.live()]);
  if (!task || !lead) return { notified: false } as const;
  const rep = readerOf(live, task, notice);
  if (!rep) return { notified: false } as const;
  const history = await use.histories.ofLead(lead.leadId);
  const facts = factsFor(use, { task, lead, live, history, notice, rep });
  for (const way of live.sales.notify ?? salesDefaults.notify) {
    const key = `${way.by === 'slack' ? `slack ${way.channel}` : 'mail'} ${notice} ${rep.rep}${markOf(task, notice)}`;
    if (task.told?.[key] !== undefined) continue;
    await (way.by === 'slack' ? post(use, way, rep, facts) : sendBrief(use, mailOf(facts, rep, live)));
    await use.salesTasks.markTold(taskId, key, use.clock.now());
  }
  const key = `bus ${notice} ${rep.rep}${markOf(task, notice)}`;
  if (task.told?.[key] === undefined) {
    await use.salesEvents.emit(eventOfNotice({ ...task, rep: rep.rep }, kindOf[notice]));
    await use.salesTasks.markTold(taskId, key, use.clock.now());
  }
  if (task.notifiedAt === undefined) await use.salesTasks.markNotified(taskId, use.clock.now());
  use.log.info('sales notified', { taskId, leadId, notice, rep: rep.rep });
  return { notified: true } as const;
};

const kindOf = {
  new: 'created',
  remind: 'reminded',
  reassigned: 'reassigned',
  escalated: 'escalated',
  'taken-back': 'taken-back',
} as const;

/** A task may come back to the same rep in a later turn, which is news again. */
const markOf = ({ turn = 0 }: SalesTask, notice: BriefNotice): string => (notice === 'new' || turn === 0 ? '' : ` ${turn}`);

/** Who has it; of a task that was taken back, who had it, if still in the team. */
const readerOf = ({ sales }: LiveConfig, { rep: name, log = [] }: SalesTask, notice: BriefNotice): Rep | undefined => {
  if (notice === 'taken-back') {
    const before = log.findLast((it) => it.from !== undefined)?.from;
    return sales.team.find((it) => it.rep === before && it.rep !== name);
  }
  const rep = sales.team.find((it) => it.rep === name) ?? sales.team.find((it) => it.role === 'manager');
  if (!rep) throw permanentError('nobody in sales.yaml can take the task');
  return rep;
};

const post = async (use: Handler, { channel }: NotifyBy & { readonly by: 'slack' }, rep: Rep, facts: BriefFacts): Promise<void> => {
  const posted = await use.teamChat.post(channel, `${subjectOf(facts)} (${rep.rep})`, briefBlocks(facts, rep.rep));
  if (posted === 'no-channel') throw permanentError(`there is no channel ${channel} in the secret of the stack (docs/logic.md)`);
  if (posted === 'refused') throw permanentError(`Slack refused the brief for ${channel}`);
};

export const handler = onInvoke(notifySales);
