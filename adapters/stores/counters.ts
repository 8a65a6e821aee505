import { inBase36 } from '#core/base36';
import { type CountChange, cellText, counterShards, daysUpTo, type Sums } from '#core/counters';
import { fractionOf } from '#core/hash';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import { recountPk, recountStateSk, statsPk, statsSk, statsVersionSk, statsVersionsPk } from '#core/keys';
import type { Counters, StatsVersion } from '#core/ports';
import type { Condition, Item, Key, Table } from '#core/table';

/**
 * Facts that an item remembers to have counted, so many that it stays under the KB that a write unit holds. `kept`: the newest
 * that nobody may forget. Who writes an item again forgets what it saw beyond these in the same write; only past `atMost`, where
 * every writer is new to it, forgetting takes a write of its own.
 */
const remembered = { atMost: 48, kept: 24 };
/** Items whose facts a function has in mind. */
const itemsInMind = 500;
/** A DynamoDB expression takes 300 operators. */
const atOnce = 25;
const attempts = 4;
/** Clocks of functions differ by less. */
const skewSeconds = 10;
/** A write that was begun before has ended: longer than a function may run. */
const settledSeconds = 60;

/**
 * The caches. An item holds a number for each metric and arm (`n:<metric>|<arm>`), the facts that were counted last (`+<id>`,
 * or `-<id>` for one taken back), when it was counted in last, and until when the recount read that it was replaced by.
 */
export const counterStore = (table: Table): Counters => {
  const registered = new Set<string>();
  const tooOld = new Map<string, readonly string[]>();
  const register = async ({ sequence, version }: StatsVersion): Promise<void> => {
    const sk = statsVersionSk(sequence, version);
    if (registered.has(sk)) return;
    await table.put({ pk: statsVersionsPk, sk, sequence, version }, { exists: false });
    registered.add(sk);
  };
  const rowsOf = async ({ sequence, version }: StatsVersion, day: string): Promise<readonly Item[]> =>
    table.query(statsPk(sequence, version, day), 'STEP#');
  const versions = async (): Promise<readonly StatsVersion[]> =>
    (await table.query(statsVersionsPk, '')).map((it) => ({ sequence: String(it.sequence), version: String(it.version) }));

  /** One write, unless one of these facts is known to the item, or the recount may have seen it. */
  const apply = async (key: Key, changes: readonly CountChange[], since: Instant, now: Instant): Promise<void> => {
    let left = changes;
    const name = nameOf(key);
    for (let attempt = 0; attempt < attempts && left.length > 0; attempt++) {
      const marks = left.map(markOf);
      const condition: Condition = { absent: marks, either: [{ absent: ['readUntil'] }, { below: { readUntil: since } }] };
      const set: Record<string, number | string> = {};
      for (let at = 0; at < left.length; at++) set[marks[at] as string] = writtenAt(left[at] as CountChange, now);
      set.touchedAt = now;
      const others: string[] = [];
      for (const mark of marks) takeOther(others, oppositeOf(mark), marks);
      for (const mark of tooOld.get(name) ?? []) takeOther(others, mark, marks);
      const update = { increase: sumOf(left), set, remove: others };
      const written = await table.update(key, update, condition);
      if (written !== 'refused') return forget(key, name, written);
      const item = (await table.get(key)) ?? {};
      if (String(item.readUntil ?? '') >= since) return;
      left = left.filter((it) => item[markOf(it)] === undefined);
    }
  };
  const forget = async (key: Key, name: string, item: Item): Promise<void> => {
    const marks: string[] = [];
    for (const attribute in item) if (isMark(attribute)) marks.push(attribute);
    const old = oldestOf(marks, item, marks.length - remembered.kept);
    const isTooMuch = marks.length > remembered.atMost;
    if (tooOld.size >= itemsInMind) tooOld.clear();
    if (old.length > 0 && !isTooMuch) tooOld.set(name, old);
    else tooOld.delete(name);
    if (isTooMuch) await table.update(key, { remove: old }, { exists: true });
  };

  return {
    add: async (changes, since, now) => {
      const groups = groupsOf(changes);
      // What is taken back goes first: who dies in between has counted too little, not too much.
      for (const sign of ['-', '+'] as const) {
        for (const { key, changes: all } of groups) {
          const wanted = all.every((it) => it.sign === sign) ? all : all.filter((it) => it.sign === sign);
          if (wanted.length === 0) continue;
          for (let from = 0; from < wanted.length; from += atOnce) {
            const some = wanted.length <= atOnce ? wanted : wanted.slice(from, from + atOnce);
            await register((some[0] as CountChange).counted);
            await apply(key, some, since, now);
          }
        }
      }
    },
    versions,
    of: async (sequence, version, { from, upTo }) => {
      const wanted = (await versions()).filter((it) => it.sequence === sequence && (version === undefined || it.version === version));
      const sums: Record<string, number> = {};
      let asOf: Instant | undefined;
      for (const it of wanted) {
        const days = await Promise.all(daysUpTo(from, upTo).map(async (day) => ({ day, items: await rowsOf(it, day) })));
        for (const { day, items } of days) {
          for (const item of items) {
            const at = item.touchedAt ?? item.asOf;
            if (at !== undefined && (asOf === undefined || String(at) > asOf)) asOf = String(at);
            for (const [cell, count] of Object.entries(sumsIn(it, day, item))) sums[cell] = (sums[cell] ?? 0) + count;
          }
        }
      }
      const recountedAt = (await table.get({ pk: recountPk, sk: recountStateSk }))?.asOf;
      return { sums, ...(asOf !== undefined && { asOf }), ...(recountedAt !== undefined && { recountedAt: String(recountedAt) }) };
    },
    replace: async (of, day, truth, { startedAt, now }) => {
      const items = new Map((await rowsOf(of, day)).map((it) => [String(it.sk), it]));
      const steps = stepsOf(truth);
      let replaced = 0;
      for (const sk of new Set([...items.keys(), ...steps.keys()])) {
        const numbers = steps.get(sk) ?? {};
        const standing = items.get(sk);
        if (standing && sameNumbers(numbersIn(standing), numbers)) continue;
        const next = {
          pk: statsPk(of.sequence, of.version, day),
          sk,
          ...numbers,
          asOf: startedAt,
          readUntil: addSeconds(now, skewSeconds),
        };
        const untouched: Condition = {
          either: [{ absent: ['touchedAt'] }, { below: { touchedAt: addSeconds(startedAt, -settledSeconds) } }],
        };
        await register(of);
        if ((await table.put(next, untouched)) === 'written') replaced++;
      }
      return replaced;
    },
  };
};

/** 36 bits: of two facts that an item remembers at once, one pair in a hundred million has one id, and is counted once too few till night. */
const idOf = ({ counted }: CountChange): string => inBase36(Math.floor(fractionOf(`${counted.arm} ${counted.fact}`) * 36 ** 7));
/** Seconds since the item's day began: which fact is older, in few digits. */
const writtenAt = ({ counted }: CountChange, now: Instant): number =>
  Math.round((toEpoch(now) - toEpoch(`${counted.day}T00:00:00.000Z`)) / 1000);
/** Mostly one or two are too many: these are found faster than all are put in order. */
const oldestOf = (marks: readonly string[], item: Item, count: number): readonly string[] => {
  const found: string[] = [];
  if (count <= 0) return found;
  const ages = marks.map((it) => Number(item[it]));
  while (found.length < count) {
    let oldest = 0;
    for (let at = 1; at < ages.length; at++) if ((ages[at] as number) < (ages[oldest] as number)) oldest = at;
    found.push(marks[oldest] as string);
    ages[oldest] = Number.POSITIVE_INFINITY;
  }
  return found;
};
const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
const markOf = (change: CountChange): string => `${change.sign}${idOf(change)}`;
const oppositeOf = (mark: string): string => `${mark[0] === '+' ? '-' : '+'}${mark.slice(1)}`;
const takeOther = (others: string[], mark: string, marks: readonly string[]): void => {
  if (!marks.includes(mark) && !others.includes(mark)) others.push(mark);
};
const isMark = (name: string): boolean => {
  const first = name.charCodeAt(0);
  return first === plus || first === minus;
};
const [plus, minus] = [43, 45] as const;
const numberName = (metric: string, arm: string): string => `n:${metric}|${arm}`;

const sumOf = (changes: readonly CountChange[]): { readonly [name: string]: number } => {
  const sums: Record<string, number> = {};
  for (const { sign, counted } of changes) {
    const name = numberName(counted.metric, counted.arm);
    sums[name] = (sums[name] ?? 0) + (sign === '+' ? counted.count : -counted.count);
  }
  return sums;
};

const itemOf = ({ counted: { sequence, version, day, step, shard } }: CountChange): Key => ({
  pk: statsPk(sequence, version, day),
  sk: statsSk(step, shard),
});

/** By item. Of one fact in one place only the last word stays: what was taken back and came again is as it was. */
const groupsOf = (changes: readonly CountChange[]): readonly { readonly key: Key; readonly changes: readonly CountChange[] }[] => {
  const [only] = changes;
  if (only && changes.length === 1) return [{ key: itemOf(only), changes }];
  const groups = new Map<string, { readonly key: Key; readonly facts: Map<string, CountChange> }>();
  for (const change of changes) {
    const { arm, fact } = change.counted;
    const key = itemOf(change);
    const name = nameOf(key);
    const group = groups.get(name) ?? { key, facts: new Map<string, CountChange>() };
    const place = `${arm} ${fact}`;
    const standing = group.facts.get(place);
    if (standing && standing.sign !== change.sign) group.facts.delete(place);
    else group.facts.set(place, change);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ key, facts }) => ({ key, changes: [...facts.values()] })).filter((it) => it.changes.length > 0);
};

const numbersIn = (item: Item): { readonly [name: string]: number } =>
  Object.fromEntries(Object.entries(item).filter(([name, value]) => name.startsWith('n:') && value !== 0)) as Record<string, number>;

const sameNumbers = (one: { readonly [name: string]: number }, other: { readonly [name: string]: number }): boolean =>
  Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((it) => one[it] === other[it]);

/** `STEP#<step>#<shard>` of what an item's numbers are about. */
const sumsIn = ({ sequence, version }: StatsVersion, day: string, item: Item): Sums => {
  const [, step = '', shard = counterShards[0]] = String(item.sk).split('#');
  return Object.fromEntries(
    Object.entries(numbersIn(item)).map(([name, count]) => {
      const [metric = '', arm = ''] = name.slice('n:'.length).split('|');
      return [cellText({ sequence, version, day, step, shard, arm, metric: metric as never }), count];
    }),
  );
};

/** The numbers of each item, of a day's truth. */
const stepsOf = (truth: Sums): Map<string, Record<string, number>> => {
  const steps = new Map<string, Record<string, number>>();
  for (const [text, count] of Object.entries(truth)) {
    if (count === 0) continue;
    const [, , , step = '', shard = '', arm = '', metric = ''] = text.split('\t');
    const sk = statsSk(step, shard);
    const numbers = steps.get(sk) ?? {};
    numbers[numberName(metric, arm)] = count;
    steps.set(sk, numbers);
  }
  return steps;
};
