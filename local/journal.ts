import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type DurableMap, memoryMap } from './durable-map.ts';

export type Journal = {
  map<T>(name: string): DurableMap<T>;
  /** Changes made so far by this process: the same number, nothing has changed. */
  writes(): number;
  close(): void;
};

/**
 * Maps that survive kill -9: every change is one line, written before the call returns (a killed process loses nothing
 * that it was told is stored; a lost power supply may). Without a folder they live in memory.
 */
export const openJournal = (folder: string | undefined): Journal => {
  let writes = 0;
  if (folder === undefined) return { map: () => counting(memoryMap(), () => writes++), writes: () => writes, close: () => undefined };
  mkdirSync(folder, { recursive: true });
  const open: number[] = [];
  return {
    map: <T>(name: string) => {
      const path = join(folder, `${name}.ndjson`);
      const entries = replay<T>(path);
      compact(path, entries);
      const file = openSync(path, 'a');
      open.push(file);
      return journaled(entries, (line) => {
        writes++;
        writeSync(file, `${JSON.stringify(line)}\n`);
      });
    },
    writes: () => writes,
    close: () => {
      for (const file of open.splice(0)) closeSync(file);
    },
  };
};

const counting = <T>(map: DurableMap<T>, count: () => void): DurableMap<T> => ({
  get: (key) => map.get(key),
  set: (key, value) => {
    count();
    map.set(key, value);
  },
  delete: (key) => {
    count();
    map.delete(key);
  },
  entries: () => map.entries(),
  get size() {
    return map.size;
  },
});

/** `[key, value]` sets, `[key]` deletes. */
type Line<T> = readonly [key: string, value?: T];

const journaled = <T>(entries: Map<string, T>, write: (line: Line<T>) => void): DurableMap<T> => ({
  get: (key) => entries.get(key),
  set: (key, value) => {
    write([key, value]);
    entries.set(key, value);
  },
  delete: (key) => {
    if (!entries.has(key)) return;
    write([key]);
    entries.delete(key);
  },
  entries: () => entries.entries(),
  get size() {
    return entries.size;
  },
});

/** A kill may tear the last line only; one that cannot be read elsewhere throws: the file was not written by us. */
const replay = <T>(path: string): Map<string, T> => {
  const entries = new Map<string, T>();
  if (!existsSync(path)) return entries;
  for (const line of wholeLines(path)) apply(entries, JSON.parse(line) as Line<T>);
  return entries;
};

const chunkBytes = 4 * 1024 * 1024;
const lineFeed = 0x0a;

/** Piece by piece, as a file may be longer than the longest string. What stands behind the last line feed was never acknowledged. */
function* wholeLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(chunkBytes);
  let rest: Buffer[] = [];
  try {
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      let from = 0;
      for (let end = chunk.indexOf(lineFeed); end >= 0 && end < size; end = chunk.indexOf(lineFeed, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
        rest = [];
        from = end + 1;
      }
      rest.push(Buffer.from(chunk.subarray(from, size)));
    }
  } finally {
    closeSync(file);
  }
}

const apply = <T>(entries: Map<string, T>, line: Line<T>): void => {
  if (line.length === 1) entries.delete(line[0]);
  else entries.set(line[0], line[1] as T);
};

const compact = <T>(path: string, entries: Map<string, T>): void => {
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w');
  for (const entry of entries) writeSync(file, `${JSON.stringify(entry)}\n`);
  closeSync(file);
  renameSync(fresh, path);
};
