import type { Condition, Item, Key, Update, Value } from './table.ts';

/** What DynamoDB does with a write that core/table-expressions.ts puts into words; its twin, checked against it by test. */
export const applyUpdate = (item: Item | undefined, key: Key, update: Update, condition?: Condition): Item | 'refused' => {
  if (condition && !holds(condition, item)) return 'refused';
  const next: Record<string, Value> = { ...(item ?? key) };
  for (const [attribute, value] of Object.entries(update.set ?? {})) next[attribute] = value;
  for (const [attribute, value] of Object.entries(update.setIfAbsent ?? {})) if (item?.[attribute] === undefined) next[attribute] = value;
  for (const [attribute, entries] of Object.entries(update.setIn ?? {})) next[attribute] = { ...mapAt(next, attribute), ...entries };
  for (const [attribute, entries] of Object.entries(update.setInIfAbsent ?? {})) {
    next[attribute] = { ...entries, ...mapAt(next, attribute) };
  }
  for (const attribute of update.remove ?? []) delete next[attribute];
  for (const [attribute, keys] of Object.entries(update.removeIn ?? {})) {
    const map = { ...mapAt(next, attribute) };
    for (const name of keys) delete map[name];
    next[attribute] = map;
  }
  for (const [attribute, by] of Object.entries(update.increase ?? {})) {
    const before = next[attribute] ?? 0;
    if (typeof before !== 'number') throw invalid(`${attribute} is not a number`);
    next[attribute] = before + by;
  }
  return next;
};

export const holds = (condition: Condition, item: Item | undefined): boolean =>
  (condition.exists === undefined || condition.exists === (item !== undefined)) &&
  Object.entries(condition.equals ?? {}).every(([attribute, value]) => item?.[attribute] !== undefined && same(item[attribute], value)) &&
  Object.entries(condition.equalsIn ?? {}).every(([attribute, wanted]) => {
    const map = item?.[attribute];
    return Object.entries(wanted).every(([key, value]) => isMap(map) && map[key] !== undefined && same(map[key], value));
  }) &&
  (condition.absent ?? []).every((attribute) => item?.[attribute] === undefined) &&
  Object.entries(condition.absentIn ?? {}).every(([attribute, keys]) => {
    const map = item?.[attribute];
    return keys.every((key) => !isMap(map) || map[key] === undefined);
  }) &&
  Object.entries(condition.below ?? {}).every(([attribute, limit]) => isBelow(item?.[attribute], limit)) &&
  (condition.either === undefined || condition.either.some((it) => holds(it, item)));

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
