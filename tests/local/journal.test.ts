import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '#local/journal';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = fc.constantFrom('a', 'b', 'c\nd', 'é');
const change = fc.oneof(fc.tuple(key, fc.jsonValue()), fc.tuple(key));

describe('the journal', () => {
  it('is the map it was, after any changes and any number of restarts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 4 }), (sessions) => {
        rmSync(folder, { recursive: true, force: true });
        const expected = new Map<string, unknown>();
        for (const changes of sessions) {
          const journal = openJournal(folder);
          const map = journal.map<unknown>('m');
          expect(new Map(map.entries())).toEqual(expected);
          for (const [name, value] of changes) {
            if (value === undefined) {
              map.delete(name);
              expected.delete(name);
            } else {
              map.set(name, value);
              expected.set(name, JSON.parse(JSON.stringify(value)));
            }
          }
          journal.close();
        }
        expect(new Map(openJournal(folder).map<unknown>('m').entries())).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('comes back as a prefix of the changes when a kill tears the end off', () => {
    const journal = openJournal(folder);
    const map = journal.map<number>('m');
    for (let at = 0; at < 20; at++) map.set(`k${at}`, at);
    journal.close();
    const path = join(folder, 'm.ndjson');
    const whole = readFileSync(path);
    for (let size = whole.length; size > 0; size -= 3) {
      writeFileSync(path, whole);
      truncateSync(path, size);
      const again = openJournal(folder);
      const kept = [...again.map<number>('m').entries()];
      again.close();
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => [`k${at}`, at]));
      expect(kept.length).toBe(whole.subarray(0, size).toString().split('\n').length - 1);
    }
  });
});
