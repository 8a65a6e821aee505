import { digestPk } from '#core/keys';
import type { DigestState, Digests } from '#core/ports';
import type { Table } from '#core/table';
import { fromItem } from './items.ts';

/** One row a week. */
export const digestStore = (table: Table): Digests => {
  const keyOf = (name: string) => ({ pk: digestPk, sk: name });
  const find = async (name: string): Promise<DigestState | undefined> => {
    const item = await table.get(keyOf(name));
    return item && fromItem<DigestState>(item);
  };
  return {
    find,
    claim: async (name, now, until) => {
      const before = await find(name);
      if (before?.doneAt !== undefined || (before?.leaseUntil ?? '') > now) return undefined;
      const next: DigestState = { ...before, sentTo: before?.sentTo ?? [], leaseUntil: until, revision: (before?.revision ?? 0) + 1 };
      const written = await table.put(
        { ...keyOf(name), ...next },
        before ? { exists: true, equals: { revision: before.revision } } : { exists: false },
      );
      return written === 'written' ? next : undefined;
    },
    save: async (name, before, next) => {
      const written = await table.put(
        { ...keyOf(name), ...next, revision: before.revision + 1 },
        { exists: true, equals: { revision: before.revision } },
      );
      return written === 'written' ? { ...next, revision: before.revision + 1 } : undefined;
    },
  };
};
