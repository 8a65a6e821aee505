import { addSeconds, type Instant } from './instant.ts';
import type { SendRecord } from './sending.ts';

/** What is counted, each at most once a mail. The amount of what was won is counted beside, by currency, in hundredths. */
export const metrics = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
  'unsubscribed',
  'replied',
  'qualified',
  'won',
] as const;
export type Metric = (typeof metrics)[number] | `amount.${string}`;

/** Where something is counted. `day`: the UTC day on which it happened. `arm`: `split=arm` of every split, by name, joined by `&`. */
export type Cell = {
  readonly sequence: string;
  readonly version: string;
  readonly day: string;
  readonly step: string;
  readonly shard: string;
  readonly arm: string;
  readonly metric: Metric;
};
/** One thing that happened. `fact` names it: two with the same name are the same thing. */
export type Counted = Cell & { readonly fact: string; readonly count: number };
/** A fact that is new (`+`), or that turned out not to be one (`-`): a click that a machine made after all. */
export type CountChange = { readonly sign: '+' | '-'; readonly counted: Counted };

/**
 * Two items a step and day: one for what senders count, one for what comes of it. So neither function waits for the other, and a
 * batch of either writes one item. An item takes a thousand writes a second, each of which holds what a whole batch came to.
 */
export const counterShards = ['0', '1'] as const;
const shardOf = (metric: Metric): string => counterShards[metric === 'sent' ? 0 : 1];

export const armText = (arms: { readonly [split: string]: string }): string => {
  const splits = Object.keys(arms);
  return splits.length === 0
    ? ''
    : splits
        .sort()
        .map((split) => `${split}=${arms[split]}`)
        .join('&');
};

export const utcDayOf = (at: Instant): string => at.slice(0, 10);
export const daysUpTo = (from: string, upTo: string): readonly string[] => {
  const days: string[] = [];
  for (let day = from; day <= upTo; day = utcDayOf(addSeconds(`${day}T00:00:00.000Z`, 86_400))) days.push(day);
  return days;
};

export const wasSent = ({ state }: Pick<SendRecord, 'state'>): boolean => state === 'SENT' || state === 'ASSUMED_SENT';
/** When it went; of a mail that never went, when somebody meant to. */
export const wentAt = (send: SendRecord): Instant => send.sentAt ?? send.calledAt ?? send.claimedAt;

/** Something that came of a mail, on that day. `arm`: of the run, where the record does not say. */
export const countedOf = (send: SendRecord, metric: Metric, at: Instant, { count = 1, arm = '' } = {}): Counted => {
  const { sequence, version, step, enrolmentId, round } = send;
  const amount = count === 1 ? '' : `=${count}`;
  return {
    sequence,
    version,
    day: utcDayOf(at),
    step,
    shard: shardOf(metric),
    arm: send.arm ?? arm,
    metric,
    fact: `${metric}${amount}#${enrolmentId}#${step}#${round}`,
    count,
  };
};

export const sentOf = (send: SendRecord): CountChange => ({ sign: '+', counted: countedOf(send, 'sent', wentAt(send)) });
export const deliveredOf = (send: SendRecord, at: Instant): CountChange => ({ sign: '+', counted: countedOf(send, 'delivered', at) });

/** What must be told so that who knows the one knows the other. */
export const changesBetween = (before: readonly Counted[], after: readonly Counted[]): readonly CountChange[] => {
  if (before.length === after.length && before.every((it, at) => it === after[at])) return [];
  const placeOf = ({ fact, day, arm }: Counted) => `${fact} ${day} ${arm}`;
  const known = new Set(before.map(placeOf));
  const now = new Set(after.map(placeOf));
  return [
    ...before.filter((it) => !now.has(placeOf(it))).map((counted) => ({ sign: '-' as const, counted })),
    ...after.filter((it) => !known.has(placeOf(it))).map((counted) => ({ sign: '+' as const, counted })),
  ];
};

/** Sums by cell; the text of a cell is its key. */
export type Sums = { readonly [cell: string]: number };
const parting = '\t';
export const cellText = (cell: Cell): string => {
  const known = texts.get(cell);
  if (known !== undefined) return known;
  const { sequence, version, day, step, shard, arm, metric } = cell;
  const text = [sequence, version, day, step, shard, arm, metric].join(parting);
  texts.set(cell, text);
  return text;
};
/** Every night counts the same facts again. */
const texts = new WeakMap<Cell, string>();
export const cellOf = (text: string): Cell => {
  const [sequence = '', version = '', day = '', step = '', shard = '', arm = '', metric = ''] = text.split(parting);
  return { sequence, version, day, step, shard, arm, metric: metric as Metric };
};
