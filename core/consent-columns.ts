import * as z from 'zod';
import { fractionOf } from './hash.ts';
import { readTime } from './import-time.ts';
import type { Instant } from './instant.ts';
import type { Consent, ConsentProof } from './lead.ts';
import type { RowNote } from './lead-import.ts';

/** Columns that say what was agreed to; not fields of the lead. */
export const consentColumns = [
  'consent-topics',
  'consent-at',
  'consent-source',
  'consent-ip',
  'consent-text',
  'consent-confirmed-at',
  'consent-confirmed-ip',
] as const;
type Column = (typeof consentColumns)[number];

/** `hashIp`: an address is a person's; only its HMAC goes further. */
export type ConsentContext = { readonly topics: readonly string[]; readonly now: Instant; readonly hashIp: (ip: string) => string };

/** Said of a time that is not over yet. */
export const liesAhead = 'lies in the future';

const maxSource = 200;
const maxText = 2000;

/** The consents of one row, with what of their proof can be believed; `note` is told what was left out, never a value. */
export const readConsents = (
  cell: (column: Column) => string,
  context: ConsentContext,
  note: (note: RowNote) => void,
): { readonly [topic: string]: Consent } => {
  const topics = readTopics(cell, context, note);
  if (topics.length === 0) return {};
  const at = readTime(cell('consent-at'));
  const source = cell('consent-source');
  const leftOut = (column: Column, reason: string) => {
    note({ column, reason: `${reason}, so no consent was stored` });
    return {};
  };
  if (at === undefined) return leftOut('consent-at', 'the time of consent is missing or not a date (2026-03-14 or 2026-03-14T09:30:00Z)');
  if (at > context.now) return leftOut('consent-at', `the time of consent ${liesAhead}`);
  if (source === '' || /^[=@]/.test(source)) return leftOut('consent-source', 'the source of consent is missing');
  const proof = readProof(cell, context, note);
  const confirmed = readConfirmation(cell, at, context, note);
  const consent: Consent = {
    given: true,
    at,
    source: source.slice(0, maxSource),
    ...(Object.keys(proof).length > 0 && { proof }),
    ...(confirmed && { confirmed }),
  };
  return Object.fromEntries(topics.map((topic) => [topic, consent]));
};

type Cell = (column: Column) => string;
type Tell = (note: RowNote) => void;

const readTopics = (cell: Cell, { topics }: ConsentContext, note: Tell): readonly string[] => {
  const named = cell('consent-topics')
    .split(/[;,|]/)
    .map((it) => it.trim().toLowerCase())
    .filter((it) => it !== '');
  const unknown = named.filter((it) => !topics.includes(it));
  if (unknown.length > 0) {
    const names = unknown.map((it) => `"${it.slice(0, 32)}"`).join(', ');
    note({ column: 'consent-topics', reason: `there is no topic ${names}; known are ${topics.join(', ')}` });
  }
  return named.filter((it) => topics.includes(it));
};

const readProof = (cell: Cell, context: ConsentContext, note: Tell): ConsentProof => {
  const ipHash = readIp(cell, 'consent-ip', context, note);
  const text = cell('consent-text').replace(/\s+/g, ' ');
  if (text.length > maxText) {
    note({ column: 'consent-text', reason: `it is longer than ${maxText} characters; only its version was stored` });
  }
  return {
    ...(ipHash !== undefined && { ipHash }),
    ...(text !== '' && text.length <= maxText && { text }),
    ...(text !== '' && { textVersion: textVersion(text) }),
  };
};

/** Tells two wordings apart; not for secrets. */
export const textVersion = (text: string): string =>
  Math.floor(fractionOf(text) * 2 ** 48)
    .toString(16)
    .padStart(12, '0');

/** A double opt-in that was done elsewhere: only with its own time, and not before the agreement. */
const readConfirmation = (cell: Cell, at: Instant, context: ConsentContext, note: Tell): Consent['confirmed'] => {
  const text = cell('consent-confirmed-at');
  if (text === '') return undefined;
  const confirmedAt = readTime(text);
  const trouble =
    confirmedAt === undefined
      ? 'the time of confirmation is not a date'
      : confirmedAt > context.now
        ? `the time of confirmation ${liesAhead}`
        : confirmedAt < at
          ? 'the confirmation is older than the consent'
          : undefined;
  if (confirmedAt === undefined || trouble !== undefined) {
    note({ column: 'consent-confirmed-at', reason: `${trouble}, so the consent counts as unconfirmed` });
    return undefined;
  }
  const ipHash = readIp(cell, 'consent-confirmed-ip', context, note);
  return { at: confirmedAt, ...(ipHash !== undefined && { ipHash }) };
};

const Ip = z.union([z.ipv4(), z.ipv6()]);

const readIp = (cell: Cell, column: Column, { hashIp }: ConsentContext, note: Tell): string | undefined => {
  const text = cell(column).toLowerCase();
  if (text === '') return undefined;
  if (Ip.safeParse(text).success) return hashIp(text);
  note({ column, reason: 'this is not an IP address; it was left out' });
  return undefined;
};
