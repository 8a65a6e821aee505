import type { Cell, Row } from './cells.ts';
import { type Plan, planOf, type UsedPlan } from './columns.ts';
import { encode, encodeOthers, withWeights } from './encode.ts';
import { fitLogistic, logitOf } from './fit.ts';
import { measure, mostRows, refuseUnlessBetter, round, warningsOf } from './held-out.ts';
import { labelsOf } from './labels.ts';
import { meanOf } from './measure.ts';
import { type ModelColumn, modelFormat, type PredictionModel } from './model.ts';
import { refuse } from './refusal.ts';
import { divide, type Example, folds, foldsOf, placeRows } from './split.ts';

export type TrainingTable = { readonly columns: readonly string[]; readonly rows: readonly Row[] };
export type TrainingOptions = {
  readonly label: string;
  /** The word of the good outcome, where the words do not tell by themselves. */
  readonly positive?: string;
  readonly drop?: readonly string[];
  /** A column with the score of the rules, which is to be beaten; not learnt from. */
  readonly baseline?: string;
  readonly source: PredictionModel['source'];
  /** YYYY-MM-DD; there is no clock here. */
  readonly trainedOn: string;
  readonly least?: { readonly rows?: number; readonly ofEach?: number };
};

export const leastOutcomes = { rows: 200, ofEach: 50 };
const shareHeldOut = 0.25;
const strengths = [100, 10, 1, 0.1];
/** More rows than these do not choose another strength, and take long. */
const mostForStrength = 20_000;
/** Solving takes the third power of it. */
const mostPlacesInAll = 1000;

/**
 * Learns from outcomes how likely a good one is. The same rows, in whatever order, give the same model to the byte. A quarter of
 * the rows is held out, and judges what was learnt from the others. Throws TrainingRefused, in words, rather than give a bad model.
 */
export const train = (table: TrainingTable, options: TrainingOptions): PredictionModel => {
  const { examples, positive, withoutOutcome } = readExamples(table, options);
  const plans = plansOf(table.columns, examples, options);
  const used = plans.filter((it) => it.kind !== 'none');
  if (used.length === 0)
    refuse(
      `there is nothing to learn from: ${plans.map((it) => `${it.column}${it.kind === 'none' ? ` (${it.because})` : ''}`).join('; ')}`,
    );
  const placed = placeRows(
    examples,
    used.map((it) => it.column),
  ).slice(0, mostRows);
  const [heldOut, learnt] = divide(placed, shareHeldOut);
  const encoded = encode(used, learnt);
  if (encoded.size > mostPlacesInAll)
    refuse(`the columns need ${encoded.size} weights, and ${mostPlacesInAll} is the most: leave some out with --drop`);
  const { l2, slope, intercept: shift } = tune(used, learnt);
  const { weights } = fitLogistic(
    encoded.rows,
    learnt.map((it) => it.label),
    encoded.size,
    l2,
  );
  const good = placed.filter((it) => it.label === 1).length;
  const fitted = {
    format: modelFormat,
    trainedOn: options.trainedOn,
    source: options.source,
    label: options.label,
    positive,
    counts: {
      rows: placed.length,
      positive: good,
      trained: learnt.length,
      heldOut: heldOut.length,
      withoutOutcome,
      repeated: placed.length - new Set(placed.map((it) => it.place)).size,
    },
    baseRate: round(good / placed.length),
    l2,
    intercept: round(weights[0] ?? 0),
    calibration: { slope: round(slope), intercept: round(shift) },
    columns: withWeights(encoded.columns, weights, (it) => it).map(roundColumn),
  } as const;
  const measured = measure(fitted, heldOut, options.baseline);
  refuseUnlessBetter(measured, options.baseline);
  return {
    ...fitted,
    columns: [...fitted.columns],
    heldOut: measured,
    notUsed: plans.flatMap((it) => (it.kind === 'none' ? [{ column: it.column, because: it.because }] : [])),
    warnings: warningsOf({ plans, learnt, measured, slope, repeated: fitted.counts.repeated, rows: examples.length }),
  };
};

type Unplaced = Omit<Example, 'place'>;

const readExamples = ({ columns, rows }: TrainingTable, options: TrainingOptions) => {
  const { label, positive, baseline, drop = [], least } = options;
  for (const named of [label, ...drop, ...(baseline === undefined ? [] : [baseline])])
    if (!columns.includes(named)) refuse(`there is no column "${named}"; there are: ${columns.join(', ')}`);
  const labels = labelsOf(
    label,
    rows.map((it) => it[label]),
    positive,
  );
  const examples = rows.flatMap((row): Unplaced[] => {
    const it = labels.of(row[label]);
    if (it === undefined) return [];
    return [{ row, label: it, ...(baseline !== undefined && { baseline: numberIn(row[baseline]) }) }];
  });
  const good = examples.filter((it) => it.label === 1).length;
  const { rows: leastRows, ofEach } = { ...leastOutcomes, ...least };
  if (examples.length < leastRows || good < ofEach || examples.length - good < ofEach)
    refuse(
      `there are ${examples.length} outcomes, ${good} good and ${examples.length - good} bad; ${leastRows} are needed, and ${ofEach} of each. From fewer, chance would be learnt`,
    );
  return { examples, positive: labels.positive, withoutOutcome: rows.length - examples.length };
};

const numberIn = (cell: Cell): number => (Number.isFinite(Number(cell)) ? Number(cell) : 0);

const plansOf = (
  columns: readonly string[],
  examples: readonly Unplaced[],
  { label, drop = [], baseline }: TrainingOptions,
): readonly Plan[] =>
  columns
    .filter((it) => it !== label && it !== baseline)
    .map(
      (column): Plan =>
        drop.includes(column)
          ? { kind: 'none', column, because: 'left out on request' }
          : planOf(
              column,
              examples.map(({ row }) => row[column]),
            ),
    );

/**
 * How much weights are drawn to 0, and how the log-odds are calibrated (Platt 1999): both from rows that the model judging
 * them has not seen, by cross-validation within the rows to learn from.
 */
const tune = (used: readonly UsedPlan[], learnt: readonly Example[]) => {
  const rows = learnt.slice(0, mostForStrength);
  const foldOf = foldsOf(rows);
  const logits = strengths.map(() => new Array<number>(rows.length).fill(0));
  for (let fold = 0; fold < folds; fold++) {
    const within = rows.filter((_, at) => foldOf[at] !== fold);
    const outside = rows.flatMap((it, at) => (foldOf[at] === fold ? [{ it, at }] : []));
    const encoded = encode(used, within);
    const others = encodeOthers(
      encoded.columns,
      outside.map(({ it }) => it),
    );
    const outcomes = within.map((it) => it.label);
    let start: readonly number[] | undefined;
    strengths.forEach((l2, index) => {
      start = fitLogistic(encoded.rows, outcomes, encoded.size, l2, start).weights;
      const weights = start;
      outside.forEach(({ at }, row) => {
        const into = logits[index];
        const sparse = others[row];
        if (into && sparse) into[at] = logitOf(weights, sparse);
      });
    });
  }
  const labels = rows.map((it) => it.label);
  const losses = logits.map((it) => lossOf(it, labels));
  const best = losses.indexOf(Math.min(...losses));
  return { l2: strengths[best] ?? 1, ...calibrate(logits[best] ?? [], labels) };
};

const lossOf = (logits: readonly number[], labels: readonly number[]): number =>
  meanOf(logits.map((it, at) => Math.max(it, 0) + Math.log1p(Math.exp(-Math.abs(it))) - (labels[at] ?? 0) * it));

/** Two numbers, with outcomes a little inside of 0 and 1 as Platt has them, so that nothing becomes certain. */
const calibrate = (logits: readonly number[], labels: readonly number[]) => {
  const good = labels.reduce((sum, it) => sum + it, 0);
  const [high, low] = [(good + 1) / (good + 2), 1 / (labels.length - good + 2)];
  const rows = logits.map((it) => ({ at: [0], value: [it] }));
  const { weights } = fitLogistic(
    rows,
    labels.map((it) => (it === 1 ? high : low)),
    1,
    1e-3,
  );
  return { slope: weights[1] ?? 1, intercept: weights[0] ?? 0 };
};

const roundColumn = (it: ModelColumn): ModelColumn => {
  const slots = it.slots.map((slot) => ({ ...slot, weight: round(slot.weight), mean: round(slot.mean) }));
  switch (it.kind) {
    case 'number':
      return { ...it, slots, mean: round(it.mean), scale: round(it.scale) };
    case 'category':
      return { ...it, slots };
    case 'rates':
      return {
        ...it,
        slots,
        mean: round(it.mean),
        scale: round(it.scale),
        missing: round(it.missing),
        levels: it.levels.map(({ level, logOdds }) => ({ level, logOdds: round(logOdds) })),
      };
  }
};
