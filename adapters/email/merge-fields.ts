import { meantHint } from '#core/did-you-mean';
import { alwaysThere, usualFields } from '#core/email';
import type { Finding } from './source.ts';

/** The Liquid that e-mails may use: choices and small changes of text; no loops, no files, nothing that makes HTML. */
export const tagsAllowed: readonly string[] = ['if', 'elsif', 'else', 'unless', 'case', 'when', 'assign', 'comment'];
export const filtersAllowed: readonly string[] = [
  ...['default', 'upcase', 'downcase', 'capitalize', 'strip', 'truncate', 'truncatewords', 'append', 'prepend', 'replace', 'remove'],
  ...[
    'plus',
    'minus',
    'times',
    'divided_by',
    'round',
    'floor',
    'ceil',
    'at_least',
    'at_most',
    'size',
    'date',
    'money',
    'number',
    'pluralize',
    'url_encode',
  ],
];

/** Variables proven to be there, and those that {% assign %} made. */
export type Scope = { readonly guarded: ReadonlySet<string>; readonly assigned: ReadonlySet<string> };

/** An output needs a value; a condition, or what stands before `default`, does not. */
export type Need = 'output' | 'condition';

/** What is wrong with this use of a variable. */
export const checkVariable = (path: readonly (string | undefined)[], need: Need, { guarded, assigned }: Scope): Finding | undefined => {
  const name = path.join('.');
  const [root, field] = path;
  if (name.length === 0 || path.includes(undefined)) {
    return { code: 'unknown-variable', what: 'the name of a merge field cannot be computed', allowed: 'a fixed name, e.g. lead.company' };
  }
  if (assigned.has(name) || alwaysThere.includes(name)) return undefined;
  if (root !== 'lead' || path.length !== 2 || field === undefined) return unknownVariable(name);
  return misspelled(field) ?? (need === 'output' && !guarded.has(name) ? withoutDefault(name) : undefined);
};

const unknownVariable = (name: string): Finding => ({
  code: 'unknown-variable',
  what: `there is no "${name}" to fill in`,
  got: name,
  allowed: ['lead.<field>', ...alwaysThere].join(', '),
  ...(usualFields.includes(name)
    ? { hint: `did you mean "lead.${name}"?` }
    : meantHint(name, [...alwaysThere, ...usualFields.map((it) => `lead.${it}`)])),
});

const withoutDefault = (name: string): Finding => ({
  code: 'merge-field-without-default',
  what: `some leads have no ${name.slice('lead.'.length)}: what should they read?`,
  got: `{{ ${name} }}`,
  allowed: `{{ ${name} | default: '…' }}, with default first, or {% if ${name} %} … {% endif %} around it`,
});

/** Fields are kebab-case everywhere. Any imported column is a field, so an unusual name is only doubtful. */
const misspelled = (field: string): Finding | undefined => {
  const kebab = field
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[_\s]+/g, '-')
    .toLowerCase();
  if (kebab !== field) {
    return {
      code: 'unknown-merge-field',
      what: 'fields of a lead are written in kebab-case',
      got: `lead.${field}`,
      hint: `write lead.${kebab}`,
    };
  }
  if (usualFields.includes(field)) return undefined;
  const meant = meantHint(field, usualFields);
  if (meant.hint === undefined || field.length < 5) return undefined;
  return { severity: 'warning', code: 'unusual-merge-field', what: `lead.${field} is not a usual field`, got: field, ...meant };
};
