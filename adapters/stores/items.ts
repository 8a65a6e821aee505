import { shardOf } from '#core/keys';
import type { Lead } from '#core/lead';
import type { Condition, Item } from '#core/table';

/** Nothing revives an erased lead: every write but a creation carries this. */
export const onlyExisting: Condition = { exists: true };

/** Nor does anything change a lead that went into another. */
export const living: Condition = { exists: true, absent: ['mergedInto'] };
export const isFormer = (profile: Item): boolean => profile.mergedInto !== undefined;

/** A row as its type says, without the keys of the table. Rows are written by these stores and by compiled machines only. */
export const fromItem = <Row>(item: Item): Row => {
  const { pk: _pk, sk: _sk, gsi2pk: _gsi2pk, gsi2sk: _gsi2sk, ...row } = item;
  return row as unknown as Row;
};

export const stagePkOf = (stage: string, shard: string) => `STAGE#${stage}#${shard}`;
export const stagePk = (stage: string, leadId: string) => stagePkOf(stage, shardOf(leadId));
export const stageIndex = (lead: Pick<Lead, 'leadId' | 'stage' | 'createdAt'>) => ({
  gsi2pk: stagePk(lead.stage, lead.leadId),
  gsi2sk: lead.createdAt,
});
