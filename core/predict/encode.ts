import { type Cell, levelOf, numberOf } from './cells.ts';
import { countLevels, leastOfLevel, type UsedPlan } from './columns.ts';
import type { Sparse } from './fit.ts';
import { meanOf, varianceOf } from './measure.ts';
import type { ModelColumn } from './model.ts';
import { activeSlots } from './predict.ts';
import { type Example, folds, foldsOf } from './split.ts';

/** Columns as learnt from rows, weights still 0, and the rows as numbers. */
export type Encoded = { readonly columns: readonly ModelColumn[]; readonly rows: readonly Sparse[]; readonly size: number };

type Learnt = {
  readonly column: ModelColumn /** In place of what the column itself would say of these rows. */;
  readonly values?: readonly number[];
};

/** A level is drawn to the average as if that many average leads had it besides. */
const drawnBy = 20;
const mostRates = 300;
const numberBounds = 0.005;

export const encode = (plans: readonly UsedPlan[], examples: readonly Example[]): Encoded => {
  const learnt = plans.map((it) => learn(it, examples)).filter(({ column }) => column.slots.length > 0);
  const columns = learnt.map((it) => it.column);
  const rows = examples.map(({ row }, index) =>
    flatten(
      learnt.map(({ column, values }) => (values ? [[0, values[index] ?? 0] as const] : activeSlots(column, row[column.column]))),
      columns,
    ),
  );
  return { columns: withMeans(columns, rows), rows, size: sizeOf(columns) };
};

/** Rows that the columns were not learnt from. */
export const encodeOthers = (columns: readonly ModelColumn[], examples: readonly Example[]): readonly Sparse[] =>
  examples.map(({ row }) =>
    flatten(
      columns.map((it) => activeSlots(it, row[it.column])),
      columns,
    ),
  );

export const withWeights = (
  columns: readonly ModelColumn[],
  weights: readonly number[],
  round: (it: number) => number,
): readonly ModelColumn[] => {
  let at = 1;
  return columns.map((it) => ({ ...it, slots: it.slots.map((slot) => ({ ...slot, weight: round(weights[at++] ?? 0) })) }));
};

const sizeOf = (columns: readonly ModelColumn[]): number => columns.reduce((sum, it) => sum + it.slots.length, 0);

const flatten = (active: readonly (readonly (readonly [number, number])[])[], columns: readonly ModelColumn[]): Sparse => {
  const at: number[] = [];
  const value: number[] = [];
  let offset = 0;
  active.forEach((slots, index) => {
    for (const [slot, it] of slots) {
      at.push(offset + slot);
      value.push(it);
    }
    offset += columns[index]?.slots.length ?? 0;
  });
  return { at, value };
};

const withMeans = (columns: readonly ModelColumn[], rows: readonly Sparse[]): readonly ModelColumn[] => {
  const sums = new Array<number>(sizeOf(columns)).fill(0);
  for (const { at, value } of rows) {
    at.forEach((place, index) => {
      sums[place] = (sums[place] ?? 0) + (value[index] ?? 0);
    });
  }
  let place = 0;
  return columns.map((it) => ({
    ...it,
    slots: it.slots.map((slot) => ({ ...slot, mean: (sums[place++] ?? 0) / Math.max(1, rows.length) })),
  }));
};

const learn = (plan: UsedPlan, examples: readonly Example[]): Learnt => {
  const cells = examples.map(({ row }) => row[plan.column]);
  switch (plan.kind) {
    case 'number':
      return { column: learnNumber(plan, cells) };
    case 'category':
      return { column: learnCategory(plan.column, cells) };
    case 'rates':
      return learnRates(plan.column, cells, examples);
  }
};

const empty = { weight: 0, mean: 0 };

const learnNumber = ({ column, decimal }: UsedPlan & { readonly kind: 'number' }, cells: readonly Cell[]): ModelColumn => {
  const numbers = cells.map((it) => numberOf(it, decimal));
  const sorted = Float64Array.from(numbers.filter((it) => it !== undefined)).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const isBounded = at(numberBounds) < at(1 - numberBounds);
  const [low, high] = isBounded ? [at(numberBounds), at(1 - numberBounds)] : [at(0), at(1)];
  const fill = at(0.5);
  const values = numbers.map((it) => Math.min(high, Math.max(low, it ?? fill)));
  const missing = numbers.filter((it) => it === undefined).length;
  const spread = Math.sqrt(varianceOf(values));
  const isUseful = sorted.length > 0 && low < high && spread > 0 && Number.isFinite(spread);
  const slots = [
    ...(isUseful ? [{ slot: 'value' as const, ...empty }] : []),
    ...(missing >= leastOfLevel && missing < cells.length ? [{ slot: 'missing' as const, ...empty }] : []),
  ];
  // A number that is the same wherever it is known still tells by being there.
  if (!isUseful) return { kind: 'category', column, slots };
  return { kind: 'number', column, decimal, low, high, fill, mean: meanOf(values), scale: spread, slots };
};

const learnCategory = (column: string, cells: readonly Cell[]): ModelColumn => {
  const counts = countLevels(cells);
  const missing = cells.length - [...counts.values()].reduce((sum, it) => sum + it, 0);
  const kept = [...counts].filter(([level, count]) => count >= leastOfLevel && !level.includes('@')).sort(byCount);
  const rare = cells.length - missing - kept.reduce((sum, [, count]) => sum + count, 0);
  return {
    kind: 'category',
    column,
    slots: [
      ...kept.map(([level]) => ({ slot: 'level' as const, level, ...empty })),
      ...(rare >= leastOfLevel ? [{ slot: 'other' as const, ...empty }] : []),
      ...(missing >= leastOfLevel ? [{ slot: 'missing' as const, ...empty }] : []),
    ],
  };
};

const byCount = ([one, ones]: readonly [string, number], [other, others]: readonly [string, number]): number =>
  others - ones || (one < other ? -1 : 1);

type Tally = { count: number; good: number };

/** Of a row, its level's rate is taken over the rows of the other folds: its own outcome must not tell itself. */
const learnRates = (column: string, cells: readonly Cell[], examples: readonly Example[]): Learnt => {
  const kept = new Set(
    [...countLevels(cells)]
      .filter(([level, count]) => count >= leastOfLevel && !level.includes('@'))
      .sort(byCount)
      .slice(0, mostRates)
      .map(([level]) => level),
  );
  const keyOf = (cell: Cell) => levelOf(cell) ?? '';
  const foldOf = foldsOf(examples);
  const all = tallyBy(cells.map((cell, at) => ({ key: keyOf(cell), label: examples[at]?.label ?? 0 })));
  const within = Array.from({ length: folds }, (_, fold) =>
    tallyBy(cells.flatMap((cell, at) => (foldOf[at] === fold ? [{ key: keyOf(cell), label: examples[at]?.label ?? 0 }] : []))),
  );
  const rates = Array.from({ length: folds }, (_, fold) => outsideOf(all, within[fold] ?? all));
  const isKept = (key: string) => key === '' || kept.has(key);
  const values = cells.map((cell, at) => (isKept(keyOf(cell)) ? (rates[foldOf[at] ?? 0]?.(keyOf(cell)) ?? 0) : 0));
  const of = logOddsIn(all);
  const scale = Math.sqrt(varianceOf(values));
  const mean = meanOf(values);
  return {
    column: {
      kind: 'rates',
      column,
      levels: [...kept].sort().map((level) => ({ level, logOdds: of(level) })),
      missing: of(''),
      mean,
      scale: scale > 0 ? scale : 1,
      slots: scale > 0 ? [{ slot: 'value', ...empty }] : [],
    },
    values: values.map((it) => (it - mean) / (scale > 0 ? scale : 1)),
  };
};

type Tallies = { readonly total: Tally; readonly byKey: ReadonlyMap<string, Tally> };

const tallyBy = (rows: readonly { readonly key: string; readonly label: number }[]): Tallies => {
  const total = { count: 0, good: 0 };
  const byKey = new Map<string, Tally>();
  for (const { key, label } of rows) {
    const tally = byKey.get(key) ?? { count: 0, good: 0 };
    byKey.set(key, { count: tally.count + 1, good: tally.good + label });
    total.count++;
    total.good += label;
  }
  return { total, byKey };
};

const none: Tally = { count: 0, good: 0 };
const less = (one: Tally, other: Tally): Tally => ({ count: one.count - other.count, good: one.good - other.good });

const outsideOf = (all: Tallies, fold: Tallies) => {
  const rate = rateOf(less(all.total, fold.total));
  return (key: string) => logOdds(less(all.byKey.get(key) ?? none, fold.byKey.get(key) ?? none), rate);
};
const logOddsIn = ({ total, byKey }: Tallies) => {
  const rate = rateOf(total);
  return (key: string) => logOdds(byKey.get(key) ?? none, rate);
};
const rateOf = ({ count, good }: Tally): number => (good + 0.5) / (count + 1);
const logit = (rate: number): number => Math.log(rate / (1 - rate));
const logOdds = ({ count, good }: Tally, rate: number): number => logit((good + drawnBy * rate) / (count + drawnBy)) - logit(rate);
