import { createReadStream, existsSync } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import type { Block, Cells, Plan } from '#local/simulate/plan';

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

/** The rows of a list in blocks, read as they are asked for: the file is never held as a whole. */
export const rowBlocks = (file: string, { blockSize }: Pick<Plan, 'blockSize'>) =>
  async function* (): AsyncGenerator<Block> {
    let rows: Cells[] = [];
    let index = 0;
    const block = (): Block => ({ index, from: index * blockSize, size: rows.length, rows });
    for await (const row of readCsv(createReadStream(file))) {
      if ('problem' in row) continue;
      rows.push(row.cells);
      if (rows.length < blockSize) continue;
      yield block();
      index++;
      rows = [];
    }
    if (rows.length > 0) yield block();
  };
