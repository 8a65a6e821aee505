import type { Condition, Item, Update, Value } from './table.ts';

/** DynamoDB's words for a write. Values are plain; the caller marshals them. Same input, same text. */
export type Expressions = {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly values?: Record<string, Value>;
};

export const toExpressions = (update?: Update, condition?: Condition): Expressions => {
  const names = new Map<string, string>();
  const values: Record<string, Value> = {};
  const name = (attribute: string) => {
    const known = names.get(attribute);
    if (known) return known;
    const placeholder = `#n${names.size}`;
    names.set(attribute, placeholder);
    return placeholder;
  };
  const value = (it: Value) => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = it;
    return placeholder;
  };
  const updateText = update && updateExpression(update, name, value);
  const conditionText = condition && conditionExpression(condition, name, value);
  return {
    ...(updateText && { UpdateExpression: updateText }),
    ...(conditionText && { ConditionExpression: conditionText }),
    ...(names.size > 0 && { ExpressionAttributeNames: Object.fromEntries([...names].map(([real, alias]) => [alias, real])) }),
    ...(Object.keys(values).length > 0 && { values }),
  };
};

type Naming = (attribute: string) => string;
type Valuing = (value: Value) => string;

const updateExpression = (update: Update, name: Naming, value: Valuing): string => {
  const set = [
    ...each(update.set, (key, it) => `${name(key)} = ${value(it)}`),
    ...each(update.setIfAbsent, (key, it) => `${name(key)} = if_not_exists(${name(key)}, ${value(it)})`),
    ...inside(update.setIn, (map, key, it) => `${name(map)}.${name(key)} = ${value(it)}`),
    ...inside(update.setInIfAbsent, (map, key, it) => `${name(map)}.${name(key)} = if_not_exists(${name(map)}.${name(key)}, ${value(it)})`),
  ];
  const remove = [
    ...(update.remove ?? []).map(name),
    ...Object.entries(update.removeIn ?? {}).flatMap(([map, keys]) => keys.map((key) => `${name(map)}.${name(key)}`)),
  ];
  const add = each(update.increase, (key, it) => `${name(key)} ${value(it)}`);
  return [clause('SET', set), clause('REMOVE', remove), clause('ADD', add)].filter(Boolean).join(' ');
};

const conditionExpression = (condition: Condition, name: Naming, value: Valuing): string =>
  [
    ...(condition.exists === undefined ? [] : [`${condition.exists ? 'attribute_exists' : 'attribute_not_exists'}(${name('pk')})`]),
    ...each(condition.equals, (key, it) => `${name(key)} = ${value(it)}`),
    ...inside(condition.equalsIn, (map, key, it) => `${name(map)}.${name(key)} = ${value(it)}`),
    ...(condition.absent ?? []).map((key) => `attribute_not_exists(${name(key)})`),
    ...Object.entries(condition.absentIn ?? {}).flatMap(([map, keys]) =>
      keys.map((key) => `attribute_not_exists(${name(map)}.${name(key)})`),
    ),
    ...each(condition.below, (key, it) => `${name(key)} < ${value(it)}`),
    ...(condition.either ? [`(${condition.either.map((it) => conditionExpression(it, name, value)).join(' OR ')})`] : []),
  ].join(' AND ');

const each = <T extends Value>(entries: { readonly [key: string]: T } | undefined, write: (key: string, value: T) => string) =>
  Object.entries(entries ?? {}).map(([key, it]) => write(key, it));
const inside = (maps: { readonly [map: string]: Item } | undefined, write: (map: string, key: string, value: Value) => string) =>
  Object.entries(maps ?? {}).flatMap(([map, entries]) => Object.entries(entries).map(([key, it]) => write(map, key, it)));
const clause = (word: string, parts: readonly string[]) => (parts.length > 0 ? `${word} ${parts.join(', ')}` : '');
