import { normaliseEmail } from '#core/address';
import type { Ports } from '#core/ports';

/** A person as another system names them: their id there. */
export type ExternalId = { readonly system: string; readonly id: string };
/** Exactly one of these names a lead. */
export type LeadReference = { readonly email?: string; readonly leadId?: string; readonly externalId?: ExternalId };

/**
 * The id that a reference stands for: what goes into queues instead of an address. Whose it is now is asked later, by its alias
 * (`aliases.resolve`), so that a merge in between is seen. `reason`: it names nobody.
 */
export const leadIdOf = (
  use: { readonly ids: Pick<Ports['ids'], 'leadId' | 'externalId'> },
  reference: LeadReference,
): string | { readonly reason: string } => {
  const { email, leadId, externalId } = reference;
  if ([email, leadId, externalId].filter((it) => it !== undefined).length !== 1) {
    return { reason: 'exactly one of "email", "lead-id" and "external-id" names the lead' };
  }
  if (externalId !== undefined) return externalKeyOf(use, externalId);
  if (leadId !== undefined) return leadId;
  const address = normaliseEmail(email ?? '');
  return address === undefined ? { reason: '"email" is not an e-mail address' } : use.ids.leadId(address);
};

/** As systems are named in mapping files, and ids as a cell holds them. */
const externalKeyOf = (
  use: { readonly ids: Pick<Ports['ids'], 'externalId'> },
  { system, id }: ExternalId,
): string | { readonly reason: string } => {
  const bare = id.trim();
  return bare === '' ? { reason: '"external-id" is empty' } : use.ids.externalId(system, bare);
};
