import { normaliseEmail } from '#core/address';
import { readConsents } from '#core/consent-columns';
import type { Instant } from '#core/instant';
import type { Consent } from '#core/lead';
import { type ImportContext, type RowNote, readField } from '#core/lead-import';
import { columnKey, type Mapping, type TimeColumn } from './mapping.ts';
import { readTimeAs } from './times.ts';
import { readValue } from './values.ts';

/** A row of a mapped source, ready to be stored. Without `email` its external id must be known. */
export type MappedRow = {
  readonly email?: string;
  readonly externalId?: { readonly system: string; readonly id: string };
  /** When the source last changed the row. */
  readonly at?: Instant;
  readonly fields: { readonly [field: string]: string | number | boolean };
  /** Fields that the row itself does not say. */
  readonly defaults: readonly string[];
  readonly consents: { readonly [topic: string]: Consent };
  readonly warnings: readonly RowNote[];
};

const maxExternalId = 200;

/** One row as the mapping says; its columns are there (headerTrouble). Rejected: an address that is none, or neither address nor external id. */
export const mapRow = (
  mapping: Mapping,
  cells: Readonly<Record<string, string>>,
  context: ImportContext,
): MappedRow | { readonly rejected: RowNote } => {
  const byColumn = new Map(Object.entries(cells).map(([header, value]) => [columnKey(header), value.trim()]));
  const cell = (column: string | undefined) => (column === undefined ? '' : (byColumn.get(columnKey(column)) ?? ''));
  const torn = [...byColumn].find(([, value]) => value.includes('\uFFFD'));
  if (torn)
    return {
      rejected: { column: nameOf(torn[0], cells), reason: 'it has characters that are not of the file’s encoding; save the file as UTF-8' },
    };
  const address = cell(mapping.email);
  const email = address === '' ? undefined : normaliseEmail(address);
  if (address !== '' && email === undefined) return { rejected: { column: mapping.email, reason: 'this is not an e-mail address' } };
  const id = cell(mapping.externalId?.column);
  const idTrouble = externalIdTrouble(id, mapping);
  if (idTrouble) return { rejected: idTrouble };
  const externalId = mapping.externalId && id !== '' ? { system: mapping.externalId.system, id } : undefined;
  if (email === undefined && !externalId) return { rejected: { column: mapping.email, reason: 'there is no e-mail address' } };
  const warnings: RowNote[] = [];
  const note = (it: RowNote) => void warnings.push(it);
  const at = mapping.updatedAt && readUpdatedAt(cell(mapping.updatedAt.column), mapping.updatedAt, context.now, note);
  const fields = readFields(mapping, cell, note);
  const isDefault = mapping.country !== undefined && fields.country === undefined;
  return {
    ...(email !== undefined && { email }),
    ...(externalId && { externalId }),
    ...(at !== undefined && { at }),
    fields: isDefault && mapping.country !== undefined ? { ...fields, country: mapping.country } : fields,
    defaults: isDefault ? ['country'] : [],
    consents: readConsent(mapping, cell, context, note),
    warnings,
  };
};

type Cell = (column: string | undefined) => string;
type Tell = (note: RowNote) => void;

const nameOf = (key: string, cells: Readonly<Record<string, string>>): string =>
  Object.keys(cells).find((it) => columnKey(it) === key) ?? key;

const externalIdTrouble = (id: string, { externalId }: Mapping): RowNote | undefined =>
  externalId && (id.length > maxExternalId || /\p{Cc}/u.test(id))
    ? { column: externalId.column, reason: `an external id has at most ${maxExternalId} plain characters` }
    : undefined;

/** A time that lies ahead would keep every later change out. */
const readUpdatedAt = (text: string, rule: TimeColumn, now: Instant, note: Tell): Instant | undefined => {
  const at = readTimeAs(text, rule.format, rule.timeZone);
  if (at !== undefined && at <= now) return at;
  const reason = at === undefined ? 'the time of the change is missing or not a date' : 'the time of the change lies in the future';
  note({ column: rule.column, reason: `${reason}, so "newest" fills empty fields only` });
  return undefined;
};

const readFields = (mapping: Mapping, cell: Cell, note: Tell): MappedRow['fields'] => {
  const fields: Record<string, string | number | boolean> = { ...mapping.constants };
  for (const rule of mapping.columns) {
    const read = readValue(cell(rule.column), rule);
    const checked = read && 'value' in read && typeof read.value === 'string' ? checkedText(rule.field, read.value) : read;
    if (!checked) continue;
    if ('reason' in checked) note({ column: rule.column, reason: checked.reason });
    else fields[rule.field] = checked.value;
  }
  return fields;
};

const checkedText = (field: string, text: string) => {
  const read = readField(field, text);
  return typeof read === 'object' ? read : { value: read };
};

const readConsent = ({ consent }: Mapping, cell: Cell, context: ImportContext, note: Tell): MappedRow['consents'] => {
  if (!consent) return {};
  if (consent.only && !consent.only.is.includes(cell(consent.only.column).toLowerCase())) return {};
  const time = (rule: TimeColumn | undefined) => {
    const text = cell(rule?.column);
    // What is no time stays as it is, and is refused by name.
    return rule && text !== '' ? (readTimeAs(text, rule.format, rule.timeZone) ?? 'not a time') : '';
  };
  const columns: { readonly [column: string]: readonly [value: string, column: string | undefined] } = {
    'consent-topics': [consent.topic, undefined],
    'consent-at': [time(consent.at), consent.at.column],
    'consent-source': 'text' in consent.source ? [consent.source.text, undefined] : [cell(consent.source.column), consent.source.column],
    'consent-ip': [cell(consent.ip), consent.ip],
    'consent-text': [consent.text ?? '', undefined],
    'consent-confirmed-at': [time(consent.confirmedAt), consent.confirmedAt?.column],
    'consent-confirmed-ip': [cell(consent.confirmedIp), consent.confirmedIp],
  };
  return readConsents(
    (it) => columns[it]?.[0] ?? '',
    context,
    ({ column, reason }) => {
      const named = columns[column ?? '']?.[1] ?? column;
      note({ reason, ...(named !== undefined && { column: named }) });
    },
  );
};
