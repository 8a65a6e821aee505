import { discardsPk } from '#core/keys';
import type { Table } from '#core/table';
import { fromItem } from './items.ts';

/** A message that a person threw away, as long as the table lives: ids only, never what else it said. */
export type Discard = {
  readonly messageId: string;
  readonly queue: string;
  readonly ids: { readonly [name: string]: string | number };
  readonly sentAt: string;
  readonly receives: number;
  readonly error?: string;
  readonly at: string;
  readonly who: string;
  readonly why: string;
};

export const discardStore = (table: Table) => ({
  /** The first word stays: whoever repeats it after a crash says nothing new. */
  note: async (discard: Discard): Promise<void> =>
    void (await table.put({ pk: discardsPk, sk: discard.messageId, ...discard }, { exists: false })),
  /** The latest first. */
  all: async (): Promise<readonly Discard[]> =>
    (await table.query(discardsPk, '')).map((it) => fromItem<Discard>(it)).sort((one, other) => (one.at < other.at ? 1 : -1)),
});
export type Discards = ReturnType<typeof discardStore>;
