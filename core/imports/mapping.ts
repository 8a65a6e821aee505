import type { FieldUpdate } from '#core/update-fields';

/** How a text is read: as it stands, as a number, as yes or no, as a day. */
export const readings = ['text', 'number', 'boolean', 'date'] as const;
export type Reading = (typeof readings)[number];

/** A column that holds a time. `format` in letters (core/imports/times.ts); `timeZone`: where its clock hangs. */
export type TimeColumn = { readonly column: string; readonly format?: string; readonly timeZone: string };

export type ColumnRule = {
  readonly column: string;
  readonly field: string;
  readonly read: Reading;
  /** The sign before the fraction. */
  readonly decimal: 'point' | 'comma';
  readonly format?: string;
  /** In small letters. */
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** What a value is called here, by what it is called there, in small letters. */
  readonly values?: { readonly [value: string]: string };
  /** What `values` does not name. */
  readonly otherValues: 'keep' | 'leave-out';
};

export type ConsentRule = {
  readonly topic: string;
  /** Only rows with one of these in that column agreed. */
  readonly only?: { readonly column: string; readonly is: readonly string[] };
  readonly at: TimeColumn;
  /** The words for all rows, or the column that holds them. */
  readonly source: { readonly text: string } | { readonly column: string };
  readonly ip?: string;
  /** The words that were agreed to. */
  readonly text?: string;
  readonly confirmedAt?: TimeColumn;
  readonly confirmedIp?: string;
};

/**
 * What an address means that is new for a known external id. change: the lead's mail goes there from now on, unless the address
 * is another lead's. merge: even then, and the two become one. refuse: the row is rejected. second-lead: somebody else.
 */
export const newAddressRules = ['change', 'merge', 'refuse', 'second-lead'] as const;
export type NewAddressRule = (typeof newAddressRules)[number];

/** imports/<name>.yaml, parsed: how the columns of one source become leads. */
export type Mapping = {
  readonly name: string;
  /** Of its content: two who speak of one mapping can tell whether they mean the same. */
  readonly hash: string;
  /** The list that its leads enter. */
  readonly list: string;
  readonly email: string;
  readonly externalId?: { readonly column: string; readonly system: string };
  readonly onNewAddress: NewAddressRule;
  readonly updatedAt?: TimeColumn;
  /** Of rows that say none. */
  readonly country?: string;
  readonly columns: readonly ColumnRule[];
  readonly constants: { readonly [field: string]: string | number | boolean };
  readonly consent?: ConsentRule;
  readonly update: Pick<FieldUpdate, 'otherwise' | 'rules'>;
};

/** Names come from outside: no object has one by birth. */
export const mappingNamed = (
  { imports = {} }: { readonly imports?: { readonly [name: string]: Mapping } },
  name: string,
): Mapping | undefined => (Object.hasOwn(imports, name) ? imports[name] : undefined);

/** Every column that the mapping reads. */
export const columnsOf = ({ email, externalId, updatedAt, columns, consent }: Mapping): readonly string[] => {
  const source = consent && 'column' in consent.source ? consent.source.column : undefined;
  const all = [
    email,
    externalId?.column,
    updatedAt?.column,
    ...columns.map((it) => it.column),
    consent?.only?.column,
    consent?.at.column,
    source,
    consent?.ip,
    consent?.confirmedAt?.column,
    consent?.confirmedIp,
  ];
  return [...new Set(all.filter((it) => it !== undefined))];
};

/** One spelling a column: no spaces around it, small letters. */
export const columnKey = (column: string): string => column.trim().normalize('NFC').toLowerCase();

/** Why a table with these headers cannot be read by the mapping: columns that it does not have, or has twice. Never a word of the file. */
export const headerTrouble = (mapping: Mapping, headers: readonly string[]): string | undefined => {
  const keys = headers.map(columnKey);
  const times = (column: string) => keys.filter((it) => it === columnKey(column)).length;
  const wanted = columnsOf(mapping);
  const missing = wanted.filter((it) => times(it) === 0);
  if (missing.length > 0) return `the header has no column ${inWords(missing)}, which imports/${mapping.name}.yaml reads`;
  const twice = wanted.filter((it) => times(it) > 1);
  return twice.length > 0 ? `the header has the column ${inWords(twice)} more than once` : undefined;
};

const inWords = (columns: readonly string[]): string => columns.map((it) => `"${it}"`).join(', ');
