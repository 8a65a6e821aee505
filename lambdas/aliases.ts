import type { Lead } from '#core/lead';
import type { Ports, Suppression } from '#core/ports';

type Following = { readonly aliases: Pick<Ports['aliases'], 'resolve'> };

/** The lead of this id, or whom it went into; undefined: erased, or never known. One read for whoever was never merged. */
export const findPresentLead = async (
  use: Following & { readonly leads: Pick<Ports['leads'], 'find'> },
  leadId: string,
): Promise<Lead | undefined> => {
  const lead = await use.leads.find(leadId);
  if (lead) return lead;
  const owner = await use.aliases.resolve(leadId);
  return owner === leadId ? undefined : use.leads.find(owner);
};

/**
 * Suppresses under the id that is named (of a lead, a former one, or an address that no lead has), then under whom it belongs
 * to. In this order none is lost to a merge at the same time: it copies what stands before, and its alias is seen after.
 * Returns whom to wake.
 */
export const suppressPerson = async (
  use: Following & { readonly suppressions: Pick<Ports['suppressions'], 'add'> },
  addressId: string,
  suppression: Suppression,
): Promise<string> => {
  for (let leadId = addressId; ; ) {
    await use.suppressions.add(leadId, suppression);
    const owner = await use.aliases.resolve(leadId);
    if (owner === leadId) return leadId;
    leadId = owner;
  }
};
