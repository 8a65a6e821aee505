import type { Condition, Item, Key, Update, Value } from './table.ts';

/** What DynamoDB does with a write that core/table-expressions.ts puts into words; its twin, checked against it by test. */
export const applyUpdate = (item: Item | undefined, key: Key, update: Update, condition?: Condition): Item | 'refused' => {
  if (condition && !holds(condition, item)) return 'refused';
  const { set, setIfAbsent, setIn, setInIfAbsent, remove, removeIn, increase } = update;
  const next = copied(item ?? key, set, remove);
  for (const attribute in setIfAbsent) if (item?.[attribute] === undefined) next[attribute] = setIfAbsent[attribute] as Value;
  for (const attribute in setIn) next[attribute] = { ...mapAt(next, attribute), ...setIn[attribute] };
  for (const attribute in setInIfAbsent) next[attribute] = { ...setInIfAbsent[attribute], ...mapAt(next, attribute) };
  if (remove) for (const attribute of remove) if (next[attribute] !== undefined) delete next[attribute];
  for (const attribute in removeIn) {
    const map = { ...mapAt(next, attribute) };
    for (const name of removeIn[attribute] ?? []) delete map[name];
    next[attribute] = map;
  }
  for (const attribute in increase) {
    const before = next[attribute] ?? 0;
    if (typeof before !== 'number') throw invalid(`${attribute} is not a number`);
    next[attribute] = before + (increase[attribute] ?? 0);
  }
  return next;
};

export const holds = (condition: Condition, item: Item | undefined): boolean => {
  const { exists, equals, equalsIn, absent, absentIn, below, either } = condition;
  if (exists !== undefined && exists !== (item !== undefined)) return false;
  for (const attribute in equals) if (!isSame(item?.[attribute], equals[attribute] as Value)) return false;
  for (const attribute in equalsIn) {
    const [map, wanted] = [item?.[attribute], equalsIn[attribute] ?? {}];
    for (const key in wanted) if (!isMap(map) || !isSame(map[key], wanted[key] as Value)) return false;
  }
  if (absent) for (const attribute of absent) if (item?.[attribute] !== undefined) return false;
  for (const attribute in absentIn) {
    const map = item?.[attribute];
    if (isMap(map) && absentIn[attribute]?.some((key) => map[key] !== undefined)) return false;
  }
  for (const attribute in below) if (!isBelow(item?.[attribute], below[attribute] as string | number)) return false;
  return either === undefined || either.some((it) => holds(it, item));
};

/**
 * With what is set, and without what goes: deleting it afterwards would make a slow object of the copy, and so would an attribute past some
 * sixteen that is written by a computed name. Rows of very many have names of their own each (counters): as objects without a prototype
 * they are tables from the start, which no shape is looked for.
 */
const copied = (item: Item, set: Item | undefined, remove: readonly string[] | undefined): Record<string, Value> => {
  const isTable = Object.getPrototypeOf(item) === null || Object.keys(item).length > mostShaped;
  const without = remove?.some((it) => item[it] !== undefined) ? remove : undefined;
  if (!isTable && !without) return set ? { ...item, ...set } : { ...item };
  const copy: Record<string, Value> = isTable ? Object.create(null) : {};
  for (const name in item) if (!without?.includes(name)) copy[name] = item[name] as Value;
  for (const name in set) copy[name] = set[name] as Value;
  return copy;
};
const mostShaped = 28;

const isSame = (value: Value | undefined, wanted: Value): boolean => value !== undefined && same(value, wanted);

const mapAt = (item: Item, attribute: string): { readonly [key: string]: Value } => {
  const map = item[attribute];
  if (!isMap(map)) throw invalid(`${attribute} is not a map`);
  return map;
};

const isMap = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBelow = (value: Value | undefined, limit: string | number): boolean =>
  (typeof value === 'string' && typeof limit === 'string' && value < limit) ||
  (typeof value === 'number' && typeof limit === 'number' && value < limit);

const same = (one: Value | undefined, other: Value): boolean => {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((it, at) => same(it, other[at] as Value));
  if (!isMap(one) || !isMap(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => other[key] !== undefined && same(one[key], other[key]));
};

const invalid = (message: string) => Object.assign(new Error(message), { name: 'ValidationException' });
