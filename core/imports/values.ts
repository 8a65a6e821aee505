import type { ColumnRule } from './mapping.ts';
import { readDay } from './times.ts';

/** A cell as its column's rule reads it; empty: nothing. `reason`: why it is left out, never with the value. */
export type ReadValue = { readonly value: string | number | boolean } | { readonly reason: string } | undefined;

export const readValue = (cell: string, rule: ColumnRule): ReadValue => {
  const text = cell.trim();
  if (text === '') return undefined;
  const named = rule.values?.[text.toLowerCase()];
  if (named === undefined && rule.values && rule.otherValues === 'leave-out') {
    return { reason: 'the value is not named under `values` and was left out' };
  }
  const meant = named ?? text;
  if (meant === '') return undefined;
  switch (rule.read) {
    case 'text':
      return { value: meant };
    case 'number':
      return readNumber(meant, rule.decimal);
    case 'boolean':
      return readBoolean(meant, rule);
    case 'date': {
      const day = readDay(meant, rule.format);
      return day === undefined ? { reason: `this is not a date (${rule.format ?? 'YYYY-MM-DD'}) and was left out` } : { value: day };
    }
  }
};

const groupings = { point: /^[+-]?\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?$/, comma: /^[+-]?\d{1,3}(?:[.' ]\d{3})+(?:,\d+)?$/ };
const plain = { point: /^[+-]?\d+(?:\.\d+)?$/, comma: /^[+-]?\d+(?:,\d+)?$/ };

/** `1.234,5 €` and `1,234.5` are each a number to one rule only: what may be either is none. */
const readNumber = (text: string, decimal: 'point' | 'comma'): ReadValue => {
  const bare = text
    .replace(/\p{Sc}/gu, '')
    .replace(/[\u00a0\u202f\u2009]/g, ' ')
    .replaceAll('\u2019', "'")
    .replaceAll('\u2212', '-')
    .trim();
  if (!groupings[decimal].test(bare) && !plain[decimal].test(bare)) {
    return { reason: `this is not a number with a decimal ${decimal} and was left out` };
  }
  const number = Number(decimal === 'comma' ? bare.replace(/[.' ]/g, '').replace(',', '.') : bare.replace(/[,' ]/g, ''));
  return Number.isFinite(number) ? { value: number } : { reason: 'the number is too large and was left out' };
};

const readBoolean = (text: string, { yes, no }: ColumnRule): ReadValue => {
  const word = text.toLowerCase();
  if (yes.includes(word)) return { value: true };
  return no.includes(word) ? { value: false } : { reason: 'this is neither of the words for yes and no, and was left out' };
};
