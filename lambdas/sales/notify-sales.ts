import type { BriefFacts, BriefNotice } from '#core/brief/facts';
import { briefBlocks } from '#core/brief/slack';
import { subjectOf } from '#core/brief/words';
import { type LiveConfig, type Rep, salesDefaults } from '#core/config';
import { permanentError } from '#core/errors';
import type { Use } from '#core/handlers';
import { HandoffStepInput } from '#core/messages';
import { eventOfCancelling, eventOfNotice } from '#core/sales-events';
import type { SalesTask } from '#core/sales-task';
import { endToldKey } from '#core/sla';
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
  if (notice === 'cancelled') {
    await tellOnce(use, task, endToldKey(task.rep), () => use.salesEvents.emit(eventOfCancelling(task)));
    if (!hasHeard(task)) return { notified: false } as const;
  }
  if (!rep) return { notified: false } as const;
  const history = await use.histories.ofLead(lead.leadId);
  const facts = factsFor(use, { task, lead, live, history, notice, rep });
  /** Once for this rep and notice, by this way. */
  const once = (way: string, tell: () => Promise<unknown>) =>
    tellOnce(use, task, `${way} ${notice} ${rep.rep}${markOf(task, notice)}`, tell);
  const ways = live.sales.notify ?? salesDefaults.notify;
  const mail = () => once('mail', () => sendBrief(use, mailOf(facts, rep, live)));
  if (ways.some((it) => it.by === 'email')) await mail();
  for (const { channel } of ways.filter((it) => it.by === 'slack')) {
    // A channel that is not there must not keep the task from its rep.
    await once(`slack ${channel}`, async () => (await isPosted(use, channel, rep, facts)) || mail());
  }
  if (notice !== 'cancelled') await once('bus', () => use.salesEvents.emit(eventOfNotice({ ...task, rep: rep.rep }, kindOf[notice])));
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

const tellOnce = async (use: Handler, { taskId, told }: SalesTask, key: string, tell: () => Promise<unknown>): Promise<void> => {
  if (told?.[key] !== undefined) return;
  await tell();
  await use.salesTasks.markTold(taskId, key, use.clock.now());
};

/** Nobody is told of the end of what they never heard of. */
const hasHeard = ({ told = {}, notifiedAt }: SalesTask): boolean =>
  notifiedAt !== undefined || Object.keys(told).some((it) => it.startsWith('mail ') || it.startsWith('slack '));

/** A task may come back to the same rep in a later turn, which is news again. */
const markOf = ({ turn = 0 }: SalesTask, notice: BriefNotice): string =>
  notice === 'new' || notice === 'cancelled' || turn === 0 ? '' : ` ${turn}`;

/** Who has it; of a task that was taken back or cancelled, who had it, if still in the team. */
const readerOf = ({ sales }: LiveConfig, { rep: name, log = [] }: SalesTask, notice: BriefNotice): Rep | undefined => {
  if (notice === 'cancelled') return sales.team.find((it) => it.rep === name);
  if (notice === 'taken-back') {
    const before = log.findLast((it) => it.from !== undefined)?.from;
    return sales.team.find((it) => it.rep === before && it.rep !== name);
  }
  const rep = sales.team.find((it) => it.rep === name) ?? sales.team.find((it) => it.role === 'manager');
  if (!rep) throw permanentError('nobody in sales.yaml can take the task');
  return rep;
};

const isPosted = async (use: Handler, channel: string, rep: Rep, facts: BriefFacts): Promise<boolean> => {
  const posted = await use.teamChat.post(channel, `${subjectOf(facts)} (${rep.rep})`, briefBlocks(facts, rep.rep));
  if (posted !== 'posted') use.log.error('brief not posted', { taskId: facts.taskId, channel, because: posted });
  return posted === 'posted';
};

export const handler = onInvoke(notifySales);
