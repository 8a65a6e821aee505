import { alarmMessages } from '#core/alarm-messages';
import { isWorthNoting } from '#core/backpressure';
import { allowanceAt, isExemptFromBudget } from '#core/budget';
import { isRestrained, mailKey } from '#core/caps';
import { armText } from '#core/counters';
import { decideSend, putOff, type SendDecision } from '#core/decide-send';
import { type Grounds, groundsOfSend } from '#core/decision-inputs';
import { composeEmail } from '#core/email';
import { isAslError } from '#core/errors';
import { gateOf } from '#core/gate';
import { rulesFor } from '#core/gentle';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import type { Lead } from '#core/lead';
import { SendMessage } from '#core/messages';
import { planWaits, toMachineWaits } from '#core/plan-waits';
import type { MailResult, OutgoingEmail } from '#core/ports';
import type { Reason } from '#core/reasons';
import {
  firstClaim,
  onRedelivery,
  type Redelivery,
  type SendNotes,
  toCalling,
  toCancelled,
  toFailed,
  toGivenBack,
  toReleased,
  toSent,
  toSkipped,
  toUnknown,
} from '#core/send-protocol';
import type { SendRecord, StepAnswer } from '#core/sending';
import type { Artifact } from '#core/sequences/model';
import { contentOf } from '#core/sequences/newest-content';
import { atRound } from '#core/sequences/rounds';
import { beginsElsewhere } from '#core/sequences/start';
import { ceilingAt, isExemptFromWarmUp } from '#core/warm-up';
import { countingSends, createCounting } from '#lambdas/counting';
import { loadFacts } from '#lambdas/facts';
import { onQueue } from '#lambdas/runtime';
import { linksFor, replyToFor } from './mail-links.ts';
import { readSpeech, roomAfter, takePlace } from './speech.ts';
import { waitAfter } from './wait-after.ts';

type Handler = Use<'send-email'>;

/** `later`: the message goes back to the queue by partial failure. */
export type SendOutcome = 'done' | 'later';
export type SendHandler = ((message: SendMessage) => Promise<SendOutcome>) & { readonly flush: () => Promise<void> };

/** A circuit that stays open this long makes the machine plan anew instead of the queue trying on. */
const deferCircuitAfterSeconds = 6 * 3600;

/**
 * Claim, read consistently, decide, CALLING, one SES call, settle, answer. Each line may be the last before a crash: the
 * record then says how far it came, and the redelivered message goes on from there.
 */
export const sendEmail = (given: Handler): SendHandler => {
  const counting = createCounting(given);
  const use = countingSends(given, counting);
  const handle = async (message: SendMessage): Promise<SendOutcome> => {
    counting.begin();
    const now = use.clock.now();
    if (message.startAt && (await isForElsewhere(use, message, now))) {
      await use.tokens.fail(message.token, 'Elsewhere', 'this leg begins at another step');
      return 'done';
    }
    const isTooOld = now > addSeconds(message.enteredAt, message.notAfterSeconds);
    const claimed = await (isTooOld ? tellOld : claim)(use, message, now);
    if (typeof claimed === 'string') return claimed;
    const at = await readSituation(use, message, claimed, now);
    const decided = decideSend(at);
    const gate = gateOf(at.line);
    if (decided.do === 'send' && gate) return closed(use, message, claimed, { because: gate, deferAs: gate });
    const decision = decided.do === 'send' ? await withinLimits(use, at) : decided;
    // SES throttled it when it had its place among the lead's mails.
    if (decision.do !== 'send' && claimed.calledAt !== undefined) await use.countedMails.giveBack(message.leadId, mailKey(message));
    switch (decision.do) {
      case 'halt':
        return halt(use, message, claimed, decision);
      case 'defer':
        return defer(use, message, claimed, decision.reason, at.live.hash, grounds(at, decision.reason));
      case 'skip':
        return skip(use, message, claimed, decision.reason, at);
      case 'send':
        return call(use, message, claimed, at);
    }
  };
  return Object.assign(handle, { flush: counting.flush });
};

/** Only a later leg is asked: it may begin at another step, or sit out a wait first. The row may tell of a wait that is not of this leg. */
const isForElsewhere = async (use: Handler, message: SendMessage, now: Instant): Promise<boolean> => {
  const [artifact, enrolment] = await Promise.all([use.artifacts.get(message.sequence, message.version), use.enrolments.find(message)]);
  const rest = enrolment?.leg === message.leg ? enrolment.rest : undefined;
  return beginsElsewhere({ ...message, step: placeOf(message) }, artifact, rest, now);
};

/** Its place among the lead's other mail, then one of the day's e-mails, then one of those that the month pays for. */
const withinLimits = async (use: Handler, at: Situation): Promise<SendDecision> => {
  const place = await takePlace(use, at);
  const today = place.do === 'send' ? await withinWarmUp(use, at) : place;
  const decision = today.do === 'send' ? await withinBudget(use, at) : today;
  if (place.do === 'send' && decision.do !== 'send') await use.countedMails.giveBack(at.record.leadId, mailKey(at.record));
  return decision;
};

/** One of today's e-mails is taken before the call: should the sender die in between, one fewer goes today. */
const withinWarmUp = async (use: Handler, at: Situation): Promise<SendDecision> => {
  const ceiling = ceilingAt(at.live.brand, at.now);
  // A call that SES throttled has taken its e-mail already.
  if (!ceiling || !at.enrolment || at.record.countedOn === ceiling.day) return { do: 'send' };
  const taken = await use.line.take(ceiling.day, isExemptFromWarmUp(at.artifact) ? Number.MAX_SAFE_INTEGER : ceiling.most);
  return taken === 'taken' ? { do: 'send' } : putOff(at, at.enrolment, 'warm-up');
};

/** Counted before the call, like the day's; the count is one for the month, taken in blocks (adapters/stores/line.ts). */
const withinBudget = async (use: Handler, at: Situation): Promise<SendDecision> => {
  const allowance = allowanceAt(at.live.brand, at.now);
  if (!allowance || !at.enrolment || at.record.paidIn === allowance.month) return { do: 'send' };
  const { outcome, untold } = await use.line.spend(allowance, isExemptFromBudget(at.artifact, at.step));
  if (untold) {
    const { month, usd } = allowance;
    if (untold === 'spent') use.log.error(alarmMessages['budget-spent'], { month });
    else use.log.warn('budget nearly spent', { month });
    await use.noticeQueue.push({ kind: untold === 'spent' ? 'budget-spent' : 'budget-nearly-spent', month, usd, at: at.now });
    await use.line.noteTold(month, untold);
  }
  return outcome === 'spent' ? { do: 'send' } : putOff(at, at.enrolment, 'budget-spent');
};

type Situation = Awaited<ReturnType<typeof readSituation>>;

/** The record as claimed by us, or what is to be said when it is not ours to claim. */
const claim = async (use: Handler, message: SendMessage, now: Instant): Promise<SendRecord | SendOutcome> => {
  const first = firstClaim(message, now);
  if ((await use.sends.write(first)) === 'written') {
    await noteLag(use, message, now);
    return first;
  }
  const record = await use.sends.find(message);
  return record ? claimOn(use, message, record, onRedelivery(record, message, now)) : 'done';
};

const claimOn = async (
  use: Handler,
  message: SendMessage,
  record: SendRecord,
  redelivery: Redelivery,
): Promise<SendRecord | SendOutcome> => {
  switch (redelivery.do) {
    case 'wait':
      return 'later';
    case 'claim':
      return (await use.sends.write(redelivery.record)) === 'written' ? redelivery.record : 'later';
    case 'settle-unknown':
      if ((await use.sends.write(redelivery.record)) === 'refused') return 'later';
      use.log.warn('send unknown', ids(message));
      use.metrics.add('emails-unknown');
      return answer(use, message, redelivery.record);
    case 'repeat':
      return answer(use, message, record);
    case 'halt':
      await use.tokens.fail(message.token, 'Halt', redelivery.reason);
      return 'done';
  }
};

/** Too old to be sent (a dead letter that was sent back, say). What was decided in time is told as ever. */
const tellOld = async (use: Handler, message: SendMessage, now: Instant): Promise<SendRecord | SendOutcome> => {
  const record = await use.sends.find(message);
  const redelivery = record && onRedelivery(record, message, now);
  return record && redelivery && redelivery.do !== 'claim' ? claimOn(use, message, record, redelivery) : expire(use, message);
};

/** Taken for the first time: so long it waited for its turn, and not for anything else. */
const noteLag = async (use: Handler, { enteredAt }: SendMessage, now: Instant): Promise<void> => {
  const seconds = Math.round((toEpoch(now) - toEpoch(enteredAt)) / 1000);
  if (isWorthNoting((await use.line.state()).lag, seconds, now)) await use.line.noteLag({ seconds, at: now });
};

/**
 * Read after the claim, consistently: a stop that was durable before the claim is seen here. The profile comes first: what
 * closes a new address was written before the profile had that address, so whoever sees the one sees the other.
 */
const readSituation = async (use: Handler, message: SendMessage, record: SendRecord, now: Instant) => {
  const lead = await use.leads.find(message.leadId);
  const [artifact, newest, rules] = await Promise.all([
    use.artifacts.get(message.sequence, message.version),
    use.artifacts.newest(message.sequence),
    use.config.live(),
  ]);
  const live = rulesFor(rules, lead);
  const email = artifact.emails[message.step];
  if (!email) throw new Error(`no e-mail ${message.step} in ${message.sequence} ${message.version}`);
  const { step } = email;
  const words = contentOf(artifact, message.step, newest);
  const [{ enrolment, speech }, suppressions, line] = await Promise.all([
    isRestrained(artifact, step, live.brand) ? readAmongRuns(use, message) : readAlone(use, message),
    use.suppressions.ofLead(message.leadId),
    use.line.state(),
  ]);
  // Of this leg only: a message of an old leg must not say what the new one runs.
  if (enrolment?.leg === message.leg && enrolment.version !== message.version)
    await use.enrolments.recordVersion(enrolment, message.leg, message.version);
  const facts =
    step.onlyIf && lead && enrolment
      ? await loadFacts(use, { lead, seen: enrolment.seen, answers: enrolment.answers, live, now }, [step.onlyIf])
      : undefined;
  return {
    lead,
    enrolment,
    suppressions,
    artifact,
    live,
    line,
    step,
    words,
    content: words.content,
    record,
    leg: message.leg,
    enteredAt: message.enteredAt,
    now,
    facts,
    speech,
  };
};

/** All runs of the lead are read by one query; this one is among them. */
const readAmongRuns = async (use: Handler, message: SendMessage) => {
  const speech = await readSpeech(use, message.leadId);
  const { sequence, enrolmentId } = message;
  return { speech, enrolment: speech.runs.find((it) => it.sequence === sequence && it.enrolmentId === enrolmentId) };
};
const readAlone = async (use: Handler, message: SendMessage) => ({ speech: undefined, enrolment: await use.enrolments.find(message) });

const halt = async (use: Handler, message: SendMessage, record: SendRecord, decision: Extract<SendDecision, { do: 'halt' }>) => {
  if (decision.stop) await use.enrolments.stop(message, decision.stop);
  if ((await use.sends.write(toCancelled(record, decision.reason))) === 'refused') return 'later';
  use.log.info('send cancelled', { ...ids(message), reason: decision.reason });
  await use.tokens.fail(message.token, 'Halt', decision.reason);
  return 'done';
};

const defer = async (
  use: Handler,
  message: SendMessage,
  record: SendRecord,
  reason: Reason,
  configHash: string,
  on: Grounds = {},
): Promise<SendOutcome> => {
  const released = toReleased(record, reason, use.clock.now());
  if ((await use.sends.write(released)) === 'refused') return 'later';
  await decided(use, message, released.deferrals + (released.holds ?? 0), 'deferred', reason, configHash, on);
  use.metrics.add('emails-deferred');
  await use.tokens.fail(message.token, 'Defer', reason);
  return 'done';
};

const skip = async (use: Handler, message: SendMessage, record: SendRecord, reason: Reason, at: Situation): Promise<SendOutcome> => {
  const skipped = toSkipped(record, reason, {
    outcome: 'skipped',
    due: dueAfter(at, placeOf(message), use.clock.now(), roomAfter(at, false)),
  });
  if ((await use.sends.write(skipped)) === 'refused') return 'later';
  await decided(use, message, record.deferrals + (record.holds ?? 0) + 1, 'skipped', reason, at.live.hash, grounds(at, reason));
  use.metrics.add('emails-skipped');
  return answer(use, message, skipped);
};

const call = async (use: Handler, message: SendMessage, record: SendRecord, at: Situation): Promise<SendOutcome> => {
  const planned: StepAnswer = { outcome: 'sent', due: dueAfter(at, placeOf(message), at.now, roomAfter(at, true)) };
  const email = at.lead && compose(use, message, at, at.lead);
  if (!email) return fail(use, message, record, 'template-failed', planned);
  const calling = toCalling(record, planned, use.clock.now(), notesOf(at));
  if ((await use.sends.write(calling)) === 'refused') return 'later';
  return settle(use, message, calling, planned, await use.mail.send(email));
};

/**
 * On its own record: the day of a warm-up and the month of a budget that have counted it (a call that SES throttled is not counted again),
 * what the counters need to know of a mail (whoever hears of its delivery reads nothing else), and whose words went.
 */
const notesOf = ({ enrolment, artifact: { topic }, words, live: { brand }, now }: Situation): SendNotes => {
  const arm = armText(enrolment?.arms ?? {});
  const [day, month] = [ceilingAt(brand, now)?.day, allowanceAt(brand, now)?.month];
  return {
    topic,
    ...(day !== undefined && { countedOn: day }),
    ...(month !== undefined && { paidIn: month }),
    ...(arm !== '' && { arm }),
    ...(words.from === 'newest' && { contentVersion: words.version }),
    ...(words.from === 'kept' && { contentKept: words.because }),
  };
};

const settle = async (
  use: Handler,
  message: SendMessage,
  calling: SendRecord,
  planned: StepAnswer,
  result: MailResult,
): Promise<SendOutcome> => {
  switch (result.result) {
    case 'accepted':
      use.log.info('email sent', ids(message));
      use.metrics.add('emails-sent');
      return finish(use, message, calling, (record) => toSent(record, use.clock.now(), result.messageId));
    case 'unknown':
      use.log.warn('send unknown', ids(message));
      use.metrics.add('emails-unknown');
      return finish(use, message, calling, (record) => (record.state === 'CALLING' ? toUnknown(record, result.reason) : record));
    case 'rejected':
      return fail(use, message, calling, 'rejected', planned);
    case 'throttled':
      await use.sends.write(toGivenBack(calling, use.clock.now()));
      return 'later';
    case 'circuit':
      return closed(use, message, calling, { because: result.reason, deferAs: 'circuit-open' });
  }
};

/** Nothing can go now, to anybody: the queue tries on for some hours, then the machine plans anew. Loud each time. */
const closed = async (
  use: Handler,
  message: SendMessage,
  record: SendRecord,
  { because, deferAs }: { readonly because: string; readonly deferAs: Reason },
): Promise<SendOutcome> => {
  use.log.error(alarmMessages['sending-closed'], { reason: because });
  if (use.clock.now() < addSeconds(message.enteredAt, deferCircuitAfterSeconds)) {
    await use.sends.write(toGivenBack(record, use.clock.now()));
    return 'later';
  }
  await use.countedMails.giveBack(record.leadId, mailKey(record));
  return defer(use, message, record, deferAs, (await use.config.live()).hash);
};

/** SES has answered: that must be on record, even if a reconciler or an SES event wrote in between. */
const finish = async (
  use: Handler,
  message: SendMessage,
  calling: SendRecord,
  settled: (record: SendRecord) => SendRecord,
): Promise<SendOutcome> => {
  let record = calling;
  for (;;) {
    const next = settled(record);
    if (next === record || (await use.sends.write(next)) === 'written') return answer(use, message, next);
    const current = await use.sends.find(message);
    if (!current || current.state === 'SENT') return current ? answer(use, message, current) : 'done';
    record = current;
  }
};

const fail = async (use: Handler, message: SendMessage, record: SendRecord, reason: Reason, planned: StepAnswer): Promise<SendOutcome> => {
  await use.countedMails.giveBack(record.leadId, mailKey(record));
  const failed = toFailed(record, reason, planned);
  if ((await use.sends.write(failed)) === 'refused') return 'later';
  use.log.error(alarmMessages['email-failed'], { ...ids(message), reason });
  use.metrics.add('emails-failed');
  return answer(use, message, failed);
};

/** Tells the machine what the record says. A leg other than the record's gets a plan of its own, made now. */
const answer = async (use: Handler, message: SendMessage, record: SendRecord): Promise<SendOutcome> => {
  const now = use.clock.now();
  const { outcome, due } = record.answer ?? { outcome: 'sent' as const, due: {} };
  const { lastEmails, fused = {} } = await use.artifacts.get(message.sequence, message.version);
  // The last e-mail has no state after it that could end the run on its row.
  if (lastEmails.includes(placeOf(message)) && (await use.enrolments.complete(message, message.leg, now)) === 'refused') {
    await use.tokens.fail(message.token, 'Halt', 'a stop outranks the end');
    return 'done';
  }
  const planned = record.leg === message.leg ? due : await planAgain(use, message, now);
  const wait = fused[placeOf(message)];
  if (wait) await waitAfter(use, message, wait, planned[wait.wait] ?? (await planAgain(use, message, now))[wait.wait]);
  else await use.tokens.succeed(message.token, { outcome, waits: toMachineWaits(planned, now) });
  return 'done';
};

const planAgain = async (use: Handler, message: SendMessage, now: Instant): Promise<StepAnswer['due']> => {
  const [lead, artifact, live] = await Promise.all([
    use.leads.find(message.leadId),
    use.artifacts.get(message.sequence, message.version),
    use.config.live(),
  ]);
  return lead ? planWaits(artifact.plans[placeOf(message)] ?? [], { lead, brand: live.brand, now }) : {};
};

const dueAfter = (
  at: { lead: Lead | undefined; artifact: Artifact; live: Situation['live'] },
  step: string,
  now: Instant,
  room: ReturnType<typeof roomAfter>,
) => (at.lead ? planWaits(at.artifact.plans[step] ?? [], { lead: at.lead, brand: at.live.brand, now, room }) : {});

/** undefined: this e-mail cannot be made for this lead; the template's own message is logged, without values. */
const compose = (use: Handler, message: SendMessage, at: Situation, lead: Lead): OutgoingEmail | undefined => {
  try {
    return composeEmail({
      content: at.content,
      brand: at.live.brand,
      lead,
      sequence: message.sequence,
      topic: at.artifact.topic,
      key: message,
      links: linksFor(use, at, lead),
      templates: use.templates,
      ...replyToFor(use, at.live.brand, message),
    });
  } catch (error) {
    if (!isAslError(error, 'PermanentError')) throw error;
    use.log.error('template failed', ids(message));
    return undefined;
  }
};

/** Nothing is sent, and the state's own time-out moves the machine on; one that sits out a wait would take long to. */
const expire = async (use: Handler, message: SendMessage): Promise<SendOutcome> => {
  use.log.warn('stale send dropped', ids(message));
  if (message.attempt !== undefined) await use.tokens.fail(message.token, 'PermanentError', 'the message is too old');
  return 'done';
};

const grounds = (at: Situation, reason: Reason): Grounds => (at.lead ? groundsOfSend({ ...at, lead: at.lead }, reason) : {});

const decided = (
  use: Handler,
  message: SendMessage,
  attempt: number,
  outcome: 'deferred' | 'skipped',
  reason: Reason,
  configHash: string,
  on: Grounds,
) =>
  use.decisions.record({
    leadId: message.leadId,
    enrolmentId: message.enrolmentId,
    step: message.step,
    round: message.round,
    attempt,
    at: use.clock.now(),
    outcome,
    reason,
    ...on,
    configHash,
  });

/** The step in its round, as the machine calls it. */
const placeOf = ({ step, round }: SendMessage): string => atRound(step, round);

const ids = (message: SendMessage) => ({ leadId: message.leadId, enrolmentId: message.enrolmentId, stepId: message.step });

export const handler = onQueue(SendMessage, sendEmail);
