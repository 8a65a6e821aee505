import * as z from 'zod';
import { normaliseEmail } from './address.ts';
import { type Instant, toEpoch, toInstant } from './instant.ts';
import type { Consent, Lead } from './lead.ts';
import type { RowNote } from './lead-import.ts';
import type { Suppression } from './ports.ts';

/** As another tool has it. Without a topic whoever left, left everything; without a time, or with one that lies ahead, it holds from now on. */
export const SuppressionItem = z.strictObject({
  email: z.string(),
  reason: z.enum(['unsubscribed', 'bounced', 'complained', 'cleaned', 'other']),
  at: z.iso.datetime({ offset: true }).optional(),
  topic: z.string().optional(),
});
export type SuppressionItem = z.output<typeof SuppressionItem>;

export type ReadSuppression = { readonly email: string; readonly suppression: (addressId: string) => Suppression };

/** One item, or what is wrong with it: which member, never its value. */
export const readSuppression = (
  given: unknown,
  { topics, now }: { readonly topics: readonly string[]; readonly now: Instant },
): ReadSuppression | { readonly rejected: RowNote } => {
  const read = SuppressionItem.safeParse(given);
  if (!read.success) return { rejected: noteOf(read.error.issues) };
  const { reason, topic } = read.data;
  const email = normaliseEmail(read.data.email);
  if (email === undefined) return { rejected: { column: 'email', reason: 'this is not an e-mail address' } };
  if (topic !== undefined && !topics.includes(topic)) {
    return { rejected: { column: 'topic', reason: `there is no such topic; known are ${topics.join(', ')}` } };
  }
  const at = read.data.at === undefined ? now : toInstant(Math.min(Date.parse(read.data.at), toEpoch(now)));
  return { email, suppression: (addressId) => ({ scope: scopeOf(reason, topic, addressId), reason, at }) };
};

/** Mail that could not arrive says something of the address; whoever left said it for themselves. */
const scopeOf = (reason: SuppressionItem['reason'], topic: string | undefined, addressId: string): Suppression['scope'] => {
  if (reason === 'bounced' || reason === 'cleaned') return `ADDRESS#${addressId}`;
  return topic === undefined ? 'GLOBAL' : `TOPIC#${topic}`;
};

const expected: { readonly [member: string]: string } = {
  email: 'the e-mail address is missing',
  reason: 'the reason is one of unsubscribed, bounced, complained, cleaned, other',
  at: 'the time is not of the form 2026-03-14T09:30:00Z',
  topic: 'the topic is the id of one, in words',
};

const noteOf = (issues: readonly z.core.$ZodIssue[]): RowNote => {
  const member = String(issues[0]?.path[0] ?? '');
  const reason = expected[member];
  if (reason !== undefined) return { column: member, reason };
  return { reason: 'an item has "email" and "reason", perhaps "at" and "topic", and nothing else' };
};

/** Agreements that this ends: those on its topics that are not newer. */
export const withdrawnBy = (
  suppression: Suppression,
  { consents }: Pick<Lead, 'consents'>,
  source: string,
): { readonly [topic: string]: Consent } => {
  const { scope, at } = suppression;
  const isMeant = (topic: string) => scope === 'GLOBAL' || scope === `TOPIC#${topic}`;
  const ended = Object.entries(consents).filter(
    ([topic, consent]) => isMeant(topic) && consent.given && consent.at <= at && (consent.confirmed?.at ?? at) <= at,
  );
  return Object.fromEntries(ended.map(([topic]) => [topic, { given: false, at, source }]));
};
