import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
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
  const lines = readFileSync(path, 'utf8').split('\n');
  // The line feed is written with its line: what stands behind the last one was never acknowledged.
  lines.pop();
  for (const line of lines) apply(entries, JSON.parse(line) as Line<T>);
  return entries;
};

const apply = <T>(entries: Map<string, T>, line: Line<T>): void => {
  if (line.length === 1) entries.delete(line[0]);
  else entries.set(line[0], line[1] as T);
};

const compact = <T>(path: string, entries: Map<string, T>): void => {
  const fresh = `${path}.new`;
  writeFileSync(fresh, [...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  renameSync(fresh, path);
};
