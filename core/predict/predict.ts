import { type Cell, levelOf, numberOf, type Row, textOf } from './cells.ts';
import type { ModelColumn, PredictionModel } from './model.ts';

/** What a column adds to the log-odds of this lead, compared with the average lead. */
export type Contribution = { readonly column: string; readonly words: string; readonly logOdds: number };
export type Prediction = {
  readonly probability: number;
  /** Log-odds of the average lead; with all contributions it is the log-odds of this one. */
  readonly base: number;
  /** The largest first. */
  readonly contributions: readonly Contribution[];
};

/** Needs no library: it runs wherever a lead is judged. */
export const predict = (model: PredictionModel, row: Row): Prediction => {
  const { slope, intercept } = model.calibration;
  const average = model.columns.reduce((sum, it) => sum + averageOf(it), model.intercept);
  const base = slope * average + intercept;
  const contributions = model.columns
    .map((it) => {
      const cell = row[it.column];
      return { column: it.column, words: inWords(it, cell), logOdds: slope * (scoreOf(it, cell) - averageOf(it)) };
    })
    .sort((one, other) => Math.abs(other.logOdds) - Math.abs(one.logOdds) || (one.column < other.column ? -1 : 1));
  return { probability: sigmoid(contributions.reduce((sum, it) => sum + it.logOdds, base)), base, contributions };
};

/** Never quite 0 or 1, and never not a number. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-Math.max(-35, Math.min(35, logit))));

/** Log-odds before calibration. */
export const rawLogit = (model: Pick<PredictionModel, 'intercept' | 'columns'>, row: Row): number =>
  model.columns.reduce((sum, it) => sum + scoreOf(it, row[it.column]), model.intercept);

const averageOf = ({ slots }: ModelColumn): number => slots.reduce((sum, it) => sum + it.weight * it.mean, 0);
const scoreOf = (column: ModelColumn, cell: Cell): number =>
  activeSlots(column, cell).reduce((sum, [at, value]) => sum + (column.slots[at]?.weight ?? 0) * value, 0);

export type ActiveSlot = readonly [at: number, value: number];

/** Which slots of a column a cell fills, and with what; the others are 0. */
export const activeSlots = (column: ModelColumn, cell: Cell): readonly ActiveSlot[] => {
  const at = (slot: string, level?: string) => column.slots.findIndex((it) => it.slot === slot && it.level === level);
  const one = (index: number): readonly ActiveSlot[] => (index < 0 ? [] : [[index, 1]]);
  switch (column.kind) {
    case 'number': {
      const value = numberOf(cell, column.decimal);
      const bounded = Math.min(column.high, Math.max(column.low, value ?? column.fill));
      return [[at('value'), (bounded - column.mean) / column.scale], ...(value === undefined ? one(at('missing')) : [])];
    }
    case 'category': {
      const level = levelOf(cell);
      if (level === undefined) return one(at('missing'));
      const known = at('level', level);
      return one(known < 0 ? at('other') : known);
    }
    case 'rates':
      return [[at('value'), (logOddsOf(column, levelOf(cell)) - column.mean) / column.scale]];
  }
};

const logOddsOf = ({ levels, missing }: ModelColumn & { readonly kind: 'rates' }, level: string | undefined): number =>
  level === undefined ? missing : (levels.find((it) => it.level === level)?.logOdds ?? 0);

const inWords = ({ kind, column }: ModelColumn, cell: Cell): string => {
  const text = textOf(cell);
  if (text === undefined) return `${column} is not known`;
  return kind === 'number' ? `${column} ${text}` : `${column} is ${text}`;
};
