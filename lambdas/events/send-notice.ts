import { permanentError, retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import { renderBudgetNotice, renderNotice } from '#core/notice';
import {
  type BudgetNotice,
  isBudgetNotice,
  isReplyNotice,
  NoticeMessage,
  type TaskLinkNotice,
  type TroubleNotice,
} from '#core/notice-messages';
import type { OutgoingEmail } from '#core/ports';
import { onQueue } from '#lambdas/runtime';
import { composeReplyNotice } from './send-reply-notice.ts';
import { composeStepNotice } from './send-step-notice.ts';
import { composeTaskLink } from './send-task-link.ts';

type Handler = Use<'send-notice'>;

/** Mails a person what must not go unnoticed. A lost answer may mail it twice: twice is better than never. */
export const sendNotice = (use: Handler) => async (notice: NoticeMessage) => {
  if (notice.kind === 'task-link') return sendTaskLink(use, notice);
  for (const email of await mailsOf(use, notice)) await send(use, email);
  use.log.info('owner told', {
    kind: notice.kind,
    ...('sequence' in notice && notice.sequence !== undefined && { sequence: notice.sequence }),
  });
};

const sendTaskLink = async (use: Handler, notice: TaskLinkNotice): Promise<void> => {
  const composed = await composeTaskLink(use, notice);
  if (!composed) return;
  await send(use, composed.email);
  await composed.done();
  use.log.info('new link sent', { taskId: notice.taskId, rep: notice.rep });
};

const mailsOf = async (use: Handler, notice: Exclude<NoticeMessage, TaskLinkNotice>): Promise<readonly OutgoingEmail[]> => {
  if (notice.kind === 'told') return composeStepNotice(use, notice);
  if (isBudgetNotice(notice)) return [await composeBudgetNotice(use, notice)];
  return [isReplyNotice(notice) ? await composeReplyNotice(use, notice) : await composeNotice(use, notice)];
};

const send = async (use: Handler, email: OutgoingEmail): Promise<void> => {
  const sent = await use.mail.send(email);
  if (sent.result === 'rejected') throw permanentError(`the mail service refused the notice: ${sent.reason}`);
  if (sent.result === 'throttled' || sent.result === 'circuit') throw retryableError(`the notice could not be sent now: ${sent.reason}`);
};

const composeNotice = async (use: Handler, notice: TroubleNotice): Promise<OutgoingEmail> => {
  const [artifacts, live] = await Promise.all([use.artifacts.current(), use.config.live()]);
  const { sender } = live.brand;
  return {
    from: { name: sender.name, address: sender.address },
    to: artifacts.find((it) => it.sequence === notice.sequence)?.owner ?? sender.replyTo ?? sender.address,
    ...renderNotice(notice, live.brand),
    headers: [],
    tags: { kind: 'notice', sequence: notice.sequence },
  };
};

const composeBudgetNotice = async (use: Handler, notice: BudgetNotice): Promise<OutgoingEmail> => {
  const { brand } = await use.config.live();
  const { sender, budget } = brand;
  return {
    from: { name: sender.name, address: sender.address },
    to: budget?.tell ?? sender.replyTo ?? sender.address,
    ...renderBudgetNotice(notice, brand),
    headers: [],
    tags: { kind: 'notice' },
  };
};

export const handler = onQueue(NoticeMessage, sendNotice);
