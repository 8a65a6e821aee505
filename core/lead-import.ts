import { normaliseEmail } from './address.ts';
import { type Instant, toInstant } from './instant.ts';
import type { Consent } from './lead.ts';
import { isZone } from './time-zone.ts';

/** A row of a list, ready to be stored; `warnings` say what of it was left out. */
export type ImportRow = {
  readonly email: string;
  readonly fields: { readonly [field: string]: string | number };
  readonly consents: { readonly [topic: string]: Consent };
  readonly warnings: readonly RowNote[];
};
/** `column` as the file names it; never a value, which may be personal. */
export type RowNote = { readonly column?: string; readonly reason: string };
export type RowResult = ImportRow | { readonly rejected: RowNote };

export type ImportContext = { readonly topics: readonly string[]; readonly now: Instant };

const aliases: { readonly [name: string]: string } = {
  mail: 'email',
  'e-mail': 'email',
  'email-address': 'email',
  'e-mail-address': 'email',
  firstname: 'first-name',
  'given-name': 'first-name',
  lastname: 'last-name',
  surname: 'last-name',
  'family-name': 'last-name',
  organisation: 'company',
  organization: 'company',
  title: 'job-title',
  timezone: 'time-zone',
  tz: 'time-zone',
};
/** Columns that say what was agreed to; not fields of the lead. */
const consentColumns = ['consent-topics', 'consent-at', 'consent-source'] as const;
const numbers: readonly string[] = ['employees', 'seats', 'revenue'];
const maxField = 200;

/** `First Name`, `first_name`, `FIRST-NAME` are one column. undefined: a column that cannot be a field. */
export const fieldName = (header: string): string | undefined => {
  const name = header
    .trim()
    .toLowerCase()
    .replace(/[\s_.]+/g, '-')
    .replace(/[^a-z0-9-]/g, '')
    .replace(/^-+|-+$/g, '');
  if (name === '' || name.length > 40) return undefined;
  return aliases[name] ?? name;
};

/**
 * One row by its headers. Rejected: no valid address. Left out with a warning: a value that looks like a spreadsheet
 * formula, has control characters, is too long, or names no zone or country; a consent without topic, time or source, of
 * an unknown topic or from the future.
 */
export const readImportRow = (cells: Readonly<Record<string, string>>, context: ImportContext): RowResult => {
  const columns = new Map(Object.entries(cells).flatMap(([header, value]) => withField(header, value)));
  const address = columns.get('email');
  if (!address || address.value === '') return { rejected: { column: 'email', reason: 'there is no e-mail address' } };
  const email = normaliseEmail(address.value);
  if (email === undefined) return { rejected: { column: address.header, reason: 'this is not an e-mail address' } };
  const warnings: RowNote[] = [];
  const fields: Record<string, string | number> = {};
  for (const [field, { header, value }] of columns) {
    if (field === 'email' || value === '' || (consentColumns as readonly string[]).includes(field)) continue;
    const read = readField(field, value);
    if (typeof read === 'object') warnings.push({ column: header, reason: read.reason });
    else fields[field] = read;
  }
  return { email, fields, consents: readConsents(columns, context, warnings), warnings };
};

type Columns = ReadonlyMap<string, { readonly header: string; readonly value: string }>;

const withField = (header: string, value: string): [string, { header: string; value: string }][] => {
  const field = fieldName(header);
  return field === undefined ? [] : [[field, { header, value: value.trim() }]];
};

const readField = (field: string, value: string): string | number | { readonly reason: string } => {
  if (looksLikeFormula(value)) return { reason: 'it looks like a spreadsheet formula and was left out' };
  if (/[\p{Cc}]/u.test(value.replace(/[\r\n\t]/g, ''))) return { reason: 'it has control characters and was left out' };
  const text = value.replace(/[\r\n\t]+/g, ' ').trim();
  if (text.length > maxField) return { reason: `it is longer than ${maxField} characters and was left out` };
  if (numbers.includes(field)) {
    const number = Number(text.replace(/(?<=\d)[\s,.'](?=\d{3}\b)/g, ''));
    return Number.isFinite(number) ? number : { reason: 'this is not a number and was left out' };
  }
  if (field === 'time-zone') return isZone(text) ? text : { reason: 'there is no such time zone; it was left out' };
  if (field === 'country') return readCountry(text);
  return text;
};

/** `=1+1`, `+cmd|…`, `-2+3`, `@SUM(…)`; telephone and plain numbers pass. */
const looksLikeFormula = (value: string): boolean => /^[=@]/.test(value) || (/^[+-]/.test(value) && !/^[+-]?[\d\s()./-]+$/.test(value));

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const readCountry = (text: string): string | { readonly reason: string } => {
  const code = text.toUpperCase();
  const isKnown = /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regions.of(code) !== undefined;
  return isKnown ? code : { reason: 'a country is two letters, such as DE; it was left out' };
};

const readConsents = (columns: Columns, { topics, now }: ImportContext, warnings: RowNote[]): ImportRow['consents'] => {
  const given = (columns.get('consent-topics')?.value ?? '').split(/[;,|]/).map((it) => it.trim().toLowerCase());
  const named = given.filter((it) => it !== '');
  if (named.length === 0) return {};
  const at = readTime(columns.get('consent-at')?.value ?? '');
  const source = columns.get('consent-source')?.value ?? '';
  const leftOut = (column: string, reason: string) => {
    warnings.push({ column, reason: `${reason}, so no consent was stored` });
    return {};
  };
  if (at === undefined) return leftOut('consent-at', 'the time of consent is missing or not a date (2026-03-14 or 2026-03-14T09:30:00Z)');
  if (at > now) return leftOut('consent-at', 'the time of consent lies in the future');
  if (source === '' || looksLikeFormula(source)) return leftOut('consent-source', 'the source of consent is missing');
  const unknown = named.filter((it) => !topics.includes(it));
  if (unknown.length > 0) {
    warnings.push({
      column: 'consent-topics',
      reason: `there is no topic ${unknown.map((it) => `"${it.slice(0, 32)}"`).join(', ')}; known are ${topics.join(', ')}`,
    });
  }
  return Object.fromEntries(
    named.filter((it) => topics.includes(it)).map((topic) => [topic, { given: true, at, source: source.slice(0, maxField) }]),
  );
};

const readTime = (text: string): Instant | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return undefined;
  const iso = text.replace(' ', 'T');
  const epoch = Date.parse(iso.length === 10 || /(Z|[+-]\d{2}:\d{2})$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(epoch) ? undefined : toInstant(epoch);
};
