import { fractionOf } from '#core/hash';
import { type Row, textOf } from './cells.ts';

/** A row with its outcome, and its place in an order that depends on its content alone. */
export type Example = { readonly row: Row; readonly label: 0 | 1; readonly place: number; readonly baseline?: number };

const together = 5;

/**
 * Puts rows in an order by a hash of their content, whatever order the file has them in. Up to five rows of the same
 * content get one place: a lead that is there twice is not both learnt from and tested on.
 */
export const placeRows = (examples: readonly Omit<Example, 'place'>[], columns: readonly string[]): readonly Example[] => {
  const keyed = examples
    .map((it) => ({ it, key: JSON.stringify(columns.map((column) => textOf(it.row[column]) ?? null)) }))
    .sort(
      (one, other) => compare(one.key, other.key) || one.it.label - other.it.label || (one.it.baseline ?? 0) - (other.it.baseline ?? 0),
    );
  const seen = new Map<string, number>();
  return keyed
    .map(({ it, key }) => {
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      return { ...it, place: fractionOf(`${key}#${Math.floor(count / together)}`) };
    })
    .sort((one, other) => one.place - other.place);
};

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** A share of each outcome goes to the first part, in order of place. */
export const divide = (examples: readonly Example[], share: number): readonly [readonly Example[], readonly Example[]] => {
  const cut = [0, 1].map((label) => {
    const places = examples.filter((it) => it.label === label).map((it) => it.place);
    return places[Math.round(places.length * share)] ?? 2;
  });
  const isFirst = ({ label, place }: Example) => place < (cut[label] ?? 0);
  // A place that both outcomes have is on one side only.
  const firstPlaces = new Set(examples.filter(isFirst).map((it) => it.place));
  return [examples.filter((it) => firstPlaces.has(it.place)), examples.filter((it) => !firstPlaces.has(it.place))];
};

export const folds = 5;
/** 0 to 4, for rows that are already in the part to learn from; each outcome spread evenly. */
export const foldsOf = (examples: readonly Example[]): readonly number[] => {
  const foldOfPlace = new Map<number, number>();
  const next = [0, 0];
  return examples.map(({ label, place }) => {
    const fold = foldOfPlace.get(place) ?? (next[label] ?? 0) % folds;
    if (!foldOfPlace.has(place)) next[label] = (next[label] ?? 0) + 1;
    foldOfPlace.set(place, fold);
    return fold;
  });
};
