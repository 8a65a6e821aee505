import { windowInWords } from '#core/send-window-text';
import { canonicalJson } from '#core/sequences/canonical-json';
import { secondsInWords } from '#core/sequences/diagram';
import type { SendWindow } from '#core/sequences/model';
import { conditionInWords, isCondition } from './condition-words.ts';

/** One setting that is not what it was, in words: `fit rule “big”: points 20, was 10`. `where`: the names that lead there. */
export type Difference = { readonly where: readonly string[]; readonly before?: string; readonly after?: string };

/** What differs between two parsed settings, setting by setting; lists by the names of what is in them. Pure. */
export const differencesOf = (before: unknown, after: unknown, where: readonly string[] = []): readonly Difference[] => {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (isTree(before) && isTree(after)) return ofTrees(before, after, where);
  const [one, other] = [branchesOf(before), branchesOf(after)];
  if (one && other) return ofTrees(one, other, where);
  return [{ where, ...said('before', before), ...said('after', after) }];
};

/** `hold: 3 hours, was 30 minutes`; `competitors: new, acme.example`; `rep kim: gone (…)`. */
export const differenceInWords = ({ where, before, after }: Difference): string => {
  const name = where.filter((it) => it !== '').join(' ') || 'it';
  if (before === undefined) return `${name}: new, ${after}`;
  return after === undefined ? `${name}: gone (${before})` : `${name}: ${after}, was ${before}`;
};

type Tree = { readonly [name: string]: unknown };

const ofTrees = (before: Tree, after: Tree, where: readonly string[]): readonly Difference[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differencesOf(measured(key, before[key]), measured(key, after[key]), [...where, wordOf(key)]),
  );

/** Settings with names of their own; what reads as one phrase is a leaf. */
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value) && !phraseOf(value);

/** A list as settings by name, if each of its entries has one; a list of plain words as a set of them. */
const branchesOf = (value: unknown): Tree | undefined => {
  if (!Array.isArray(value)) return undefined;
  const named = value.map((it) => [nameOf(it), it] as const);
  if (named.some(([name]) => name === undefined) || new Set(named.map(([name]) => name)).size < named.length) return undefined;
  return Object.fromEntries(named.map(([name, it]) => [`“${name}”`, withoutName(it)]));
};

const naming = ['id', 'rep', 'name', 'event'] as const;
const nameOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const key = naming.find((it) => typeof (value as Tree)[it] === 'string');
  return key && String((value as Tree)[key]);
};
const withoutName = (value: unknown): Tree => {
  const key = naming.find((it) => typeof (value as Tree)[it] === 'string');
  return Object.fromEntries(Object.entries(value as Tree).filter(([name]) => name !== key));
};

const said = (side: 'before' | 'after', value: unknown): Partial<Pick<Difference, 'before' | 'after'>> =>
  value === undefined ? {} : { [side]: valueInWords(value) };

/** Any setting in words. */
const valueInWords = (value: unknown): string => {
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (Array.isArray(value)) return value.map(valueInWords).join(', ') || 'none';
  if (typeof value !== 'object' || value === null) return String(value);
  return phraseOf(value) ?? treeInWords(value as Tree);
};

const treeInWords = (value: Tree): string =>
  Object.entries(value)
    .filter(([, it]) => it !== undefined)
    .map(([name, it]) => `${wordOf(name)} ${valueInWords(measured(name, it))}`.trim())
    .join(', ') || 'yes';

/** What is one thing to a marketer. */
const phraseOf = (value: object): string | undefined => {
  if (isCondition(value)) return conditionInWords(value);
  if (isWindow(value)) return windowInWords(value);
  const [[key, only] = ['', undefined], ...rest] = Object.entries(value);
  return rest.length === 0 && /seconds$/i.test(key) && typeof only === 'number' ? secondsInWords(only) : undefined;
};

const isWindow = (value: object): value is SendWindow => 'days' in value && 'fromMinute' in value && 'toMinute' in value && 'zone' in value;

/** `holdSeconds` is a hold, `fromMinute` a from: the value says the unit. */
const wordOf = (key: string): string =>
  key.startsWith('“')
    ? key
    : key
        .replace(/(^s|S)econds$/, '')
        .replace(/(?<=.)Minute$/, '')
        .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
        .toLowerCase();

/** Seconds as a duration, minutes of a day as a time of day. */
const measured = (key: string, value: unknown): unknown => {
  if (typeof value !== 'number') return value;
  if (/seconds$/i.test(key)) return secondsInWords(value);
  return /minute$/i.test(key) ? `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}` : value;
};
