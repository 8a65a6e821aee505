import type { LiveConfig, StageRule } from './config.ts';
import { armText, type Counted, countedOf, type Metric, wasSent, wentAt } from './counters.ts';
import type { EventRow } from './events.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Stage } from './lead.ts';
import { settled } from './ledger.ts';
import { lifecycleOf, type StageMove } from './lifecycle.ts';
import type { ConsentEntry, History } from './ports.ts';
import { type JudgedEvent, judgedInOrder } from './scoring.ts';
import type { SendRecord } from './sending.ts';

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
  const known = counts.get(history);
  if (known && known.live === live && known.upTo <= toEpoch(now)) return known.counted;
  const counted = countHistory(given);
  const upTo = lastOf(history);
  if (upTo <= toEpoch(now)) counts.set(history, { live, counted, upTo });
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
const counts = new WeakMap<
  CountsGiven['history'],
  { readonly live: CountsGiven['live']; readonly counted: readonly Counted[]; readonly upTo: number }
>();

const countHistory = ({ history: given, live, now }: CountsGiven): readonly Counted[] => {
  const history = settled(given);
  return countJudged({ history, live, now }, judgedInOrder(history, live.scoring));
};

/** All that was worked on to the end, with who did it. */
const countJudged = ({ history, live, now }: CountsGiven, inOrder: readonly JudgedEvent[]): readonly Counted[] => {
  const armsOf = new Map(history.enrolments.map((it) => [it.enrolmentId, armText(it.arms)]));
  const found = new Map<string, Counted>();
  const take = (send: SendRecord | undefined, metric: Metric, at: Instant, count = 1) => {
    if (!send) return;
    const key = `${metric} ${keyOf(send)}`;
    if (!found.has(key)) found.set(key, known(send, metric, at, count, armsOf.get(send.enrolmentId) ?? ''));
  };

  const sendOf = new Map(history.sends.map((it) => [keyOf(it), it]));
  const mails = history.sends.filter(wasSent).sort(byTime);
  for (const send of mails) take(send, 'sent', wentAt(send));
  for (const send of history.sends) if (send.deliveredAt !== undefined) take(send, 'delivered', send.deliveredAt);
  for (const event of inOrder) {
    const send = sendOf.get(keyOf(event));
    const metric = metricOf(event, send);
    if (metric === 'replied') take(lastBefore(mails, event.at, isAnswered(event)), metric, event.at);
    else if (metric) take(send, metric, event.at);
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
  return [...found.values()];
};

/**
 * The same lead without one event, and with it worked on to the end. Who did what was found out of all of them already; without it that
 * may be another answer only where clicks are, or it is one itself: of an open or a visit alone nothing is told of others.
 */
export const countsAround = (
  eventId: string,
  given: CountsGiven,
): { readonly before: readonly Counted[]; readonly after: readonly Counted[] } => {
  const { history, live } = given;
  const others = history.events.filter((it) => it.eventId !== eventId);
  const ended = history.events.map((it) => (it.eventId === eventId && !it.done ? { ...it, done: true } : it));
  const without = { ...given, history: { ...history, events: others } };
  const whole = { ...given, history: { ...history, events: ended } };
  if (!others.every((it) => it.done)) return { before: countsOf(without), after: countsOf(whole) };
  const judged = judgedInOrder(history, live.scoring);
  const after = countJudged(whole, judged);
  const isTold = judged.some((it) => it.name === 'clicked');
  return {
    before: isTold
      ? countsOf(without)
      : countJudged(
          without,
          judged.filter((it) => it.eventId !== eventId),
        ),
    after,
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
const known = (send: SendRecord, metric: Metric, at: Instant, count: number, arm: string): Counted => {
  const ofSend = countedBefore.get(send) ?? new Map<string, Counted>();
  if (ofSend.size === 0) countedBefore.set(send, ofSend);
  const name = `${metric} ${at} ${count} ${arm}`;
  const standing = ofSend.get(name);
  if (standing) return standing;
  const counted = countedOf(send, metric, at, { count, arm });
  ofSend.set(name, counted);
  return counted;
};
const countedBefore = new WeakMap<SendRecord, Map<string, Counted>>();

type MailKey = { readonly enrolmentId?: string; readonly step?: string; readonly round?: number };
const keyOf = ({ enrolmentId = '', step = '', round = 1 }: MailKey): string => `${enrolmentId} ${step} ${round}`;

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
  const isWanted = ({ to }: Pick<StageMove, 'to'>) => wanted.includes(to);
  const names = new Set(history.events.map((it) => it.name));
  const mayMove = (rule: StageRule) => isWanted(rule) && ('when' in rule || names.has(rule.on));
  // Going through a lifecycle takes long, and most leads are far from any of this.
  if (!lead || (!live.scoring.stages.some(mayMove) && !moves.some(isWanted))) return [];
  const all = lifecycleOf({ lead, ledger: history, moves, live, now }).moves;
  return all.filter((it) => isWanted(it) && !(it.by === 'rule' && it.id.startsWith(`${now}:`)));
};

const byTime = (one: SendRecord, other: SendRecord): number =>
  toEpoch(wentAt(one)) - toEpoch(wentAt(other)) || (keyOf(one) < keyOf(other) ? -1 : 1);
