import { renderBrief } from '#core/brief';
import { permanentError, retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import { HandoffStepInput } from '#core/messages';
import { findPresentLead } from '#lambdas/aliases';
import { onInvoke } from '#lambdas/runtime';

type Handler = Use<'notify-sales'>;

/** Mails the brief to the rep. A lost answer may mail it twice: for sales, twice is better than never. */
export const notifySales = (use: Handler) => async (event: unknown) => {
  const { taskId, leadId } = HandoffStepInput.parse(event);
  const [task, lead, live] = await Promise.all([use.salesTasks.find(taskId), findPresentLead(use, leadId), use.config.live()]);
  if (!task || task.notifiedAt !== undefined || !lead) return { notified: task?.notifiedAt !== undefined } as const;
  const rep = live.sales.team.find((it) => it.rep === task.rep) ?? live.sales.team.find((it) => it.role === 'manager');
  if (!rep) throw permanentError('nobody in sales.yaml can take the task');
  const brief = renderBrief(task, lead, live);
  const sent = await use.mail.send({
    from: { name: live.brand.sender.name, address: live.brand.sender.address },
    to: rep.email,
    subject: brief.subject,
    html: brief.html,
    text: brief.text,
    headers: [],
    tags: { kind: 'sales-task', task: taskId },
  });
  if (sent.result === 'rejected') throw permanentError(`the mail service refused the brief: ${sent.reason}`);
  if (sent.result === 'throttled' || sent.result === 'circuit') throw retryableError(`the brief could not be sent now: ${sent.reason}`);
  await use.salesTasks.markNotified(taskId, use.clock.now());
  use.log.info('sales notified', { taskId, leadId });
  return { notified: true } as const;
};

export const handler = onInvoke(notifySales);
