import type { DropState } from '#core/imports/drop';
import { dropKey } from '#core/keys';
import type { DropStates } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

type Row = DropState & { readonly leaseUntil: string };

const nobody = '';

export const dropStateStore = (table: Table): DropStates => {
  const find = async (dropId: string) => {
    const item = await table.get(dropKey(dropId));
    return item && toState(item);
  };
  return {
    find,
    claim: async (dropId, now, until) => {
      const fresh = { state: 'working', startedAt: now, rows: 0, taken: 0, rejected: 0, warnings: 0, reports: 1, reportBytes: 0 };
      const isFree = { either: [{ exists: false }, { equals: { state: 'working' }, below: { leaseUntil: now } }] };
      const claim = { setIfAbsent: fresh, set: { leaseUntil: until }, increase: { claims: 1 } };
      const item = await table.update(dropKey(dropId), claim, isFree);
      if (item !== 'refused') return toState(item);
      return (await find(dropId))?.state === 'working' ? 'busy' : 'ended';
    },
    record: async (dropId, state) => {
      const row = { ...dropKey(dropId), ...(state as unknown as Item), leaseUntil: nobody };
      return (await table.put(row, { exists: true, equals: { claims: state.claims, state: 'working' } })) === 'written'
        ? 'recorded'
        : 'refused';
    },
  };
};

const toState = (item: Item): DropState => {
  const { leaseUntil: _until, ...state } = fromItem<Row>(item);
  return state;
};
