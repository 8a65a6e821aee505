import type { Cell } from './cells.ts';
import { levelOf } from './cells.ts';
import { refuse } from './refusal.ts';

const yes = [
  'yes',
  'y',
  'true',
  't',
  '1',
  'won',
  'win',
  'converted',
  'accepted',
  'success',
  'positive',
  'customer',
  'ja',
  'oui',
  'si',
  'sí',
];
const no = ['no', 'n', 'false', 'f', '0', '-1', 'lost', 'rejected', 'failure', 'negative', 'not converted', 'nein', 'non', 'not accepted'];

/** `1.0` is 1. */
const spelling = (cell: Cell): string | undefined => levelOf(cell)?.replace(/^(-?\d+)[.,]0+$/, '$1');

export type Labels = { readonly positive: string; readonly of: (cell: Cell) => 0 | 1 | undefined };

/** What counts as a good outcome; undefined for a cell that tells nothing. Throws a refusal when it is not clear. */
export const labelsOf = (column: string, cells: readonly Cell[], positive?: string): Labels => {
  const found = [...new Set(cells.map(spelling).filter((it) => it !== undefined))].sort();
  const asked = positive === undefined ? undefined : spelling(positive);
  if (found.length === 0) refuse(`the column "${column}" is empty`);
  if (asked !== undefined && !found.includes(asked))
    refuse(`nothing in the column "${column}" says "${positive}"; it says ${listed(found)}`);
  if (found.length === 1) refuse(`every row says "${found[0]}" in the column "${column}": both outcomes are needed to learn from`);
  const good = asked === undefined ? goodOf(column, found) : [asked];
  return {
    positive: good.join(' / '),
    of: (cell) => {
      const text = spelling(cell);
      return text === undefined ? undefined : good.includes(text) ? 1 : 0;
    },
  };
};

const goodOf = (column: string, found: readonly string[]): readonly string[] => {
  const good = found.filter((it) => yes.includes(it));
  const bad = found.filter((it) => no.includes(it));
  const isClear = good.length > 0 && bad.length > 0 && good.length + bad.length === found.length;
  // Of two words one that is known tells what the other is.
  const isPair = found.length === 2 && good.length + bad.length === 1;
  if (isClear || isPair) return good.length > 0 ? good : found.filter((it) => !bad.includes(it));
  return refuse(
    `it is not clear which outcome in the column "${column}" is the good one: it says ${listed(found)}. Say it with --positive <word>`,
  );
};

const most = 8;
const listed = (words: readonly string[]): string =>
  words
    .slice(0, most)
    .map((it) => `"${it.slice(0, 40)}"`)
    .join(', ') + (words.length > most ? ` and ${words.length - most} more` : '');
