import type { Storage } from './storage.ts';

/** Tells of every write once it is over, also of one that was refused: whoever keeps rows in mind forgets them then. */
export const tellingOfWrites = <Given extends Storage>(storage: Given, onWrite: ((pk: string) => void) | undefined): Given => {
  if (!onWrite) return storage;
  const { table, updateItem } = storage;
  const told = <Result>(pk: string, write: Promise<Result>) => write.finally(() => onWrite(pk));
  return {
    ...storage,
    table: {
      ...table,
      watched: undefined,
      put: (item, condition) => told(item.pk, table.put(item, condition)),
      update: (key, update, condition) => told(key.pk, table.update(key, update, condition)),
      delete: (key) => told(key.pk, table.delete(key)),
    },
    updateItem: (request) => told(partitionOf(request), updateItem(request)),
  };
};

const partitionOf = ({ Key }: Record<string, unknown>): string =>
  (Key as { readonly pk?: { readonly S?: string } } | undefined)?.pk?.S ?? '';
