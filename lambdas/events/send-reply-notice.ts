import type { LiveConfig } from '#core/config';
import { isAslError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Lead } from '#core/lead';
import type { ReplyNotice } from '#core/notice-messages';
import type { OutgoingEmail, ReceivedMail } from '#core/ports';
import { renderReplyNotice } from '#core/replies/reply-notice';
import { findPresentLead } from '#lambdas/aliases';

type Handler = Use<'send-notice'>;

/** The mail that tells a person of an answer. Whoever answers it writes to the lead; no robot should. */
export const composeReplyNotice = async (use: Handler, notice: ReplyNotice): Promise<OutgoingEmail> => {
  const [lead, live] = await Promise.all([findPresentLead(use, notice.leadId), use.config.live()]);
  const [to, received] = await Promise.all([readerOf(use, notice, lead, live), readKept(use, notice)]);
  const { brand } = live;
  return {
    from: { name: brand.sender.name, address: brand.sender.address },
    to,
    ...(lead && notice.kind === 'replied' && { replyTo: lead.email }),
    ...renderReplyNotice({ notice, brand, lead, received }),
    headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
    tags: { kind: 'notice', notice: notice.kind },
  };
};

/** The rep who has, or had, the lead; else who reads answers; else the owner of the sequence; else where answers went before. */
const readerOf = async (use: Handler, { sequence }: ReplyNotice, lead: Lead | undefined, { brand, sales }: LiveConfig): Promise<string> => {
  const taskId = lead && (lead.handoff?.taskId ?? (lead.handoffs > 0 ? use.ids.taskId(lead.leadId, lead.handoffs) : undefined));
  const task = taskId === undefined ? undefined : await use.salesTasks.find(taskId);
  const rep = task && sales.team.find((it) => it.rep === task.rep)?.email;
  if (rep !== undefined) return rep;
  if (brand.replies?.forwardTo !== undefined) return brand.replies.forwardTo;
  const owner = sequence === undefined ? undefined : (await use.artifacts.current()).find((it) => it.sequence === sequence)?.owner;
  return owner ?? brand.sender.replyTo ?? brand.sender.address;
};

/** Mail that is gone, or may not be read, must not keep anybody from hearing that there was an answer. */
const readKept = async (use: Handler, { mail }: ReplyNotice): Promise<ReceivedMail | undefined> => {
  if (mail === undefined) return undefined;
  try {
    return await use.replyMail.read(mail);
  } catch (error) {
    if (!isAslError(error, 'PermanentError')) throw error;
    use.log.warn('received mail could not be read', { mail });
    return undefined;
  }
};
