import type { Use } from '#core/handlers';
import type { TaskLinkNotice } from '#core/notice-messages';
import type { OutgoingEmail } from '#core/ports';
import { findPresentLead } from '#lambdas/aliases';
import { factsFor, mailOf } from '#lambdas/sales/compose-brief';

/** The brief once more, with a link that works, to whoever has the task: at most once a day, however often somebody asks. */
export const composeTaskLink = async (
  use: Use<'send-notice'>,
  { taskId, rep: name, at }: TaskLinkNotice,
): Promise<{ readonly email: OutgoingEmail; readonly done: () => Promise<void> } | undefined> => {
  const [task, live] = await Promise.all([use.salesTasks.find(taskId), use.config.live()]);
  const key = `link ${name} ${at.slice(0, 10)}`;
  const rep = live.sales.team.find((it) => it.rep === name);
  const isOver = task?.status !== 'open' && task?.status !== 'accepted';
  if (!task || isOver || !rep || task.rep !== name || task.told?.[key] !== undefined) return undefined;
  const lead = await findPresentLead(use, task.leadId);
  if (!lead) return undefined;
  const history = await use.histories.ofLead(lead.leadId);
  const facts = factsFor(use, { task, lead, live, history, notice: 'remind', rep });
  return { email: mailOf(facts, rep, live), done: () => use.salesTasks.markTold(taskId, key, at) };
};
