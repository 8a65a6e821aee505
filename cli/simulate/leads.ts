import { createReadStream, existsSync } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import { fractionOf } from '#core/hash';
import type { Block, Cells, Plan } from '#local/simulate/plan';
import { chosenBlocks, isSample, leadsOf } from '#local/simulate/sample';

/** How many rows a list has; undefined: there is no list. What is wrong with the file as a whole is thrown in words. */
export const countRows = async (file: string | undefined): Promise<number | undefined> => {
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw new Error(`--leads: there is no file ${file}`);
  let rows = 0;
  let trouble: string | undefined;
  for await (const row of readCsv(createReadStream(file))) {
    if ('problem' in row) trouble ??= `${file}:${row.line}: ${row.problem}`;
    else rows++;
  }
  if (rows === 0) throw new Error(trouble ?? `${file} has no leads`);
  return rows;
};

type Cut = Pick<Plan, 'seed' | 'leads' | 'blockSize' | 'sample'>;

/** The rows of a list in blocks, read as they are asked for: the file is never held as a whole. */
export const rowBlocks = (file: string, plan: Cut): (() => AsyncGenerator<Block>) =>
  isSample(plan) ? sampledRows(file, plan) : allRows(file, plan);

const allRows = (file: string, plan: Cut) =>
  async function* (): AsyncGenerator<Block> {
    yield* inBlocks(chosenBlocks(plan), rowsIn(file));
  };

/** So many blocks are dealt at once. */
const dealtBlocks = 40;

/**
 * Rows by a draw of their address, so that neither the order of the list nor a second row of one address decides who is in: lists come
 * sorted by country, source or age. They are dealt to blocks the same way, so that blocks differ by chance alone.
 */
const sampledRows = (file: string, plan: Cut) => {
  const blocks = chosenBlocks(plan);
  const draw = (what: string, { email = '' }: Cells, row: number) =>
    fractionOf(`${plan.seed} ${what} ${email.trim().toLowerCase() || row}`);
  let known: Promise<Cutoff> | undefined;
  return async function* (): AsyncGenerator<Block> {
    known ??= cutoffOf(rowsIn(file), (cells, row) => draw('sample', cells, row), leadsOf(blocks));
    let { below, ties } = await known;
    const isIn = (drawn: number) => drawn < below || (drawn === below && ties-- > 0);
    let [row, at] = [0, 0];
    let held: { readonly cells: Cells; readonly order: number }[] = [];
    for await (const cells of rowsIn(file)) {
      row++;
      if (!isIn(draw('sample', cells, row))) continue;
      held.push({ cells, order: draw('deal', cells, row) });
      const next = blocks.slice(at, at + dealtBlocks);
      if (held.length < leadsOf(next)) continue;
      yield* inBlocks(
        next,
        held.sort((one, other) => one.order - other.order).map((it) => it.cells),
      );
      held = [];
      at += next.length;
    }
  };
};

type Cutoff = { readonly below: number; readonly ties: number };

/** Below which drawn number rows are in, and how many of those that drew it itself. */
const cutoffOf = async (rows: AsyncIterable<Cells>, draw: (cells: Cells, row: number) => number, wanted: number): Promise<Cutoff> => {
  const drawn: number[] = [];
  for await (const cells of rows) drawn.push(draw(cells, drawn.length + 1));
  const sorted = Float64Array.from(drawn).sort();
  const below = sorted[wanted - 1] ?? 1;
  return { below, ties: wanted - sorted.indexOf(below) };
};

async function* rowsIn(file: string): AsyncGenerator<Cells> {
  for await (const row of readCsv(createReadStream(file))) if (!('problem' in row)) yield row.cells;
}

async function* inBlocks(blocks: readonly Block[], all: AsyncIterable<Cells> | Iterable<Cells>): AsyncGenerator<Block> {
  let [at, rows]: [number, Cells[]] = [0, []];
  for await (const cells of all) {
    rows.push(cells);
    const block = blocks[at];
    if (!block || rows.length < block.size) continue;
    yield { ...block, rows };
    at++;
    rows = [];
  }
}
