import type { Instant } from '#core/instant';
import { recountPaneSk, recountPk, recountSliceSk, recountStateSk, reportPk, reportRowSk, windowRowSk, windowStateSk } from '#core/keys';
import type { Recounts } from '#core/ports';
import type { RecountSlice, RecountState } from '#core/recount';
import { inChunks, inRows } from '#core/recount';
import { addCells, type Cells } from '#core/report/cells';
import type { Item, Table } from '#core/table';
import { fromItem, stagePkOf } from './items.ts';

const reportStateKey = { pk: reportPk, sk: 'STATE' };
type ReportState = { readonly generation: string; readonly rows: number; readonly asOf: Instant };
const stateKey = { pk: recountPk, sk: recountStateSk };

/** Rows of one recount are written over by the next: nothing is ever deleted, and the state says which of them count. */
export const recountStore = (table: Table): Recounts => {
  const state = async (): Promise<RecountState | undefined> => {
    const item = await table.get(stateKey);
    return item && fromItem<RecountState>(item);
  };
  return {
    state,
    save: async (before, next) => {
      const item = { ...stateKey, ...(next as unknown as Item) };
      return table.put(item, before ? { exists: true, equals: { revision: before.revision } } : { exists: false });
    },
    writeSlice: async (from, slice) => {
      const rows = inRows(slice);
      for (const [at, row] of rows.entries())
        await table.put({ pk: recountPk, sk: recountSliceSk(from + at), ...(row as unknown as Item) });
      return from + rows.length;
    },
    slices: async (from, upTo) => {
      const found: RecountSlice[] = [];
      for (let at = from; at < upTo; at++) {
        const item = await table.get({ pk: recountPk, sk: recountSliceSk(at) });
        if (item) found.push(fromItem<RecountSlice>(item));
      }
      return found;
    },
    report: async () => {
      const item = await table.get(reportStateKey);
      if (!item) return undefined;
      const { generation, rows, asOf } = fromItem<ReportState>(item);
      const cells: Record<string, number> = {};
      for (let at = 0; at < rows; at++) {
        const row = await table.get({ pk: reportPk, sk: reportRowSk(generation, at) });
        if (row) addCells(cells, fromItem<{ readonly cells: Cells }>(row).cells);
      }
      return { cells, asOf };
    },
    writeReport: async (cells, asOf) => {
      const before = await table.get(reportStateKey);
      const generation = before?.generation === 'A' ? 'B' : 'A';
      const chunks = inChunks(cells);
      for (const [at, chunk] of chunks.entries()) await table.put({ pk: reportPk, sk: reportRowSk(generation, at), cells: chunk });
      await table.put({ ...reportStateKey, generation, rows: chunks.length, asOf });
    },
    window: async (days) => {
      const item = await table.get({ pk: reportPk, sk: windowStateSk(days) });
      if (!item) return undefined;
      const { generation, rows, asOf } = fromItem<ReportState>(item);
      const cells: Record<string, number> = {};
      const found = Array.from({ length: rows }, (_, at) => table.get({ pk: reportPk, sk: windowRowSk(days, generation, at) }));
      for (const row of await Promise.all(found)) if (row) addCells(cells, fromItem<{ readonly cells: Cells }>(row).cells);
      return { cells, asOf };
    },
    writeWindow: async (days, cells, asOf) => {
      const key = { pk: reportPk, sk: windowStateSk(days) };
      const generation = (await table.get(key))?.generation === 'A' ? 'B' : 'A';
      const chunks = inChunks(cells);
      for (const [at, chunk] of chunks.entries()) await table.put({ pk: reportPk, sk: windowRowSk(days, generation, at), cells: chunk });
      await table.put({ ...key, generation, rows: chunks.length, asOf });
    },
    panes: async (at) => {
      const cells: Record<string, number> = {};
      const rows = Array.from({ length: at?.rows ?? 0 }, (_, row) => recountPaneSk(at?.generation ?? 'A', row));
      for (const row of await Promise.all(rows.map((sk) => table.get({ pk: recountPk, sk }))))
        if (row) addCells(cells, fromItem<{ readonly cells: Cells }>(row).cells);
      return cells;
    },
    writePanes: async (before, cells) => {
      const generation = before?.generation === 'A' ? 'B' : 'A';
      const chunks = inChunks(cells);
      for (const [at, chunk] of chunks.entries()) await table.put({ pk: recountPk, sk: recountPaneSk(generation, at), cells: chunk });
      return { generation, rows: chunks.length };
    },
    newestIn: async ({ stage, shard }, limit, after) => {
      const [at = '', leadId = ''] = after?.split('|') ?? [];
      const isBefore = (it: Item) => after === undefined || String(it.createdAt) < at || (it.createdAt === at && leadIdOf(it) < leadId);
      // Of one moment there may be many: those that were shown already are passed over.
      const pk = stagePkOf(stage, shard);
      const found: Item[] = [];
      let next: string | undefined;
      do {
        const range = { limit, descending: true, ...(after !== undefined && { upTo: at }), ...(next !== undefined && { after: next }) };
        const page = await table.queryIndex('gsi2', pk, range);
        found.push(...page.items.filter(isBefore));
        next = page.next;
      } while (found.length < limit && next !== undefined);
      return found.slice(0, limit).map((it) => ({ leadId: leadIdOf(it), at: String(it.createdAt) }));
    },
    leadsIn: async ({ stage, shard }, limit, after) => {
      const page = await table.queryIndex('gsi2', stagePkOf(stage, shard), { limit, ...(after !== undefined && { after }) });
      const leadIds = page.items.map(leadIdOf);
      return { leadIds, ...(page.next !== undefined && { next: page.next }) };
    },
  };
};

const leadIdOf = ({ pk }: Item): string => String(pk).slice('LEAD#'.length);
