import * as z from 'zod';
import { normaliseEmail } from '#core/address';
import { retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import { addressIdOf, type PresentAddress } from '#core/lead';
import { consentChanges, mergeLeads } from '#core/merge-leads';
import type { Former, Join, Ports } from '#core/ports';

export type Changing = Pick<
  Use<'ingest'>,
  'leads' | 'consents' | 'suppressions' | 'aliases' | 'formerLeads' | 'eventQueue' | 'wakeQueue' | 'clock' | 'log'
> & { readonly ids: Pick<Ports['ids'], 'leadId'> };

/** `from`: an address of the lead, past or present, or its id. `to`: where its mail goes from now on. */
export const AddressChange = z.strictObject({ from: z.string().min(1).max(320), to: z.string().min(1).max(320) });
export type AddressChange = z.output<typeof AddressChange>;
export type Changed = 'changed' | 'merged' | 'unchanged' | { readonly rejected: string };

const attempts = 20;
const leadIdShape = /^[a-z2-7]{26}$/;

/**
 * Gives a lead another address. Should that belong to another lead, the two are one person: that lead goes into this one.
 * An address that no lead has goes the same way, with no profile to take over. Every effect has a deterministic key, in an
 * order in which a repeat finishes what a crash left: alias, closed profile, suppressions, history, ledger, profile, wake.
 * `at`: since when mail goes there, if somebody knows; else since the alias.
 */
export const changeAddress =
  (use: Changing) =>
  async ({ from, to }: AddressChange, at?: Instant): Promise<Changed> => {
    const email = normaliseEmail(to);
    if (email === undefined) return { rejected: '"to" is not an e-mail address' };
    const named = idNamed(use, from);
    if (named === undefined) return { rejected: '"from" is neither an e-mail address nor the id of a lead' };
    const address = { email, addressId: use.ids.leadId(email) };
    return bringTogether(use, named, address.addressId, (into) => settle(use, into, address.addressId, address, at));
  };

/**
 * Notes that an address is one of a lead's without making it the present one: whoever it belonged to goes into the lead. For
 * what is known to be older than the lead's present address.
 */
export const addFormerAddress =
  (use: Changing) =>
  async ({ leadId, email }: { readonly leadId: string; readonly email: string }): Promise<Changed> => {
    const addressId = use.ids.leadId(email);
    return bringTogether(use, leadId, addressId, async (into) => {
      const lead = await use.leads.find(into);
      return lead ? settle(use, into, addressId, { email: lead.email, addressId: addressIdOf(lead) }) : 'refused';
    });
  };

type Settled = 'changed' | 'merged' | 'unchanged' | 'refused';

/** Until `named` and the address are one lead's by their aliases; then `finish` brings its rows up to that. */
const bringTogether = async (
  use: Changing,
  named: string,
  addressId: string,
  finish: (into: string) => Promise<Settled>,
): Promise<Changed> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const into = await use.aliases.resolve(named);
    if (!(await use.leads.find(into))) {
      // It may have gone into another one since it was resolved: the alias is written before the profile is closed.
      if ((await use.aliases.resolve(named)) !== into) continue;
      return { rejected: 'no lead has the address or id in "from"' };
    }
    const leadId = await use.aliases.resolve(addressId);
    if (leadId !== into) {
      await complete(use, await use.aliases.beginJoin({ into, leadId }));
      continue;
    }
    const done = await finish(into);
    if (done === 'refused') continue;
    use.log.info('address changed', { leadId: into, outcome: done });
    return done;
  }
  throw retryableError('these leads are being merged by others');
};

const idNamed = (use: Changing, from: string): string | undefined => {
  const email = normaliseEmail(from);
  if (email !== undefined) return use.ids.leadId(email);
  return leadIdShape.test(from) ? from : undefined;
};

/** Decides the join: both must be nobody's alias. Only one is under way at a time, so that leads never go round in a circle. */
const complete = async (use: Changing, join: Join): Promise<void> => {
  const [, owner] = await use.aliases.trail(join.leadId);
  const isFree = owner === undefined && (await use.aliases.resolve(join.into)) === join.into;
  if (owner === join.into || (isFree && (await use.leads.find(join.into)))) {
    await use.aliases.put(join.leadId, join.into);
    await use.formerLeads.close(join, use.clock.now());
  }
  await use.aliases.endJoin(join);
};

/** Brings the lead's rows up to what its aliases say. `refused`: it went into another lead meanwhile. */
const settle = async (use: Changing, into: string, addedId: string, address: PresentAddress, at?: Instant): Promise<Settled> => {
  const trail = await use.aliases.trail(addedId);
  const [lead, formers] = await Promise.all([use.leads.find(into), formersOn(use, trail)]);
  if (!lead || trail.at(-1) !== into) return 'refused';
  const withRows = formers.filter((it) => it.lead !== undefined);
  const due = formers.filter((it) => it.lead !== undefined || lead.absorbed?.[it.leadId] === undefined);
  const isThere = due.length === 0 && addressIdOf(lead) === address.addressId;
  if (!isThere) {
    // Decided long since, should a crash have left one under way.
    for (const { leadId, into: owner } of due) await use.aliases.endJoin({ into: owner, leadId });
    // What closes the address or the person is in force before any mail can go there.
    for (const former of formers) await copySuppressions(use, former.leadId, into);
    // From the lead outwards: its consents come before the address they may forbid.
    for (const former of due.length > 0 ? due.toReversed() : [undefined]) {
      if ((await takeOver(use, into, { address, at }, former)) === 'refused') return 'refused';
    }
  }
  for (const { leadId } of withRows) await use.wakeQueue.push({ leadId });
  await use.wakeQueue.push({ leadId: into, changed: ['created'] });
  for (const former of withRows) await use.formerLeads.strip(former);
  return isThere ? 'unchanged' : withRows.length > 0 ? 'merged' : 'changed';
};

const formersOn = async (use: Changing, trail: readonly string[]): Promise<readonly Former[]> => {
  const formers: Former[] = [];
  for (const [at, leadId] of trail.slice(0, -1).entries()) {
    const into = trail[at + 1] ?? leadId;
    let former = await use.formerLeads.find(leadId);
    // A crash came between the alias and the closing.
    if (!former) await complete(use, { into, leadId });
    former ??= await use.formerLeads.find(leadId);
    if (former) formers.push(former);
  }
  return formers;
};

const copySuppressions = async (use: Changing, from: string, into: string): Promise<void> => {
  for (const suppression of await use.suppressions.ofLead(from)) await use.suppressions.add(into, suppression);
};

type Moving = { readonly address: PresentAddress; readonly at: Instant | undefined };

/** The ledger first: a proof that is written twice says the same, one that is lost is lost. */
const takeOver = async (use: Changing, into: string, { address, at }: Moving, former: Former | undefined) => {
  const again = former ? await use.formerLeads.copyHistory(former, into) : [];
  const lead = await use.leads.find(into);
  const merged = lead && mergeLeads(lead, address, former, at);
  const changes = merged ? consentChanges(lead, merged, former?.at ?? use.clock.now()) : [];
  for (const entry of changes) await use.consents.record(into, entry);
  const absorbed = await use.formerLeads.absorb(into, address, former, at);
  // Once the profile is whole; a crash before this repeats the copy, and with it the list.
  for (const eventId of again) await use.eventQueue.push({ source: 'again', eventId, leadId: into });
  return absorbed;
};
