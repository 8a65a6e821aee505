import { addSeconds, type Instant } from '#core/instant';
import type { SendRecord } from '#core/sending';
import type { Item, Key, Table } from '#core/table';
import type { World } from '#local/world';
import type { Faults } from './faults.ts';
import type { Input } from './inputs.ts';
import { keyOfSend } from './watch.ts';

/** What a restored backup took away. `sends`: those whose rows are gone, or as they were before SES took the mail. */
export type Restored = { readonly takenAt: Instant; readonly at: Instant; readonly sends: ReadonlySet<string> };

type WholeTable = Table & { readonly all?: () => readonly Item[] };

/** The table as it was hours ago, while executions, queues and the mail service went on. Only where all rows can be read. */
export const restoreLater = (world: World, faults: Faults, seconds: number, startAt: Instant) => {
  const table: WholeTable = world.table;
  let taken: readonly Item[] = [];
  let takenAt = startAt;
  let done: Restored | undefined;
  const at = (part: number) => addSeconds(startAt, Math.floor(seconds * part));
  const hours = 1 + Math.floor(faults.draw('backup hours') * 40);
  const first = at(0.2 + faults.draw('backup at') * 0.5);
  const second = addSeconds(first, hours * 3600);
  const inputs: readonly Input[] = [
    { at: first, what: 'a backup', run: async () => takeBackup() },
    { at: second < at(0.95) ? second : at(0.95), what: 'a restored backup', run: () => restore() },
  ];
  const takeBackup = (): 'taken' => {
    taken = table.all?.() ?? [];
    takenAt = world.clock.now();
    return 'taken';
  };
  const restore = async (): Promise<'taken'> => {
    if (!table.all || !faults.happens('restored', 'the table', `${takenAt}`)) return 'taken';
    const before = table.all();
    for (const it of before) await table.delete(it as unknown as Key);
    for (const it of taken) await table.put(it as Item & Key);
    const kept = new Map(taken.map((it) => [`${it.pk} ${it.sk}`, it]));
    const lost = before.filter((it) => String(it.sk).startsWith('SEND#') && kept.get(`${it.pk} ${it.sk}`)?.state !== it.state);
    done = { takenAt, at: world.clock.now(), sends: new Set(lost.map((it) => keyOfSend(it as unknown as SendRecord))) };
    return 'taken';
  };
  return { inputs, done: () => done };
};
