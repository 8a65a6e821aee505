import { byIdentity } from '#core/by-identity';
import { shardOf } from '#core/keys';
import type { Lead } from '#core/lead';
import type { Condition, Item, Value } from '#core/table';

/** Nothing revives an erased lead: every write but a creation carries this. */
export const onlyExisting: Condition = { exists: true };

/** Nor does anything change a lead that went into another. */
export const living: Condition = { exists: true, absent: ['mergedInto'] };
export const isFormer = (profile: Item): boolean => profile.mergedInto !== undefined;

/** A row as its type says, without the keys of the table. Rows are written by these stores and by compiled machines only. */
export const fromItem = <Row>(item: Item): Row => {
  const known = rows.of(item);
  if (known) return known as Row;
  const row: Record<string, Value> = {};
  for (const name in item) if (!isTableKey(name)) row[name] = item[name] as Value;
  rows.keep(item, row);
  return row as unknown as Row;
};

const isTableKey = (name: string): boolean => name === 'pk' || name === 'sk' || name === 'gsi2pk' || name === 'gsi2sk';
/** Nobody changes an item or a row in place: one that the memory table gives again has its row already. */
const rows = byIdentity<Item, object>();

export const stagePkOf = (stage: string, shard: string) => `STAGE#${stage}#${shard}`;
export const stagePk = (stage: string, leadId: string) => stagePkOf(stage, shardOf(leadId));
export const stageIndex = (lead: Pick<Lead, 'leadId' | 'stage' | 'createdAt'>) => ({
  gsi2pk: stagePk(lead.stage, lead.leadId),
  gsi2sk: lead.createdAt,
});
