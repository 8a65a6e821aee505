import { summaryDays, sumsOf } from '#core/console/run-cells';
import { runFiguresOfPk, runFiguresPk } from '#core/keys';
import type { RunFigures, RunSummary } from '#core/ports';
import { inChunks } from '#core/recount';
import { addCells, byPane, type Cells } from '#core/report/cells';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';
import { movedSince } from './live-counts.ts';

const rowSk = (generation: string, row: number): string => `${generation}#${String(row).padStart(4, '0')}`;
const overviewKey = { pk: runFiguresPk, sk: '(all)' };
/** In short: one row a sequence in one partition, and one of all leads. */
export const runFigureStore = (table: Table): RunFigures => ({
  all: async () => {
    const items = await table.query(runFiguresPk, '', 'eventual');
    const overview = items.find((it) => it.sk === overviewKey.sk);
    if (!overview) return { stages: {}, sequences: [] };
    const moved = await movedSince(table, String(overview.asOf));
    const panes = byPane(moved.cells);
    const summaries = items.filter((it) => it !== overview).map((it) => fromItem<RunSummary>(it));
    return {
      asOf: String(overview.asOf),
      ...(moved.asOf !== undefined && { movedAt: moved.asOf }),
      stages: sumOf((overview.stages ?? {}) as Cells, panes.get('stage')),
      sequences: summaries.map((it) => ({
        ...it,
        running: it.running + sumsOf(panes.get(`run ${it.sequence}`) ?? {}, summaryDays).running,
      })),
    };
  },
  ofSequence: async (sequence) => {
    const pk = runFiguresOfPk(sequence);
    const state = await table.get({ pk, sk: 'STATE' });
    if (!state) return undefined;
    const cells: Record<string, number> = {};
    for (const row of await table.query(pk, `${state.generation}#`, 'eventual'))
      if (String(row.sk) < rowSk(String(state.generation), Number(state.rows))) addCells(cells, row.cells as Cells);
    const moved = await movedSince(table, String(state.asOf));
    return {
      cells: sumOf(cells, byPane(moved.cells).get(`run ${sequence}`)),
      asOf: String(state.asOf),
      ...(moved.asOf !== undefined && { movedAt: moved.asOf }),
    };
  },
  write: async (sequence, { cells, asOf, summary }) => {
    const pk = runFiguresOfPk(sequence);
    const before = await table.get({ pk, sk: 'STATE' });
    const generation = before?.generation === 'A' ? 'B' : 'A';
    const chunks = inChunks(cells);
    for (const [at, chunk] of chunks.entries()) await table.put({ pk, sk: rowSk(generation, at), cells: chunk });
    await table.put({ pk, sk: 'STATE', generation, rows: chunks.length, asOf });
    await table.put({ pk: runFiguresPk, sk: sequence, ...(summary as unknown as Item) });
  },
  writeAll: async (stages, asOf) => void (await table.put({ ...overviewKey, stages: stages as Item, asOf })),
});

const sumOf = (counted: Cells, moved: Cells = {}): Cells => {
  const sum = { ...counted };
  addCells(sum, moved);
  return sum;
};
