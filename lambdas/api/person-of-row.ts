import type { Use } from '#core/handlers';
import type { MappedRow } from '#core/imports/map-row';
import type { NewAddressRule } from '#core/imports/mapping';
import { addressIdOf, type Lead } from '#core/lead';
import type { RowNote } from '#core/lead-import';
import type { Ports } from '#core/ports';
import { fieldTime, isNewer } from '#core/update-fields';
import { addFormerAddress, type Changing, changeAddress } from '#lambdas/api/change-addresses';

export type Finding = Changing & { readonly ids: Pick<Use<'ingest'>['ids'], 'leadId' | 'externalId'> };

/** Whose row it is. `claim`: the external id that nobody has yet, to be theirs. */
export type Person =
  | { readonly leadId: string; readonly email: string; readonly claim?: string; readonly warning?: RowNote }
  | { readonly rejected: RowNote };

/** What the notes call the two columns. */
export type PersonColumns = { readonly email: string; readonly externalId: string };

/**
 * Finds the lead of a row by its external id, else by its address. A known external id with an address that is not its lead's is
 * what the mapping says of it; an address that is older than the present one becomes a former one.
 */
export const personOfRow =
  (use: Finding, rule: NewAddressRule, columns: PersonColumns) =>
  async ({ email, externalId, at }: Pick<MappedRow, 'email' | 'externalId' | 'at'>): Promise<Person> => {
    const trail = email === undefined ? [] : await use.aliases.trail(use.ids.leadId(email));
    const byAddress = trail.at(-1);
    if (!externalId) return person(byAddress, email, columns);
    const named = use.ids.externalId(externalId.system, externalId.id);
    const owner = await use.aliases.resolve(named);
    if (owner === named) return person(byAddress, email, columns, { claim: named });
    const lead = await use.leads.find(owner);
    if (!lead)
      return person(byAddress, email, columns, byAddress === owner ? {} : { warning: { column: columns.externalId, reason: gone } });
    if (email === undefined || byAddress === undefined) return { leadId: owner, email: lead.email };
    if (byAddress === owner) return (await isInOrder(use, lead, trail, rule, at)) ? { leadId: owner, email } : moved(use, lead, email, at);
    switch (rule) {
      case 'refuse':
        return { rejected: { column: columns.email, reason: 'the lead with this external id has another address' } };
      case 'second-lead':
        return person(byAddress, email, columns, {
          warning: { column: columns.externalId, reason: 'another address has this external id; the row went by its address' },
        });
      case 'change':
        if (await use.leads.find(byAddress))
          return {
            rejected: {
              column: columns.email,
              reason:
                'the address is another lead’s; if both are one person, merge them (docs/addresses.md) or say `on-new-address: merge`',
            },
          };
        return moved(use, lead, email, at);
      case 'merge':
        return moved(use, lead, email, at);
    }
  };

const gone = 'the lead with this external id is gone; the row went by its address';

/** Mail goes there already, and nothing is left of a change that a crash cut off; or the address is a former one, and stays that. */
const isInOrder = async (
  use: Changing,
  lead: Lead,
  trail: readonly string[],
  rule: NewAddressRule,
  at: string | undefined,
): Promise<boolean> => {
  const [addressId] = trail;
  const maySwitch = (rule === 'change' || rule === 'merge') && at !== undefined;
  const isWhole = addressId === lead.leadId || lead.absorbed?.[addressId ?? ''] !== undefined;
  if (addressId !== addressIdOf(lead) && (maySwitch || !isWhole)) return false;
  const formers = await Promise.all(trail.slice(0, -1).map((it) => use.formerLeads.find(it)));
  return formers.every((it) => it?.lead === undefined);
};

const person = (
  leadId: string | undefined,
  email: string | undefined,
  columns: PersonColumns,
  more: { readonly claim?: string; readonly warning?: RowNote } = {},
): Person =>
  leadId === undefined || email === undefined
    ? { rejected: { column: columns.email, reason: 'there is no e-mail address, and nobody is known by the external id' } }
    : { leadId, email, ...more };

/** Without a time the row is news, unless the address was the lead's before: an old list does not switch mail back. */
const moved = async (use: Changing, lead: Lead, email: string, at: string | undefined): Promise<Person> => {
  const since = fieldTime(lead, 'email') ?? lead.createdAt;
  const isKnown = lead.leadId === use.ids.leadId(email) || lead.absorbed?.[use.ids.leadId(email)] !== undefined;
  const isNews = at === undefined ? !isKnown : isNewer(email, at, lead.email, since);
  const done = isNews
    ? await changeAddress(use)({ from: lead.leadId, to: email }, at)
    : await addFormerAddress(use)({ leadId: lead.leadId, email });
  return typeof done === 'object' ? { rejected: { reason: done.rejected } } : { leadId: lead.leadId, email };
};

/** Gives an external id to a lead, after its profile is there. False: somebody else was faster, and the row is theirs. */
export const claimExternalId = async (
  use: { readonly aliases: Pick<Ports['aliases'], 'put' | 'resolve'> },
  claim: string,
  leadId: string,
): Promise<boolean> => {
  await use.aliases.put(claim, leadId);
  return (await use.aliases.resolve(claim)) === (await use.aliases.resolve(leadId));
};
