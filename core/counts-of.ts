import { byIdentity } from './by-identity.ts';
import type { LiveConfig, StageRule } from './config.ts';
import { armText, type CountChange, type Counted, changesBetween, countedOf, type Metric, wasSent, wentAt } from './counters.ts';
import type { Enrolment } from './enrolment.ts';
import type { EventRow } from './events.ts';
import { tellsOfOthers } from './humans.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Stage } from './lead.ts';
import { settled } from './ledger.ts';
import { lifecycleOf, type StageMove } from './lifecycle.ts';
import type { ConsentEntry, History } from './ports.ts';
import { isSameRules } from './same-rules.ts';
import { type JudgedEvent, judgedInOrder } from './scoring.ts';
import type { SendRecord } from './sending.ts';
import { sorted } from './sorted.ts';

export type CountsGiven = {
  readonly history: Pick<History, 'lead' | 'events' | 'sends' | 'enrolments' | 'moves' | 'consents'>;
  readonly live: Pick<LiveConfig, 'scoring' | 'brand'>;
  readonly now: Instant;
};

/**
 * All that one lead adds to the counters: the truth that they are caches of. Only events that were worked on to the end count.
 * Each metric at most once a mail, on the day of the first. What belongs to no mail by itself (a reply, leaving, a move to mql
 * or won) is the last mail's that went before it; of leaving and of replies, the last of that topic or sequence if there is one.
 */
export const countsOf = (given: CountsGiven): readonly Counted[] => {
  const { history, live, now } = given;
  const known = counts.of(history);
  if (known && isSameRules(known.live, live) && known.upTo <= toEpoch(now)) return known.counted;
  const counted = countHistory(given);
  const upTo = lastOf(history);
  if (upTo <= toEpoch(now)) counts.keep(history, { live, counted, upTo });
  return counted;
};

/** The last moment at which anything happened. */
export const lastOf = ({ events, moves }: Pick<History, 'events' | 'moves'>): number => {
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of events) last = Math.max(last, toEpoch(at));
  for (const { at } of moves) last = Math.max(last, toEpoch(at));
  return last;
};

/** What happened until now counts the same tomorrow. By history: nobody changes one in place. */
const counts = byIdentity<
  CountsGiven['history'],
  { readonly live: CountsGiven['live']; readonly counted: readonly Counted[]; readonly upTo: number }
>();

const countHistory = ({ history: given, live, now }: CountsGiven): readonly Counted[] => {
  const history = settled(given);
  return countJudged({ history, live, now }, judgedInOrder(history, live.scoring));
};

/** All that was worked on to the end, with who did it. */
const countJudged = ({ history, live, now }: CountsGiven, inOrder: readonly JudgedEvent[]): readonly Counted[] => {
  const { sends, enrolments } = history;
  const found: Counted[] = [];
  const taken = new Map<SendRecord, Metric[]>();
  const take = (send: SendRecord | undefined, metric: Metric, at: Instant, count = 1) => {
    if (!send) return;
    const known = taken.get(send);
    if (known?.includes(metric)) return;
    if (known) known.push(metric);
    else taken.set(send, [metric]);
    found.push(countedBefore(send, metric, at, count, armOf(enrolments, send)));
  };

  const sendOf = finderIn(sends);
  const mails = sorted(sends.filter(wasSent), byTime);
  for (const send of mails) take(send, 'sent', wentAt(send));
  for (const send of sends) if (send.deliveredAt !== undefined) take(send, 'delivered', send.deliveredAt);
  for (const event of inOrder) {
    const found = countedFor(event, sendOf, mails);
    if (found) take(found.send, found.metric, event.at);
  }
  for (const { topic, at } of history.consents.length === 0 ? [] : departures(history.consents))
    take(
      lastBefore(mails, at, (it) => it.topic === topic),
      'unsubscribed',
      at,
    );
  for (const move of movesOf({ history, live, now })) {
    const mail = lastBefore(mails, move.at);
    take(mail, move.to === 'won' ? 'won' : 'qualified', move.at);
    const { amount, currency = noCurrency } = (move.to === 'won' && inOrder.find(isCauseOf(move, live))) || {};
    if (amount !== undefined) take(mail, `amount.${currency}`, move.at, Math.round(amount * 100));
  }
  return found;
};

/** What an event by itself counts as, and of which mail. */
const countedFor = (event: JudgedEvent, sendOf: SendOf, mails: readonly SendRecord[]) => {
  if (!isCounted(event)) return undefined;
  const send = sendOf(event);
  const metric = metricOf(event, send);
  if (!metric) return undefined;
  return { metric, send: metric === 'replied' ? lastBefore(mails, event.at, isAnswered(event)) : send };
};

/**
 * What one event changed: the same lead without it, and with it worked on to the end. An event that tells nothing of others, of a lead
 * that is far from any move, changes what it counts as itself; for any other the lead is counted twice.
 */
export const changesAround = (eventId: string, given: CountsGiven): readonly CountChange[] => {
  const { history, live } = given;
  if (!history.events.every((it) => it.done || it.eventId === eventId) || mayHaveMoved(['mql', 'won'], history, live))
    return countedTwice(eventId, given);
  const judged = judgedInOrder(history, live.scoring);
  const event = judged.find((it) => it.eventId === eventId);
  if (!event) return [];
  if (tellsOfOthers(event, judged, live.scoring.humans)) {
    const others = judgedInOrder({ events: history.events.filter((it) => it.eventId !== eventId), sends: history.sends }, live.scoring);
    const place = judged.indexOf(event);
    if (others.some((it, at) => it.verdict.by !== judged[at < place ? at : at + 1]?.verdict.by)) return countedTwice(eventId, given);
  }
  return changesByItself(event, judged, history);
};

/** The first that counts as the same counts. */
const changesByItself = (event: JudgedEvent, judged: readonly JudgedEvent[], { sends, enrolments }: CountsGiven['history']) => {
  const sendOf = finderIn(sends);
  const mails = event.name === 'replied' ? sorted(sends.filter(wasSent), byTime) : [];
  const own = countedFor(event, sendOf, mails);
  if (!own?.send) return [];
  const { send, metric } = own;
  const isSame = (it: JudgedEvent) => {
    const other = it === event || it.name !== event.name ? undefined : countedFor(it, sendOf, mails);
    return other?.metric === metric && other.send === send;
  };
  const other = judged.find(isSame);
  if (other && judged.indexOf(other) < judged.indexOf(event)) return [];
  const arm = armOf(enrolments, send);
  return changesBetween(other ? [countedBefore(send, metric, other.at, 1, arm)] : [], [countedBefore(send, metric, event.at, 1, arm)]);
};

const countedTwice = (eventId: string, given: CountsGiven): readonly CountChange[] => {
  const { before, after } = countsAround(eventId, given);
  return changesBetween(before, after);
};

/** The same lead without one event, and with it worked on to the end. */
const countsAround = (eventId: string, given: CountsGiven): { readonly before: readonly Counted[]; readonly after: readonly Counted[] } => {
  const { history } = given;
  const others = history.events.filter((it) => it.eventId !== eventId);
  const ended = history.events.map((it) => (it.eventId === eventId && !it.done ? { ...it, done: true } : it));
  return {
    before: countsOf({ ...given, history: { ...history, events: others } }),
    after: countsOf({ ...given, history: { ...history, events: ended } }),
  };
};

/** A move by rule is named after its event and its rule. */
export const isCauseOf =
  ({ id }: StageMove, { scoring }: Pick<LiveConfig, 'scoring'>) =>
  ({ eventId }: EventRow): boolean =>
    scoring.stages.some((rule) => id === `${eventId}:${rule.id}`);

/** ISO 4217: no currency. */
export const noCurrency = 'XXX';

/** Of the same record the same is counted, event after event and night after night. */
const countedBefore = (send: SendRecord, metric: Metric, at: Instant, count: number, arm: string): Counted => {
  const known = ofSend.of(send);
  const standing = known?.find((it) => it.metric === metric && it.count === count && it.arm === (send.arm ?? arm) && at.startsWith(it.day));
  if (standing) return standing;
  const counted = countedOf(send, metric, at, { count, arm });
  if (known) known.push(counted);
  else ofSend.keep(send, [counted]);
  return counted;
};
const ofSend = byIdentity<SendRecord, Counted[]>();

const armOf = (enrolments: readonly Enrolment[], { enrolmentId }: SendRecord): string =>
  armText(enrolments.findLast((it) => it.enrolmentId === enrolmentId)?.arms ?? noArms);
const noArms = {};

type MailKey = { readonly enrolmentId?: string; readonly step?: string; readonly round?: number };
const keyOf = ({ enrolmentId = '', step = '', round = 1 }: MailKey): string => `${enrolmentId} ${step} ${round}`;

type SendOf = (event: MailKey) => SendRecord | undefined;
/** Of few mails each is looked at faster than they are put in order. */
const fewMails = 24;
const finderIn = (sends: readonly SendRecord[]): SendOf => {
  if (sends.length <= fewMails)
    return ({ enrolmentId, step, round = 1 }) =>
      sends.findLast((it) => it.step === step && it.round === round && it.enrolmentId === enrolmentId);
  const byName = new Map(sends.map((it) => [keyOf(it), it]));
  return (event) => byName.get(keyOf(event));
};

/** Of other events nothing is counted. */
const isCounted = ({ name }: EventRow): boolean =>
  name === 'opened' || name === 'clicked' || name === 'bounced' || name === 'complained' || name === 'replied';

/** A mail that arrived did not bounce, unless for good. */
const metricOf = (event: JudgedEvent, send: SendRecord | undefined): Metric | undefined => {
  switch (event.name) {
    case 'opened':
    case 'clicked':
      return event.verdict.by === 'human' ? event.name : undefined;
    case 'bounced':
      return event.bounceType !== 'Permanent' && send?.deliveredAt !== undefined ? undefined : 'bounced';
    case 'complained':
    case 'replied':
      return event.name;
    default:
      return undefined;
  }
};

const isAnswered =
  ({ reply }: EventRow) =>
  ({ sequence, step }: SendRecord): boolean =>
    reply?.sequence === sequence && (reply.step === undefined || reply.step === step);

/** The last one before that is wanted; else the last one before. */
const lastBefore = (mails: readonly SendRecord[], at: Instant, isWanted: (send: SendRecord) => boolean = () => true) => {
  const before = mails.filter((it) => toEpoch(wentAt(it)) <= toEpoch(at));
  return before.findLast(isWanted) ?? before.at(-1);
};

/** Where a person left by itself: the first refusal after an agreement. What was imported is no answer to a mail. */
const departures = (consents: readonly ConsentEntry[]): readonly ConsentEntry[] => {
  const inOrder = consents.toSorted((one, other) => toEpoch(one.at) - toEpoch(other.at));
  const given = new Map<string, boolean>();
  return inOrder.filter((it) => {
    const wasGiven = given.get(it.topic) ?? true;
    given.set(it.topic, it.given);
    return wasGiven && !it.given && bySelf.includes(it.source);
  });
};
const bySelf: readonly string[] = ['unsubscribe-link', 'preference-page', 'reply'];

/** Moves that happened with an event or were made by somebody; what merely faded by now is no success. */
const movesOf = (given: CountsGiven): readonly StageMove[] => movesTo(['mql', 'won'], given);

/** The same to other stages, made anew by the rules as they are now. */
export const movesTo = (
  wanted: readonly Stage[],
  { history, live, now }: Omit<CountsGiven, 'history'> & { readonly history: Pick<History, 'lead' | 'events' | 'sends' | 'moves'> },
): readonly StageMove[] => {
  const { lead, moves } = history;
  // Going through a lifecycle takes long, and most leads are far from any of this.
  if (!lead || !mayHaveMoved(wanted, history, live)) return [];
  const all = lifecycleOf({ lead, ledger: history, moves, live, now }).moves;
  return all.filter((it) => wanted.includes(it.to) && !(it.by === 'rule' && it.id.startsWith(`${now}:`)));
};

const mayHaveMoved = (
  wanted: readonly Stage[],
  { events, moves }: Pick<History, 'events' | 'moves'>,
  { scoring }: Pick<LiveConfig, 'scoring'>,
): boolean => {
  const mayMove = (rule: StageRule) => wanted.includes(rule.to) && ('when' in rule || events.some((it) => it.name === rule.on));
  return scoring.stages.some(mayMove) || moves.some((it) => wanted.includes(it.to));
};

const byTime = (one: SendRecord, other: SendRecord): number =>
  toEpoch(wentAt(one)) - toEpoch(wentAt(other)) || (keyOf(one) < keyOf(other) ? -1 : 1);
