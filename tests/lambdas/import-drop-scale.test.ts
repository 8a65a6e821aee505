import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { dropsOn } from '#adapters/files/drops';
import { dropStateStore } from '#adapters/stores/drop-states';
import type { DropMessage } from '#core/imports/drop';
import { addSeconds } from '#core/instant';
import type { Ports } from '#core/ports';
import { importDrop } from '#lambdas/events/import-drop';
import { aMapping } from '#tests/helpers/mappings';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { tableKinds } from '#tests/helpers/tables';
import { aWorld, start } from '#tests/helpers/world';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What is really held. */
const heapUsed = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

const rows = 300_000;
const lineOf = (at: number) => (at % 1000 === 999 ? 'nobody,2026-01-01,x\n' : `person-${at}@example.com,2026-01-01,Somewhere ${at}\n`);

/** Never whole anywhere: made as it is read. Lines of equal length would hide a wrong offset. */
const madeUp = () => {
  const header = Buffer.from('Mail,At,City\n');
  const starts: number[] = [];
  async function* bytes(offset: number): AsyncGenerator<Uint8Array> {
    let at = 0;
    let row = -1;
    // From the last known row before the offset on.
    for (let known = starts.length - 1; known >= 0; known--) {
      if ((starts[known] ?? 0) > offset) continue;
      at = starts[known] ?? 0;
      row = known * 1000;
      break;
    }
    let chunk: Buffer[] = [];
    let size = 0;
    for (; row < rows; row++) {
      if (row >= 0 && row % 1000 === 0) starts[row / 1000] = at;
      const line = row < 0 ? header : Buffer.from(lineOf(row));
      if (at + line.length > offset) {
        const wanted = line.subarray(Math.max(0, offset - at));
        chunk.push(wanted);
        size += wanted.length;
      }
      at += line.length;
      if (size < 64_000) continue;
      yield Buffer.concat(chunk);
      chunk = [];
      size = 0;
    }
    yield Buffer.concat(chunk);
  }
  return bytes;
};

describe('a list of 300,000 rows', () => {
  it('passes through in bounded memory, part by part', async () => {
    const world = await aWorld({
      live: { ...liveConfig, imports: { list: aMapping('email: Mail\nupdated-at: At\ncolumns: { City: city }', 'list') } },
    });
    const bytes = madeUp();
    const files = new Map<string, string>();
    const drops = dropsOn({
      open: async (_, offset) => bytes(offset),
      get: async (key) => files.get(key),
      put: async (key, text) => void files.set(key, text),
    });
    const waiting: DropMessage[] = [{ key: 'leads/list/all.csv', etag: 'e' }];
    let leads = 0;
    // What is measured is the import: the table forgets leads.
    const use: Ports = {
      ...world.ports,
      drops,
      leads: { ...world.ports.leads, upsert: async () => (leads++, 'created') },
      aliases: { ...world.ports.aliases, resolve: async (id) => id, trail: async (id) => [id] },
      importQueue: { push: async (it) => void waiting.push(it) },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    };
    const before = heapUsed();
    let peak = 0;
    let parts = 0;
    const began = performance.now();
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      await importDrop(use)(message);
      parts++;
      if (parts % 10 === 0) peak = Math.max(peak, heapUsed() - before);
    }
    const seconds = (performance.now() - began) / 1000;
    console.log(`${rows} rows in ${parts} parts, ${seconds.toFixed(1)} s, heap grew by at most ${(peak / 1e6).toFixed(1)} MB`);
    const summary = JSON.parse([...files].find(([key]) => key.endsWith('.json'))?.[1] ?? '{}') as object;
    expect(summary).toMatchObject({ state: 'done', rows, taken: rows - 300, rejected: 300 });
    expect(leads).toBe(rows - 300);
    expect(parts).toBe(61);
    expect(peak).toBeLessThan(25e6);
  }, 120_000);
});

describe.each(tableKinds.filter((it) => it.kind !== 'DynamoDB Local'))('the state of an import on $kind', ({ open }) => {
  it('is one’s at a time, until the lease is over, and ends once', async () => {
    const { table, close } = await open();
    try {
      const states = dropStateStore(table);
      const later = addSeconds(start, 60);
      const first = await states.claim('d-1', start, later);
      if (typeof first === 'string') throw new Error(first);
      expect(await states.claim('d-1', addSeconds(start, 59), addSeconds(start, 119))).toBe('busy');
      const second = await states.claim('d-1', addSeconds(start, 61), addSeconds(start, 121));
      if (typeof second === 'string') throw new Error(second);
      expect([first.claims, second.claims, second.startedAt]).toEqual([1, 2, start]);
      expect(await states.record('d-1', { ...first, rows: 1 })).toBe('refused');
      const place = { encoding: 'utf-8', delimiter: ',', headers: ['a'], offset: 7, line: 3 };
      expect(await states.record('d-1', { ...second, rows: 5, place })).toBe('recorded');
      expect(await states.claim('d-1', addSeconds(start, 62), later)).toMatchObject({ rows: 5, place, claims: 3 });
      expect(await states.record('d-1', { ...second, claims: 3, state: 'done' })).toBe('recorded');
      expect(await states.claim('d-1', addSeconds(start, 300), later)).toBe('ended');
    } finally {
      await close();
    }
  }, 60_000);
});
