import { permanentError, retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import { NoticeMessage } from '#core/messages';
import { renderNotice } from '#core/notice';
import { onQueue } from '#lambdas/runtime';

type Handler = Use<'send-notice'>;

/** Mails the owner of a sequence what must not go unnoticed. A lost answer may mail it twice: twice is better than never. */
export const sendNotice = (use: Handler) => async (notice: NoticeMessage) => {
  const [artifacts, live] = await Promise.all([use.artifacts.current(), use.config.live()]);
  const owner = artifacts.find((it) => it.sequence === notice.sequence)?.owner ?? live.brand.sender.replyTo ?? live.brand.sender.address;
  const { subject, text, html } = renderNotice(notice, live.brand);
  const sent = await use.mail.send({
    from: { name: live.brand.sender.name, address: live.brand.sender.address },
    to: owner,
    subject,
    html,
    text,
    headers: [],
    tags: { kind: 'notice', sequence: notice.sequence },
  });
  if (sent.result === 'rejected') throw permanentError(`the mail service refused the notice: ${sent.reason}`);
  if (sent.result === 'throttled' || sent.result === 'circuit') throw retryableError(`the notice could not be sent now: ${sent.reason}`);
  use.log.info('owner told', { sequence: notice.sequence, kind: notice.kind });
};

export const handler = onQueue(NoticeMessage, sendNotice);
