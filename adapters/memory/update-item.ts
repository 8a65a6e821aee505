import type { Condition, Key, Table, Update, Value } from '#core/table';
import { unmarshal } from './attribute-values.ts';

/** A raw DynamoDB UpdateItem request, as Step Functions sends it. */
type Request = Record<string, unknown>;
type Write = { readonly update: Update; readonly condition: Condition };
/** Reads a write out of the names and values of one request. */
type Plan = (names: Readonly<Record<string, string>>, values: Readonly<Record<string, Value>>) => Write;

/**
 * Executes the machine's own writes against a memory table: exactly the grammar that core/table-expressions.ts emits,
 * everything else is refused by name. A failed condition throws as the SDK does.
 */
export const updateItemOn = (table: Table) => {
  const plans = new Map<string, Plan>();
  return async (request: Request): Promise<Record<string, unknown>> => {
    const updateText = textOf(request.UpdateExpression);
    const conditionText = textOf(request.ConditionExpression);
    const cacheKey = `${updateText}\n${conditionText}`;
    const plan = plans.get(cacheKey) ?? planOf(updateText, conditionText);
    plans.set(cacheKey, plan);
    const values = unmarshalled(request.ExpressionAttributeValues);
    const { update, condition } = plan((request.ExpressionAttributeNames ?? {}) as Record<string, string>, values);
    const key = unmarshalled(request.Key);
    if ((await table.update(key as unknown as Key, update, condition)) === 'refused') {
      throw Object.assign(new Error('The conditional request failed'), { name: 'ConditionalCheckFailedException' });
    }
    return {};
  };
};

const unmarshalled = (attributes: unknown): Record<string, Value> => {
  const values: Record<string, Value> = {};
  const given = (attributes ?? {}) as Record<string, unknown>;
  for (const name in given) values[name] = unmarshal(given[name]);
  return values;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

type Draft = {
  set: Record<string, Value>;
  setIfAbsent: Record<string, Value>;
  setIn: Record<string, Record<string, Value>>;
  setInIfAbsent: Record<string, Record<string, Value>>;
  remove: string[];
  removeIn: Record<string, string[]>;
  increase: Record<string, number>;
};
type Apply = (draft: Draft, name: (alias: string) => string, value: (placeholder: string) => Value) => void;

const planOf = (updateText: string, conditionText: string): Plan => {
  const writes = clausesOf(updateText);
  const condition = conditionText === '' ? () => ({}) : conditionOf(conditionText);
  return (names, values) => {
    const name = (alias: string) => found(names[alias], alias);
    const value = (placeholder: string) => found(values[placeholder], placeholder);
    const draft: Draft = { set: {}, setIfAbsent: {}, setIn: {}, setInIfAbsent: {}, remove: [], removeIn: {}, increase: {} };
    for (const write of writes) write(draft, name, value);
    return { update: draft, condition: condition(name, value) };
  };
};

const clausesOf = (text: string): Apply[] => {
  const parts = text.split(/\b(SET|REMOVE|ADD) /).slice(1);
  const applies: Apply[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const word = parts[at] ?? '';
    // Commas inside if_not_exists(…) do not part assignments.
    for (const part of (parts[at + 1] ?? '').trim().split(/, (?![^(]*\))/)) applies.push(assignmentOf(word, part.trim()));
  }
  return applies;
};

const path = '(#n\\d+)(?:\\.(#n\\d+))?';
const forms = {
  set: new RegExp(`^${path} = (:v\\d+)$`),
  setIfAbsent: new RegExp(`^${path} = if_not_exists\\((#n\\d+)(?:\\.(#n\\d+))?, (:v\\d+)\\)$`),
  remove: new RegExp(`^${path}$`),
  add: /^(#n\d+) (:v\d+)$/,
};

const assignmentOf = (word: string, part: string): Apply => {
  if (word === 'SET') return setOf(part);
  if (word === 'REMOVE') return removeOf(part);
  const [, alias = '', placeholder = ''] = matched(forms.add, part);
  return (draft, name, value) => {
    draft.increase[name(alias)] = Number(value(placeholder));
  };
};

const setOf = (part: string): Apply => {
  const plain = forms.set.exec(part);
  if (plain) {
    const [, alias = '', inner, placeholder = ''] = plain;
    return (draft, name, value) => put(draft.set, draft.setIn, name(alias), inner && name(inner), value(placeholder));
  }
  const [, alias = '', inner, , , placeholder = ''] = matched(forms.setIfAbsent, part);
  return (draft, name, value) => put(draft.setIfAbsent, draft.setInIfAbsent, name(alias), inner && name(inner), value(placeholder));
};

const put = (
  flat: Record<string, Value>,
  nested: Record<string, Record<string, Value>>,
  attribute: string,
  inner: string | undefined,
  value: Value,
) => {
  if (inner === undefined) flat[attribute] = value;
  else nested[attribute] = { ...nested[attribute], [inner]: value };
};

const removeOf = (part: string): Apply => {
  const [, alias = '', inner] = matched(forms.remove, part);
  return (draft, name) => {
    if (inner === undefined) draft.remove.push(name(alias));
    else draft.removeIn[name(alias)] = [...(draft.removeIn[name(alias)] ?? []), name(inner)];
  };
};

type ReadCondition = (name: (alias: string) => string, value: (placeholder: string) => Value) => Condition;

/** AND of tests; a parenthesised OR of such ANDs is `either`. */
const conditionOf = (text: string): ReadCondition => {
  const tests = splitOutside(text, ' AND ').map(testOf);
  return (name, value) => merge(tests.map((test) => test(name, value)));
};

const testOf = (text: string): ReadCondition => {
  if (text.startsWith('(') && text.endsWith(')')) {
    const options = splitOutside(text.slice(1, -1), ' OR ').map(conditionOf);
    return (name, value) => ({ either: options.map((option) => option(name, value)) });
  }
  const exists = /^attribute_(not_)?exists\((#n\d+)(?:\.(#n\d+))?\)$/.exec(text);
  if (exists) {
    const [, not, alias = '', inner] = exists;
    return (name) => {
      if (inner !== undefined && not) return { absentIn: { [name(alias)]: [name(inner)] } };
      if (inner === undefined && name(alias) === 'pk') return { exists: !not };
      if (inner === undefined && not) return { absent: [name(alias)] };
      throw refusal(text);
    };
  }
  const inside = /^(#n\d+)\.(#n\d+) = (:v\d+)$/.exec(text);
  if (inside) {
    const [, alias = '', inner = '', placeholder = ''] = inside;
    return (name, value) => ({ equalsIn: { [name(alias)]: { [name(inner)]: value(placeholder) } } });
  }
  const [, alias = '', sign, placeholder = ''] = matched(/^(#n\d+) (=|<) (:v\d+)$/, text);
  return (name, value) =>
    sign === '=' ? { equals: { [name(alias)]: value(placeholder) } } : { below: { [name(alias)]: value(placeholder) as string | number } };
};

const merge = (conditions: readonly Condition[]): Condition =>
  conditions.reduce<Condition>(
    (all, one) => ({
      ...all,
      ...one,
      ...((all.equals || one.equals) && { equals: { ...all.equals, ...one.equals } }),
      ...((all.absent || one.absent) && { absent: [...(all.absent ?? []), ...(one.absent ?? [])] }),
      ...((all.below || one.below) && { below: { ...all.below, ...one.below } }),
      ...((all.absentIn || one.absentIn) && { absentIn: mergeLists(all.absentIn ?? {}, one.absentIn ?? {}) }),
    }),
    {},
  );

const mergeLists = (one: Readonly<Record<string, readonly string[]>>, other: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((key) => [key, [...(one[key] ?? []), ...(other[key] ?? [])]]),
  );

const splitOutside = (text: string, word: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')') depth--;
    if (depth === 0 && text.startsWith(word, at)) {
      parts.push(text.slice(begin, at));
      begin = at + word.length;
    }
  }
  return [...parts, text.slice(begin)];
};

const matched = (form: RegExp, text: string): RegExpExecArray => {
  const match = form.exec(text);
  if (!match) throw refusal(text);
  return match;
};

const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw refusal(`${what} is not given`);
  return value;
};

const refusal = (text: string) =>
  Object.assign(new Error(`the memory table does not take this expression: ${text}`), { name: 'ValidationException' });
