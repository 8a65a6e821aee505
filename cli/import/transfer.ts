import type { Answer } from '#cli/import/api';
import type { Memory } from '#cli/import/memory';
import type { Unit, Units } from '#cli/import/units';
import type { LineNote } from '#core/imports/report-line';

/** The API takes 500 at a time; fewer are surely written within the half minute that a request has. */
const batchItems = 100;
const batchBytes = 800_000;

type Batch = {
  rows: number;
  bytes: number;
  readonly items: { readonly line: number; readonly item: object }[];
  readonly notes: LineNote[];
};
const empty = (): Batch => ({ rows: 0, bytes: 0, items: [], notes: [] });

/** Sends what was not sent yet, batch by batch; each that was answered is on record before the next one goes. */
export const transfer = async (units: Units, memory: Memory, send: (items: readonly object[]) => Promise<Answer>): Promise<void> => {
  let toSkip = memory.progress().rows;
  let batch = empty();
  for await (const unit of units) {
    if (toSkip-- > 0) continue;
    const bytes = 'items' in unit ? Buffer.byteLength(JSON.stringify(unit.items)) : 0;
    if (batch.rows > 0 && (batch.bytes + bytes > batchBytes || batch.items.length >= batchItems)) {
      await flush(batch, memory, send);
      batch = empty();
    }
    add(batch, unit, bytes);
  }
  await flush(batch, memory, send);
};

const add = (batch: Batch, unit: Unit, bytes: number): void => {
  batch.rows++;
  batch.bytes += bytes;
  if ('rejected' in unit) batch.notes.push({ line: unit.line, kind: 'rejected', ...unit.rejected });
  else if (bytes > batchBytes) batch.notes.push({ line: unit.line, kind: 'rejected', reason: 'the row is too long' });
  else batch.items.push(...unit.items.map((item) => ({ line: unit.line, item })));
};

const flush = async (batch: Batch, memory: Memory, send: (items: readonly object[]) => Promise<Answer>): Promise<void> => {
  if (batch.rows === 0) return;
  if (batch.items.length === 0) return memory.record(batch.rows, {}, batch.notes);
  const { body } = await send(batch.items.map((it) => it.item));
  const notes = [...batch.notes, ...notesOf(body.rejected, 'rejected', batch), ...notesOf(body.warnings, 'warning', batch)];
  const counts = Object.entries(body).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []));
  memory.record(
    batch.rows,
    Object.fromEntries(counts),
    notes.sort((one, other) => one.line - other.line),
  );
};

/** The API speaks of items by their place in the batch. */
const notesOf = (given: unknown, kind: LineNote['kind'], { items }: Batch): readonly LineNote[] =>
  (Array.isArray(given) ? given : []).map((it: { index?: number; column?: string; reason?: string }) => ({
    line: items[it.index ?? 0]?.line ?? 0,
    kind,
    reason: it.reason ?? 'it was refused',
    ...(it.column !== undefined && { column: it.column }),
  }));
