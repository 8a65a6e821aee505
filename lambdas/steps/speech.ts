import { type CountedMail, countedForSeconds, mailKey, roomFor, type Speech } from '#core/caps';
import { decideSend, type SendDecision, type SendSituation, speakerOf } from '#core/decide-send';
import { retryableError } from '#core/errors';
import { addSeconds } from '#core/instant';
import type { MailCount, Ports } from '#core/ports';

type Reading = {
  readonly countedMails: Pick<Ports['countedMails'], 'ofLead'>;
  readonly enrolments: Pick<Ports['enrolments'], 'ofLead'>;
};
type Taking = Reading & { readonly countedMails: Pick<Ports['countedMails'], 'ofLead' | 'take'> };

export type ReadSpeech = Speech & { readonly count: MailCount };

/** What mail the lead got and is going to get, read consistently. The runs come first: who speaks meanwhile is then in the count. */
export const readSpeech = async (use: Reading, leadId: string): Promise<ReadSpeech> => {
  const runs = await use.enrolments.ofLead(leadId);
  const count = await use.countedMails.ofLead(leadId);
  return { runs, mails: count.mails, count };
};

/** Several senders may ask for the same place at once: each that is refused looks again. */
const attempts = 12;

/** Gives this e-mail its place in the count, unless another took the last one meanwhile. Its own place stays its own at a repeat. */
export const takePlace = async (use: Taking, at: SendSituation & { readonly speech?: ReadSpeech | undefined }): Promise<SendDecision> => {
  const { caps } = at.live.brand;
  if (!at.speech || !caps) return { do: 'send' };
  const { record, now } = at;
  const since = addSeconds(now, -countedForSeconds(caps));
  let speech = at.speech;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if ((await use.countedMails.take(record.leadId, mailOf(at), since, speech.count)) === 'taken') return { do: 'send' };
    speech = await readSpeech(use, record.leadId);
    const decision = decideSend({ ...at, speech });
    if (decision.do !== 'send') return decision;
  }
  throw retryableError('too many e-mails to one lead at this moment');
};

/** When the run's next e-mail has room; `went`: this one takes up some. */
export const roomAfter = (at: SendSituation, went: boolean) => {
  const { speech, live, now } = at;
  if (!speech || !live.brand.caps) return undefined;
  const speaker = speakerOf(at);
  const mails = speech.mails.filter((it) => it.key !== speaker.key);
  const then = { runs: speech.runs, mails: went ? [...mails, mailOf(at)] : mails };
  return roomFor(live.brand.caps, then, { ...speaker, key: '' }, now);
};

const mailOf = ({ record, now }: SendSituation): CountedMail => ({ key: mailKey(record), enrolmentId: record.enrolmentId, at: now });
