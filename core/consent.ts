import type { Brand } from './config.ts';
import { type Instant, toEpoch } from './instant.ts';
import { addressIdOf, type Lead } from './lead.ts';
import type { Suppression } from './ports.ts';
import type { LawfulBasis } from './sequences/model.ts';

export type Permission =
  | { readonly may: true }
  | {
      readonly may: false;
      readonly because: 'suppressed' | 'unsubscribed' | 'no-consent' | 'consent-unconfirmed' | 'nothing-to-confirm';
      /** Since when, where that is known. */
      readonly at?: Instant;
    };

/** The sequence that asks for confirmation on this topic. No marketer's sequence can be called so: ids have no underscore. */
export const confirmationId = (topic: string): string => `confirm_${topic}`;
export const isConfirmation = (sequence: string): boolean => sequence.startsWith(confirmationId(''));

export type Asked = { readonly topic: string; readonly lawfulBasis: LawfulBasis };

/**
 * May mail on this topic, for this reason, go to this lead? Suppressions first; then whether the person left; then whether it
 * agreed, and confirmed where that is the rule. Pure; asked at enrolment and again before every send.
 */
export const permissionFor = (
  lead: Lead,
  suppressions: readonly Suppression[],
  { topic, lawfulBasis }: Asked,
  brand: Pick<Brand, 'topics' | 'consent'>,
): Permission => {
  const closed = suppressions.find((it) => it.scope === 'GLOBAL' || it.scope === `ADDRESS#${addressIdOf(lead)}`);
  if (closed) return { may: false, because: 'suppressed', at: closed.at };
  const consent = lead.consents[topic];
  const left = leftAt(lead, suppressions, topic);
  if (lawfulBasis === 'confirmation') {
    const isPending = consent?.given === true && !isConfirmed(lead, suppressions, topic);
    if (!isPending) return { may: false, because: 'nothing-to-confirm', ...(consent && { at: consent.at }) };
    return left !== undefined && !isAfter(consent.at, left) ? { may: false, because: 'unsubscribed', at: left } : { may: true };
  }
  if (left !== undefined && !(consent?.confirmed && isAfter(consent.confirmed.at, left)))
    return { may: false, because: 'unsubscribed', at: left };
  if (lawfulBasis === 'contract') return { may: true };
  if (lawfulBasis === 'legitimate-interest' && !needsDoubleOptIn(lead, topic, brand)) return { may: true };
  if (!consent?.given) return { may: false, because: 'no-consent' };
  if (needsDoubleOptIn(lead, topic, brand) && !consent.confirmed) return { may: false, because: 'consent-unconfirmed', at: consent.at };
  return { may: true };
};

/** When the person left this topic, by a link, the preference page or a withdrawn consent; undefined: it did not. */
const leftAt = (lead: Lead, suppressions: readonly Suppression[], topic: string): Instant | undefined => {
  const consent = lead.consents[topic];
  let left = consent && !consent.given ? consent.at : undefined;
  for (const { scope, at } of suppressions)
    if ((scope === 'ALL' || scope === `TOPIC#${topic}`) && (left === undefined || at > left)) left = at;
  return left;
};

/** The owner of the mailbox confirmed, and has not left since. */
export const isConfirmed = (lead: Lead, suppressions: readonly Suppression[], topic: string): boolean => {
  const consent = lead.consents[topic];
  const left = leftAt(lead, suppressions, topic);
  return consent?.given === true && consent.confirmed !== undefined && (left === undefined || isAfter(consent.confirmed.at, left));
};

/** By the topic's own rule, or by that of the lead's country. */
export const needsDoubleOptIn = (
  lead: Pick<Lead, 'fields'>,
  topic: string,
  { topics, consent }: Pick<Brand, 'topics' | 'consent'>,
): boolean => topics[topic]?.consent === 'double-opt-in' || consent.doubleOptIn.includes(countryOf(lead));

const countryOf = ({ fields }: Pick<Lead, 'fields'>): string => {
  const { country } = fields;
  return typeof country === 'string' && /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : 'unknown';
};

const isAfter = (one: Instant, other: Instant): boolean => toEpoch(one) > toEpoch(other);
