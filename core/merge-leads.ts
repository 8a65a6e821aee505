import { type Instant, toEpoch } from './instant.ts';
import { addressIdOf, type Consent, type EntryMark, type EntryMarks, type Lead, type PresentAddress, stages } from './lead.ts';
import type { ConsentEntry, Former } from './ports.ts';
import { type FieldTimes, fieldTime } from './update-fields.ts';

/**
 * The lead with another address, and with all of a former lead that is the same person. undefined: nothing changes. Its own
 * fields, runs and handoff win; of consents the strictest stays. A former lead is taken in once: what the person said since
 * is newer. Pure.
 */
export const mergeLeads = (kept: Lead, address: PresentAddress, former: Former | undefined, at = former?.at): Lead | undefined => {
  const isNew = former !== undefined && kept.absorbed?.[former.leadId] === undefined;
  if (!isNew && addressIdOf(kept) === address.addressId) return undefined;
  const gone = isNew ? former.lead : undefined;
  const both = gone ? [kept, gone] : [kept];
  const {
    pausedUntil: _paused,
    coolUntil: _cool,
    awayUntil: _away,
    addressId: _address,
    waiting: _waiting,
    absorbed: _absorbed,
    fieldTimes: _times,
    entries: _entries,
    ...rest
  } = kept;
  const pausedUntil = latest(both.map((it) => it.pausedUntil));
  // Mail bounced at an address: another one of the same person is not to blame.
  const coolUntil = latest(both.filter((it) => addressIdOf(it) === address.addressId).map((it) => it.coolUntil));
  const awayUntil = latest(both.map((it) => it.awayUntil));
  const waiting = { ...gone?.waiting, ...kept.waiting };
  const entries = mergedMarks(kept.entries ?? {}, gone?.entries ?? {});
  const absorbed = { ...kept.absorbed, ...gone?.absorbed, ...(isNew && { [former.leadId]: former.at }) };
  const createdAt = both.map((it) => it.createdAt).sort()[0] ?? kept.createdAt;
  const addressAt = addressIdOf(kept) === address.addressId ? fieldTime(kept, 'email') : at;
  const fieldTimes = timesOf(kept, gone, addressAt, createdAt);
  return {
    ...rest,
    email: address.email,
    ...(address.addressId !== kept.leadId && { addressId: address.addressId }),
    fields: { ...gone?.fields, ...filled(kept.fields) },
    consents: strictestConsents(kept, gone, address.addressId),
    stage: stages[Math.max(...both.map((it) => stages.indexOf(it.stage)))] ?? kept.stage,
    createdAt,
    ...(Object.keys(fieldTimes).length > 0 && { fieldTimes }),
    ...(pausedUntil !== undefined && { pausedUntil }),
    ...(coolUntil !== undefined && { coolUntil }),
    ...(awayUntil !== undefined && { awayUntil }),
    ...(Object.keys(entries).length > 0 && { entries }),
    ...(Object.keys(waiting).length > 0 && { waiting }),
    ...(Object.keys(absorbed).length > 0 && { absorbed }),
  };
};

/** Who was inside as either of the two is inside as both; days are planned anew. */
const mergedMarks = (kept: EntryMarks, gone: EntryMarks): EntryMarks => {
  const merged = Object.entries(gone).map(([sequence, theirs]): [string, EntryMark] => {
    const mine = kept[sequence] ?? {};
    const { due: _due, day: _day, ...rest } = theirs;
    const pending = [...new Set([...(mine.pending ?? []), ...(theirs.pending ?? [])])];
    const at = latest([mine.at, theirs.at]);
    const edge = Math.max(mine.edge ?? 0, theirs.edge ?? 0);
    return [
      sequence,
      {
        ...rest,
        ...mine,
        ...((mine.holds || theirs.holds) && { holds: true }),
        ...(at !== undefined && { at }),
        ...(edge > 0 && { edge }),
        ...(pending.length > 0 && { pending }),
      },
    ];
  });
  return { ...kept, ...Object.fromEntries(merged) };
};

/** Each field keeps the time at which whoever it comes from wrote it, however old the whole has become. */
const timesOf = (kept: Lead, gone: Lead | undefined, addressAt: Instant | undefined, createdAt: Instant): FieldTimes => {
  const names = [...new Set([...Object.keys(kept.fields), ...Object.keys(gone?.fields ?? {})])];
  const times = names.map((it) => [it, fieldTime(kept, it) ?? (gone && fieldTime(gone, it))] as const);
  return Object.fromEntries([...times, ['email', addressAt] as const].flatMap(([it, at]) => (at && at !== createdAt ? [[it, at]] : [])));
};

/** What the ledger must show of it: each topic whose consent is another than before, or proves less than before. Pure. */
export const consentChanges = (before: Lead, after: Lead, at: Instant): readonly ConsentEntry[] =>
  Object.entries(after.consents).flatMap(([topic, consent]) => {
    const known = before.consents[topic];
    if (JSON.stringify(consent) === JSON.stringify(known)) return [];
    const isDoubted = known?.confirmed !== undefined && consent.given && !consent.confirmed;
    return [{ ...consent, topic, ...(isDoubted && { at, source: 'address-changed' }) }];
  });

const strictestConsents = (kept: Lead, gone: Lead | undefined, addressId: string): Lead['consents'] => {
  const mine = provenFor(kept, addressId);
  const theirs = gone ? provenFor(gone, addressId) : {};
  const topics = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  return Object.fromEntries(topics.flatMap((topic) => withTopic(topic, strictest(mine[topic], theirs[topic]))));
};

const withTopic = (topic: string, consent: Consent | undefined) => (consent ? [[topic, consent] as const] : []);

/** A confirmation proves one mailbox: for another it counts for nothing. */
const provenFor = (lead: Lead, addressId: string): Lead['consents'] =>
  addressIdOf(lead) === addressId
    ? lead.consents
    : Object.fromEntries(Object.entries(lead.consents).map(([topic, it]) => [topic, unconfirmed(it)]));

const unconfirmed = ({ confirmed: _confirmed, ...consent }: Consent): Consent => consent;

/** A refusal stays, unless the person pressed a button in the mailbox that remains, later. */
const strictest = (one: Consent | undefined, other: Consent | undefined): Consent | undefined => {
  if (!one || !other) return one ?? other;
  if (one.given === other.given) return one.given ? stronger(one, other) : later(one, other);
  const [yes, no] = one.given ? [one, other] : [other, one];
  return yes.confirmed && toEpoch(yes.confirmed.at) > toEpoch(no.at) ? yes : no;
};

const stronger = (one: Consent, other: Consent): Consent => {
  if (!one.confirmed === !other.confirmed) return later(one, other);
  return one.confirmed ? one : other;
};

const later = (one: Consent, other: Consent): Consent => (toEpoch(other.at) > toEpoch(one.at) ? other : one);

const filled = (fields: Lead['fields']): Lead['fields'] => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

const latest = (times: readonly (Instant | undefined)[]): Instant | undefined =>
  times
    .filter((it) => it !== undefined)
    .sort()
    .at(-1);
