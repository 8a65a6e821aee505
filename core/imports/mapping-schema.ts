import * as z from 'zod';
import { consentColumns } from '#core/consent-columns';
import { meantHint } from '#core/did-you-mean';
import { readField } from '#core/lead-import';
import type { Report, YamlPath } from '#core/problems';
import { idPattern, idRule } from '#core/sequences/steps/step-kind';
import { isZone } from '#core/time-zone';
import { unknownZone } from '#core/unknown-zone';
import { updateRules } from '#core/update-fields';
import { shown } from '#core/zod-report';
import { type ColumnRule, type ConsentRule, columnKey, type Mapping, newAddressRules, readings, type TimeColumn } from './mapping.ts';
import { formatRule, isTimeFormat } from './times.ts';

const Column = z.string().min(1).max(200);
const Words = z.array(z.union([z.string(), z.boolean(), z.number()]).transform(String)).min(1);

export const TimeColumnShape = z.strictObject({
  column: Column.describe('The column that holds the time'),
  format: z.string().optional().describe('Letters for the parts, e.g. DD.MM.YYYY HH:mm or M/D/YYYY h:mm A; else ISO, 2026-03-14 09:30'),
  'time-zone': z.string().optional().describe('Where its clock hangs, e.g. Europe/Dublin; UTC if it is not said'),
});

export const ColumnShape = z.strictObject({
  field: z.string().describe('The field of the lead, e.g. first-name'),
  read: z.enum(readings).optional().describe('text (if it is not said), number, boolean or date'),
  decimal: z.enum(['point', 'comma']).optional().describe('Numbers: the sign before the fraction; point if it is not said'),
  format: z.string().optional().describe('Dates: letters for the parts, e.g. DD.MM.YYYY; else 2026-03-14'),
  yes: Words.optional().describe('Boolean: the words for yes; else yes, true, 1, y, x'),
  no: Words.optional().describe('Boolean: the words for no; else no, false, 0, n'),
  values: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('What a value is called here, by what it is called there, e.g. { Germany: DE }'),
  others: z.enum(['keep', 'leave-out']).optional().describe('Values that are not named under `values`; keep if it is not said'),
});

export const ImportConsentShape = z.strictObject({
  topic: z.string().describe('What these people agreed to: a topic of brand.yaml'),
  if: z.strictObject({ column: Column, is: Words }).optional().describe('Only rows with one of these values in that column agreed'),
  at: z.unknown().describe('The column with the time of the agreement, or { column, format, time-zone }'),
  source: z.string().min(1).max(200).optional().describe('Where they agreed, for all rows'),
  'source-column': Column.optional().describe('Or the column that says where'),
  ip: Column.optional().describe('The column with the IP address; only an HMAC of it is kept'),
  text: z.string().max(2000).optional().describe('The words that they agreed to'),
  'confirmed-at': z.unknown().optional().describe('The column with the time of a double opt-in, or { column, format, time-zone }'),
  'confirmed-ip': Column.optional().describe('The column with the IP address of the double opt-in'),
});

export const MappingShape = z.strictObject({
  list: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('The list that these leads enter; sequences with `imported: <list>` begin. The name of the file if it is not said'),
  email: Column.describe('The column with the e-mail address'),
  'external-id': z
    .strictObject({
      column: Column.describe('The column with the id'),
      system: z.string().regex(idPattern, idRule).max(32).describe('Whose id it is, e.g. hubspot'),
    })
    .optional()
    .describe('How the other system names the person: who changes address there stays the same lead here'),
  'on-new-address': z
    .enum(newAddressRules)
    .optional()
    .describe(
      'A known external id with another address. change (if it is not said): mail goes there, unless it is another lead’s; merge: even then, both become one; refuse: the row is rejected; second-lead: somebody else',
    ),
  'updated-at': z
    .unknown()
    .optional()
    .describe('The column with the time of the last change, or { column, format, time-zone }; `newest` goes by it'),
  country: z.string().optional().describe('Of rows that say none, e.g. DE'),
  columns: z
    .record(z.string(), z.unknown())
    .describe('What each column is: the name of a field, `ignore`, or { field, read, … }; columns that are not named are ignored'),
  constants: z
    .record(z.string(), z.union([z.string().min(1).max(200), z.number(), z.boolean()]))
    .optional()
    .describe('Fields that are the same for every row, e.g. { source: hubspot }'),
  consent: z.unknown().optional().describe('What these people agreed to; see below'),
  update: z
    .record(z.string(), z.enum(updateRules))
    .optional()
    .describe(
      'What happens to a field that has a value: newest, theirs (the source wins) or ours (only what is empty is filled); by field, and `default`. Empty never overwrites',
    ),
});

type ReadWith = <T extends z.ZodType>(shape: T, raw: unknown, path: YamlPath) => z.output<T> | undefined;
type Context = { readonly name: string; readonly topics: readonly string[]; readonly report: Report; readonly read: ReadWith };

const usualYes = ['yes', 'true', '1', 'y', 'x'];
const usualNo = ['no', 'false', '0', 'n'];

/** undefined: it cannot be used; every mistake is reported at its place. */
export const readMapping = (data: z.output<typeof MappingShape>, context: Context): Omit<Mapping, 'hash'> | undefined => {
  const { name, report } = context;
  let isBroken = false;
  const tell: Report = (path, problem) => {
    isBroken ||= problem.severity !== 'warning';
    report(path, problem);
  };
  const with_ = {
    ...context,
    report: tell,
    read: ((shape, raw, path) => {
      const read = context.read(shape, raw, path);
      isBroken ||= read === undefined;
      return read;
    }) as ReadWith,
  };
  if (!idPattern.test(name) || name.length > 32)
    tell([], { code: 'bad-id', what: 'the name of this file is not an id', got: name, allowed: idRule });
  const columns = Object.entries(data.columns).flatMap(([column, raw]) => readColumn(column, raw, with_));
  for (const field of Object.keys(data.constants ?? {})) checkField(field, ['constants', field], tell, 'key');
  checkDoubles(columns, data, tell);
  const country = data.country === undefined ? undefined : readField('country', data.country);
  if (typeof country === 'object')
    tell(['country'], {
      code: 'not-a-country',
      what: 'there is no such country',
      got: shown(data.country),
      allowed: 'two letters, such as DE',
    });
  const updatedAt = data['updated-at'] === undefined ? undefined : readTimeColumn(data['updated-at'], ['updated-at'], with_);
  const consent = data.consent === undefined ? undefined : readConsentRule(data.consent, with_);
  const update = readUpdate(data, columns, updatedAt !== undefined, tell);
  if (isBroken) return undefined;
  return {
    name,
    list: data.list ?? name,
    email: data.email,
    onNewAddress: data['on-new-address'] ?? 'change',
    columns,
    constants: data.constants ?? {},
    update,
    ...(data['external-id'] && { externalId: data['external-id'] }),
    ...(updatedAt && { updatedAt }),
    ...(typeof country === 'string' && { country }),
    ...(consent && { consent }),
  };
};

const readColumn = (column: string, raw: unknown, { report, read }: Context): readonly ColumnRule[] => {
  if (raw === 'ignore') return [];
  const path = ['columns', column];
  const isShort = typeof raw === 'string';
  const rule = isShort ? { field: raw } : read(ColumnShape, raw, path);
  if (!rule) return [];
  checkField(rule.field, isShort ? path : [...path, 'field'], report);
  const { read: reading = 'text', format } = rule;
  if (format !== undefined) checkFormat(format, [...path, 'format'], report);
  for (const [key, needs] of Object.entries({ decimal: 'number', format: 'date', yes: 'boolean', no: 'boolean' }) as [
    keyof typeof rule,
    string,
  ][]) {
    if (rule[key] !== undefined && reading !== needs)
      report([...path, key], {
        code: 'of-no-use',
        what: `"${key}" means something with \`read: ${needs}\` only`,
        got: `read: ${reading}`,
        at: 'key',
      });
  }
  if (rule.others !== undefined && !rule.values)
    report([...path, 'others'], { code: 'of-no-use', what: '"others" means something with `values` only', at: 'key' });
  const values =
    rule.values && Object.fromEntries(Object.entries(rule.values).map(([there, here]) => [there.trim().toLowerCase(), String(here)]));
  return [
    {
      column,
      field: rule.field,
      read: reading,
      decimal: rule.decimal ?? 'point',
      yes: lower(rule.yes) ?? usualYes,
      no: lower(rule.no) ?? usualNo,
      otherValues: rule.others ?? 'keep',
      ...(format !== undefined && { format }),
      ...(values && { values }),
    },
  ];
};

const lower = (words: readonly string[] | undefined) => words?.map((it) => it.trim().toLowerCase());

const fieldPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const checkField = (field: string, path: YamlPath, report: Report, at: 'key' | 'value' = 'value'): void => {
  const isOther = field === 'email' || (consentColumns as readonly string[]).includes(field);
  if (isOther)
    report(path, { code: 'not-a-field', what: 'this is not a field; it has a key of its own', got: field, allowed: 'email, consent', at });
  else if (!fieldPattern.test(field) || field.length > 40)
    report(path, {
      code: 'not-a-field',
      what: 'this is not the name of a field',
      got: shown(field),
      allowed: 'lower-case words joined by hyphens, or ignore',
      ...meantHint(field, ['ignore']),
      at,
    });
};

const checkFormat = (format: string, path: YamlPath, report: Report): void => {
  if (!isTimeFormat(format))
    report(path, { code: 'not-a-format', what: 'this is not the format of a date', got: shown(format), allowed: formatRule });
};

/** One field from two places: which would count? */
const checkDoubles = (columns: readonly ColumnRule[], { constants = {} }: z.output<typeof MappingShape>, report: Report): void => {
  columns.forEach(({ column, field }, at) => {
    const earlier = columns.slice(0, at).find((it) => it.field === field || columnKey(it.column) === columnKey(column));
    if (earlier) report(['columns', column], { code: 'duplicate', what: `"${earlier.column}" gives this field already`, got: field });
    if (constants[field] !== undefined)
      report(['constants', field], { code: 'duplicate', what: `"${column}" gives this field already`, got: field, at: 'key' });
  });
};

const readTimeColumn = (raw: unknown, path: YamlPath, { report, read }: Context): TimeColumn | undefined => {
  const rule = read(TimeColumnShape, typeof raw === 'string' ? { column: raw } : raw, path);
  if (!rule) return undefined;
  const zone = rule['time-zone'] ?? 'UTC';
  if (!isZone(zone)) report([...path, 'time-zone'], unknownZone(zone));
  if (rule.format !== undefined) checkFormat(rule.format, [...path, 'format'], report);
  return { column: rule.column, timeZone: zone, ...(rule.format !== undefined && { format: rule.format }) };
};

const readConsentRule = (raw: unknown, context: Context): ConsentRule | undefined => {
  const { report, read, topics } = context;
  const rule = read(ImportConsentShape, raw, ['consent']);
  if (!rule) return undefined;
  const { topic, source, 'source-column': column } = rule;
  if (!topics.includes(topic))
    report(['consent', 'topic'], {
      code: 'unknown-topic',
      what: 'brand.yaml has no such topic',
      got: topic,
      allowed: topics.join(', '),
      ...meantHint(topic, topics),
    });
  if ((source === undefined) === (column === undefined))
    report(['consent'], {
      code: 'missing',
      what: 'say where people agreed',
      allowed: 'either `source: <words>` or `source-column: <column>`',
      at: 'key',
    });
  const at = readTimeColumn(rule.at, ['consent', 'at'], context);
  const confirmedAt =
    rule['confirmed-at'] === undefined ? undefined : readTimeColumn(rule['confirmed-at'], ['consent', 'confirmed-at'], context);
  if (!at) return undefined;
  return {
    topic,
    at,
    source: column === undefined ? { text: source ?? '' } : { column },
    ...(rule.if && { only: { column: rule.if.column, is: lower(rule.if.is) ?? [] } }),
    ...(rule.ip !== undefined && { ip: rule.ip }),
    ...(rule.text !== undefined && { text: rule.text }),
    ...(confirmedAt && { confirmedAt }),
    ...(rule['confirmed-ip'] !== undefined && { confirmedIp: rule['confirmed-ip'] }),
  };
};

/** Without a word about it the newest wins where the source says times; else the source does. */
const readUpdate = (
  { update = {}, constants = {}, country }: z.output<typeof MappingShape>,
  columns: readonly ColumnRule[],
  hasTimes: boolean,
  report: Report,
): Mapping['update'] => {
  const { default: otherwise = hasTimes ? 'newest' : 'theirs', ...rules } = update;
  const fields = [...columns.map((it) => it.field), ...Object.keys(constants), ...(country === undefined ? [] : ['country'])];
  for (const field of Object.keys(rules).filter((it) => !fields.includes(it))) {
    const allowed = ['default', ...fields];
    report(['update', field], {
      code: 'unknown-field',
      what: 'no column or constant gives this field',
      got: field,
      allowed: allowed.join(', '),
      at: 'key',
      ...meantHint(field, allowed),
    });
  }
  const timed = Object.entries(update).find(([, rule]) => rule === 'newest');
  if (timed && !hasTimes)
    report(['update', timed[0]], {
      code: 'no-times',
      what: '`newest` needs `updated-at`: when was the row changed?',
      got: 'newest',
      allowed: 'theirs, ours',
    });
  return { otherwise, ...(Object.keys(rules).length > 0 && { rules }) };
};
