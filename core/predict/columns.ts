import { type Cell, type Decimal, decimalOf, levelOf, numberOf, textOf } from './cells.ts';
import { wordsOf } from './words.ts';

/** How a column is learnt from. */
export type UsedPlan =
  | { readonly kind: 'number'; readonly column: string; readonly decimal: Decimal }
  | { readonly kind: 'category' | 'rates'; readonly column: string };
/** Or why it is not. */
export type Plan = UsedPlan | { readonly kind: 'none'; readonly column: string; readonly because: string; readonly isWarning?: true };

/** Levels that fewer leads have are not kept: nothing can be learnt of them, and they may tell who somebody is. */
export const leastOfLevel = 10;
/** With more frequent levels than these a column gets one number instead of a place for each. */
const mostPlaces = 20;
const numeric = 0.95;

const personal =
  /^(e[- ]?mail|phone|mobile|tel|fax|address|street|ip|birth|birthday|linkedin|password|username|user ?name|(first|last|full|given|family|middle|sur|contact|lead|person) ?name|name|surname|vorname|nachname)( ?(address|number|no|of birth|date|url))?$/;
const idName = /(^| )(ids?|uuid|guid|key|number|nr|no|index|row|code|token|hash|ref|reference)$/;
const dateLike = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}.*)?$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}( \d{1,2}:\d{2}.*)?$/;

export const planOf = (column: string, cells: readonly Cell[]): Plan => {
  const none = (because: string, isWarning?: true): Plan => ({ kind: 'none', column, because, ...(isWarning && { isWarning }) });
  const known = cells.filter((it) => textOf(it) !== undefined);
  const words = wordsOf(column);
  if (known.length === 0) return none('it is empty');
  if (personal.test(words) || shareOf(known, (it) => /^\S+@\S+\.\S+$/.test(it)) > 0.5)
    return none('personal data: nothing is learnt from it', true);
  const levels = countLevels(known);
  if (levels.size === 1 && known.length === cells.length) return none('it is the same in every row');
  if (shareOf(known, (it) => dateLike.test(it)) > 0.9) return none('dates: what was true in one month need not be in the next');
  const decimal = decimalOf(known);
  const numbers = known.flatMap((it) => numberOf(it, decimal) ?? []);
  if (numbers.length >= numeric * known.length)
    return isIdNumber(words, numbers) ? none('it looks like an id', true) : { kind: 'number', column, decimal };
  return planOfText({ column, known, levels, missing: cells.length - known.length, none });
};

type TextParts = {
  readonly column: string;
  readonly known: readonly Cell[];
  readonly levels: ReadonlyMap<string, number>;
  readonly missing: number;
  readonly none: (because: string, isWarning?: true) => Plan;
};

const planOfText = ({ column, known, levels, missing, none }: TextParts): Plan => {
  const frequent = [...levels.values()].filter((it) => it >= leastOfLevel).length;
  if (levels.size > 50 && levels.size > 0.9 * known.length)
    return none('almost every row has its own value: it looks like an id, or free text', true);
  const rare = known.length - [...levels.values()].filter((it) => it >= leastOfLevel).reduce((sum, it) => sum + it, 0);
  if (frequent === 0 && missing < leastOfLevel) return none(`none of its ${levels.size} values is there ${leastOfLevel} times`);
  if (frequent === 1 && missing < leastOfLevel && rare < leastOfLevel) return none('it is the same in almost every row');
  return { kind: frequent > mostPlaces ? 'rates' : 'category', column };
};

export const countLevels = (cells: readonly Cell[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const level of cells.map(levelOf)) if (level !== undefined) counts.set(level, (counts.get(level) ?? 0) + 1);
  return counts;
};

const shareOf = (cells: readonly Cell[], test: (text: string) => boolean): number =>
  cells.filter((it) => test(textOf(it) ?? '')).length / cells.length;

/** Whole numbers that are all different: named like an id, or counting the rows. */
const isIdNumber = (words: string, numbers: readonly number[]): boolean => {
  if (numbers.length < 50 || !numbers.every(Number.isInteger) || new Set(numbers).size < numbers.length) return false;
  const range = numbers.reduce((most, it) => Math.max(most, it), -Infinity) - numbers.reduce((least, it) => Math.min(least, it), Infinity);
  return idName.test(words) || range < 1.05 * numbers.length;
};
