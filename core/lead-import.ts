import { normaliseEmail } from './address.ts';
import { type ConsentContext, consentColumns, readConsents } from './consent-columns.ts';
import { countryCode } from './country.ts';
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

/** `needsConsent`: a row without a consent that can be proved is rejected whole. */
export type ImportContext = ConsentContext & { readonly needsConsent?: boolean };

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
const numbers: readonly string[] = ['employees', 'seats', 'revenue'];
const maxField = 200;

/** `First Name`, `first_name`, `FIRST-NAME` are one column. undefined: a column that cannot be a field. */
export const fieldName = (header: string): string | undefined => {
  const known = names.get(header);
  if (known) return known.is;
  const found = nameOf(header);
  if (names.size < mostNames) names.set(header, { is: found });
  return found;
};

/** Every row of a list has the same headers. */
const names = new Map<string, { readonly is: string | undefined }>();
const mostNames = 1000;

const nameOf = (header: string): string | undefined => {
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
 * an unknown topic or from the future; of its proof what is not an IP address or a time that can be.
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
  const consents = readConsents(
    (column) => columns.get(column)?.value ?? '',
    context,
    (note) => warnings.push(note),
  );
  if (context.needsConsent && Object.keys(consents).length === 0) return { rejected: warnings.find(isOfConsent) ?? noConsent };
  return { email, fields, consents, warnings };
};

const isOfConsent = ({ column }: RowNote): boolean => (consentColumns as readonly (string | undefined)[]).includes(column);
const noConsent: RowNote = { column: 'consent-topics', reason: 'the row says of no topic that it was agreed to' };

const withField = (header: string, value: string): [string, { header: string; value: string }][] => {
  const field = fieldName(header);
  return field === undefined ? [] : [[field, { header, value: value.trim() }]];
};

/** A text as a field: a number, a zone or a country where the field is one. `reason`: why it cannot be. */
export const readField = (field: string, value: string): string | number | { readonly reason: string } => {
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

const readCountry = (text: string): string | { readonly reason: string } =>
  countryCode(text) ?? { reason: 'a country is two letters, such as DE; it was left out' };
