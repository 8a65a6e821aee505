import type { Condition, Item } from '#core/table';

/** Nothing revives an erased lead: every write but a creation carries this. */
export const onlyExisting: Condition = { exists: true };

/** A row as its type says, without the keys of the table. Rows are written by these stores and by compiled machines only. */
export const fromItem = <Row>(item: Item): Row => {
  const { pk: _pk, sk: _sk, gsi2pk: _gsi2pk, gsi2sk: _gsi2sk, ...row } = item;
  return row as unknown as Row;
};
