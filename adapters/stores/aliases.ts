import { permanentError } from '#core/errors';
import { aliasPk, aliasSk, joinKey } from '#core/keys';
import type { Aliases, Join } from '#core/ports';
import type { Table } from '#core/table';

/** Nobody is merged this often: more than that is a circle, which the joins are made to exclude. */
const mostHops = 32;

/**
 * An alias names the lead that its address went to then. That lead may have gone into another since, so the way is followed
 * to its end; nothing is ever re-pointed, and a writer that comes late can spoil nothing.
 */
export const aliasStore = (table: Table): Aliases => {
  const step = async (id: string) => (await table.get({ pk: aliasPk(id), sk: aliasSk }))?.leadId as string | undefined;
  const trail = async (addressId: string): Promise<readonly string[]> => {
    const ids = [addressId];
    for (let next = await step(addressId); next !== undefined; next = await step(next)) {
      if (ids.length > mostHops || ids.includes(next)) throw permanentError('these aliases lead nowhere');
      ids.push(next);
    }
    return ids;
  };
  return {
    trail,
    resolve: async (addressId) => (await trail(addressId)).at(-1) ?? addressId,
    put: async (addressId, leadId) => {
      if (addressId !== leadId) await table.put({ pk: aliasPk(addressId), sk: aliasSk, leadId }, { exists: false });
    },
    beginJoin: async ({ into, leadId }) => {
      const free = { either: [{ exists: false }, { absent: ['into'] }, { equals: { into, leadId } }] };
      for (;;) {
        if ((await table.put({ ...joinKey, into, leadId }, free)) === 'written') return { into, leadId };
        const standing = await table.get(joinKey);
        if (standing?.into !== undefined) return { into: String(standing.into), leadId: String(standing.leadId) } satisfies Join;
      }
    },
    endJoin: async ({ into, leadId }) =>
      void (await table.update(joinKey, { remove: ['into', 'leadId'] }, { exists: true, equals: { into, leadId } })),
  };
};
