import { emailDomain } from './address.ts';
import { type Condition, type EventKey, type FieldTest, leavesOf } from './condition.ts';
import type { Answers } from './enrolment.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';

/** All that a condition may look at. `seen`: the event keys that happened in this run. */
export type Facts = {
  readonly lead: Lead;
  readonly seen: { readonly [eventKey: EventKey]: Instant };
  readonly fit: number;
  readonly engagement: number;
  readonly grade?: string | undefined;
  readonly now: Instant;
  /** What webhooks answered in this run, by `<step>.<name>`. */
  readonly answers?: Answers | undefined;
  /** Named lists, in lower case. */
  readonly lists?: { readonly [name: string]: readonly string[] };
};

export const evaluate = (condition: Condition, facts: Facts): boolean => {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((it) => evaluate(it, facts));
    case 'any':
      return condition.of.some((it) => evaluate(it, facts));
    case 'not':
      return !evaluate(condition.of, facts);
    case 'field':
      return passes(condition.test, fieldOf(facts.lead, condition.field), facts.lists ?? {});
    case 'fit':
      return isWithin(facts.fit, condition);
    case 'engagement':
      return isWithin(wholePoints(facts.engagement), condition);
    case 'stage':
      return condition.in.includes(facts.lead.stage);
    case 'grade':
      return facts.grade !== undefined && condition.in.includes(facts.grade);
    case 'topic':
      return facts.lead.consents[condition.topic]?.given === true;
    case 'answer':
      return passes(condition.test, answerOf(condition, facts), facts.lists ?? {});
    case 'event':
      return facts.seen[condition.key] !== undefined;
  }
};

/** Does it take the ledger to tell? */
export const needsLedger = (condition: Condition): boolean =>
  leavesOf(condition).some((it) => it.kind === 'engagement' || it.kind === 'grade');

/** The event keys that a condition asks for, so that the run keeps them. */
export const trackedKeys = (condition: Condition): readonly EventKey[] =>
  leavesOf(condition).flatMap((it) => (it.kind === 'event' ? [it.key] : []));

export const answerOf = ({ step, name }: Extract<Condition, { kind: 'answer' }>, { answers = {} }: Facts): FieldValue =>
  answers[`${step}.${name}`];

export type FieldValue = string | number | boolean | undefined;

export const fieldOf = (lead: Lead, field: string): FieldValue => {
  if (field === 'email') return lead.email;
  if (field === 'email-domain') return emailDomain(lead.email);
  if (field === 'email-name') return lead.email.slice(0, lead.email.lastIndexOf('@'));
  return Object.hasOwn(lead.fields, field) ? lead.fields[field] : undefined;
};

/** Engagement fades by the second: 30 points earned would be 29.99 when asked. Everyone reads and compares whole points. */
export const wholePoints = (points: number): number => Math.round(points);

/** A missing field passes only the tests that ask for its absence or difference. */
const passes = (test: FieldTest, value: FieldValue, lists: NonNullable<Facts['lists']>): boolean => {
  if ('isSet' in test) return (value !== undefined && value !== '') === test.isSet;
  if ('is' in test) return isSame(value, test.is);
  if ('isNot' in test) return !isSame(value, test.isNot);
  if ('in' in test) return test.in.some((it) => isSame(value, it));
  if ('inList' in test) return isOnList(value, lists[test.inList]);
  if ('notInList' in test) return !isOnList(value, lists[test.notInList]);
  if ('notIn' in test) return !test.notIn.some((it) => isSame(value, it));
  if ('contains' in test) return value !== undefined && String(value).toLowerCase().includes(test.contains.toLowerCase());
  const range = 'between' in test ? { atLeast: test.between[0], atMost: test.between[1] } : test;
  const number = numberOf(value);
  return number !== undefined && isWithin(number, range);
};

/** A domain is on a list when it or a domain above it is. */
const isOnList = (value: FieldValue, list: readonly string[] = []): boolean => {
  const entries = asSet(list);
  const parts = String(value ?? '')
    .toLowerCase()
    .split('.');
  return parts.some((_, at) => entries.has(parts.slice(at).join('.')));
};

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();
const asSet = (list: readonly string[]): ReadonlySet<string> => {
  const known = sets.get(list) ?? new Set(list);
  sets.set(list, known);
  return known;
};

/** Imports bring numbers as text. */
const numberOf = (value: FieldValue): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
};

/** Text is compared without regard to case: marketers write `DE` and `de`. */
const isSame = (value: FieldValue, wanted: string | number | boolean): boolean =>
  value !== undefined && (value === wanted || String(value).toLowerCase() === String(wanted).toLowerCase());

const isWithin = (points: number, range: { readonly atLeast?: number; readonly atMost?: number }): boolean =>
  (range.atLeast === undefined || points >= range.atLeast) && (range.atMost === undefined || points <= range.atMost);
