import { alarmMessages } from '#core/alarm-messages';
import type { Use } from '#core/handlers';
import { toEpoch, toInstant } from '#core/instant';
import type { Lead } from '#core/lead';
import { ReceivedMessage } from '#core/notice-messages';
import { receivedMailPrefix } from '#core/object-keys';
import { classifyReply } from '#core/replies/classify-reply';
import { failedCheck, tokensIn, writerOf } from '#core/replies/received';
import type { Header, ReplyVerdict } from '#core/replies/reply';
import type { SendRecord } from '#core/sending';
import { onQueue } from '#lambdas/runtime';
import { tellReply } from '#lambdas/tell-reply';

type Handler = Use<'take-reply'>;
type Writer = { readonly lead: Lead; readonly answered?: SendRecord };

/** SES writes it once, to see that it may write. */
const setupKey = `${receivedMailPrefix}AMAZON_SES_SETUP_NOTIFICATION`;

/**
 * A mail came in: who wrote it, to which of our mails, and what is it? By its address, which we signed; else by its sender. Nothing of
 * it goes further but ids; the mail itself stays where it is for some days, also when nobody knows whose it is.
 */
export const takeReply =
  (use: Handler) =>
  async ({ key, at: stored }: ReceivedMessage): Promise<void> => {
    if (key === setupKey) return;
    const mail = key.slice(key.lastIndexOf('/') + 1);
    const received = await use.replyMail.read(key);
    if (!received) return use.log.warn('received mail is gone', { mail });
    const failed = failedCheck(received.headers);
    if (failed) return use.log.info('received mail dropped', { mail, reason: failed });
    const at = toInstant(toEpoch(stored));
    const verdict = classifyReply(received, at.slice(0, 10));
    const writer = (await byToken(use, received.headers)) ?? (await bySender(use, received.headers));
    if (!writer) return ofNobody(use, mail, verdict);
    const { lead, answered } = writer;
    const { email } = writerOf(received.headers);
    await tellReply(use, {
      leadId: lead.leadId,
      eventId: `reply-${mail}`,
      at,
      verdict,
      ...(email !== undefined && { addressId: use.ids.leadId(email) }),
      ...(answered && { topic: (await use.artifacts.get(answered.sequence, answered.version)).topic }),
      about: { mail: key, ...(answered && { sequence: answered.sequence, step: answered.step }) },
    });
  };

/** The send is looked for under whom the lead is now: what was sent to a lead that went into another went along. */
const byToken = async (use: Handler, headers: readonly Header[]): Promise<Writer | undefined> => {
  for (const token of tokensIn(headers)) {
    const claims = use.links.verifyReply(token);
    const lead = claims && (await findLead(use, claims.leadId));
    if (!lead) continue;
    const answered = (await use.sends.ofLead(lead.leadId)).find((it) => use.links.sendMarkOf(it) === claims.sendMark);
    return { lead, ...(answered && { answered }) };
  }
  return undefined;
};

const bySender = async (use: Handler, headers: readonly Header[]): Promise<Writer | undefined> => {
  const { email, isForged } = writerOf(headers);
  if (email === undefined || isForged) return undefined;
  const lead = await findLead(use, use.ids.leadId(email));
  return lead && { lead };
};

const findLead = async (use: Handler, id: string): Promise<Lead | undefined> => use.leads.find(await use.aliases.resolve(id));

/** A person who is not known may still want something; a robot does not. */
const ofNobody = (use: Handler, mail: string, { kind }: ReplyVerdict): void => {
  if (kind === 'human' || kind === 'unsubscribe-request') use.log.error(alarmMessages['reply-of-nobody'], { mail, kind });
  else use.log.info('automatic mail of nobody known dropped', { mail, kind });
};

export const handler = onQueue(ReceivedMessage, takeReply);
