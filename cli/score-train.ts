import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readCsv } from '#adapters/files/csv';
import type { LiveConfig } from '#core/config';
import type { History } from '#core/ports';
import type { Row } from '#core/predict/cells';
import type { PredictionModel } from '#core/predict/model';
import { outcomeLabel, outcomesOf, rulesColumn } from '#core/predict/outcomes';
import { leastOutcomes, type TrainingOptions, type TrainingTable, train } from '#core/predict/train';

export type TrainOptions = {
  readonly from?: string;
  readonly label?: string;
  readonly positive?: string;
  readonly drop?: readonly string[];
  readonly baseline?: string;
  readonly out: string;
  readonly minOutcomes?: number;
  /** YYYY-MM-DD. */
  readonly today: string;
};

export type Trained = { readonly model: PredictionModel; readonly out: string; readonly skipped: readonly string[] };

/** Learns from a labelled CSV file. Throws TrainingRefused, and then writes nothing. */
export const trainFile = async (options: TrainOptions & { readonly from: string }): Promise<Trained> => {
  const { from, label } = options;
  if (label === undefined) throw new Error(`which column of ${from} tells the outcome? Say it with --label <column>`);
  const { table, skipped } = await readTable(from);
  return write(
    table,
    { ...settingsOf(options), label, source: 'file', ...(options.baseline !== undefined && { baseline: options.baseline }) },
    options.out,
    skipped,
  );
};

/** Learns from what became of the leads of a deployment, against the points of its rules. */
export const trainLeads = async (histories: AsyncIterable<History>, live: LiveConfig, options: TrainOptions): Promise<Trained> => {
  const table = await outcomesIn(histories, live);
  if (table.rows.length === 0)
    throw new Error(
      'no lead has an outcome yet: sales accepts or won it (sal, sql, won), or lost or gave it back (lost, recycled). To try it on a file: --from leads.csv --label <column>',
    );
  return write(
    table,
    { ...settingsOf(options), label: outcomeLabel, positive: 'good', baseline: rulesColumn, source: 'leads' },
    options.out,
    [],
  );
};

const outcomesIn = async (histories: AsyncIterable<History>, live: LiveConfig): Promise<TrainingTable> => {
  const rows: Row[] = [];
  const columns = new Set<string>();
  // One history at a time: rows are small, histories are not.
  for await (const history of histories) {
    const one = outcomesOf([history], live);
    rows.push(...one.rows);
    for (const column of one.columns) columns.add(column);
  }
  return { columns: [...columns].sort(), rows };
};

const settingsOf = ({ positive, drop, minOutcomes, today }: TrainOptions): Omit<TrainingOptions, 'label' | 'source'> => ({
  trainedOn: today,
  ...(positive !== undefined && { positive }),
  ...(drop && { drop }),
  ...(minOutcomes !== undefined && {
    least: { rows: minOutcomes, ofEach: Math.min(leastOutcomes.ofEach, Math.ceil(minOutcomes / 4)) },
  }),
});

const write = async (table: TrainingTable, options: TrainingOptions, out: string, skipped: readonly string[]): Promise<Trained> => {
  const model = train(table, options);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify(model, undefined, 2)}\n`);
  return { model, out, skipped };
};

const readTable = async (from: string): Promise<{ readonly table: TrainingTable; readonly skipped: readonly string[] }> => {
  const rows: Row[] = [];
  const skipped: string[] = [];
  for await (const row of readCsv(createReadStream(from), { isExport: true })) {
    if ('cells' in row) rows.push(row.cells);
    else skipped.push(`line ${row.line}: ${row.problem}`);
  }
  if (rows.length === 0) throw new Error(`${from} has no rows${skipped.length > 0 ? `: ${skipped[0]}` : ''}`);
  return { table: { columns: Object.keys(rows[0] ?? {}).filter((it) => it !== ''), rows }, skipped };
};

const mostSkipped = 3;
const mostWeights = 12;

export const trainedInWords = ({ model, out, skipped }: Trained): string => {
  const { counts, heldOut, warnings, notUsed } = model;
  const { auc, baseline, gain, brier, brierOfBaseRate, bins } = heldOut;
  const beaten = baseline.of === 'rules' ? 'the points of the rules' : 'chance';
  return [
    `Learnt from ${counts.trained} of ${counts.rows} outcomes, ${counts.positive} of them good (“${model.positive}”), and tested on the other ${counts.heldOut}.`,
    `  AUC ${two(auc.value)} (${two(auc.low)} to ${two(auc.high)}): so often a good lead stands above a bad one. ${beaten}: ${two(baseline.auc)}; better by ${two(gain.low)} to ${two(gain.high)}.`,
    `  Brier score ${brier.toFixed(3)}; saying ${percent(model.baseRate)} of everybody would have ${brierOfBaseRate.toFixed(3)}. Lower is better.`,
    `  said and happened: ${bins.map((it) => `${percent(it.predicted)} → ${percent(it.observed)}`).join(', ')}`,
    ...section('What counts most', strongest(model)),
    ...section('Look at these', warnings),
    ...section(
      'Not used',
      notUsed.map((it) => `${it.column}: ${it.because}`),
    ),
    ...section('Rows that could not be read', [
      ...skipped.slice(0, mostSkipped),
      ...(skipped.length > mostSkipped ? [`and ${skipped.length - mostSkipped} more`] : []),
    ]),
    ...(counts.withoutOutcome > 0 ? ['', `${counts.withoutOutcome} rows have no outcome and were left out.`] : []),
    '',
    `Written to ${out}. Review it like code; scoring.yaml says what it is used for (docs/predictive.md).`,
  ].join('\n');
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((it) => `  ${it}`)];
const two = (it: number): string => it.toFixed(2);
const percent = (it: number): string => `${Math.round(it * 100)} %`;

/** Numbers by a usual difference (one standard deviation), levels against the average lead. */
const strongest = ({ columns, calibration }: PredictionModel): readonly string[] =>
  columns
    .flatMap(({ column, slots }) =>
      slots.map(({ slot, level, weight, mean }) => {
        const words =
          slot === 'value'
            ? `${column}, a usual difference more`
            : `${column} is ${slot === 'level' ? level : slot === 'other' ? 'something rare' : 'not known'}`;
        return { words, by: calibration.slope * weight * (slot === 'value' ? 1 : 1 - mean) };
      }),
    )
    .sort((one, other) => Math.abs(other.by) - Math.abs(one.by) || (one.words < other.words ? -1 : 1))
    .slice(0, mostWeights)
    .map(({ words, by }) => `${by < 0 ? '−' : '+'}${Math.abs(by).toFixed(2)}  ${words}`);
