import { refused } from './faults.ts';
import { type Context, compilePath, isRecord, mustRead } from './path.ts';

export type Test = (data: unknown, context: Context) => boolean;
export type Rule = { readonly test: Test; readonly next: string };

export const compileRule = (rule: unknown): Rule => {
  if (!isRecord(rule) || typeof rule.Next !== 'string') throw refused('every choice needs a Next');
  const { Next, ...test } = rule;
  return { test: compileTest(test), next: Next };
};

/** One test: a comparison of one variable, or And, Or, Not of others. A variable of another type than compared is false. */
const compileTest = (test: unknown): Test => {
  if (!isRecord(test)) throw refused('a choice must be an object');
  const { Variable, Comment: _comment, ...operators } = test;
  const [operator, ...more] = Object.keys(operators);
  if (operator === undefined || more.length > 0) {
    throw refused(`a choice needs exactly one comparison, not ${JSON.stringify([operator, ...more].filter(Boolean))}`);
  }
  const operand = operators[operator];
  if (operator === 'And' || operator === 'Or' || operator === 'Not') {
    if (Variable !== undefined) throw refused(`${operator} takes no Variable`);
    return compileCombination(operator, operand);
  }
  if (typeof Variable !== 'string') throw refused(`${operator} needs a Variable`);
  return compileComparison(operator, Variable, operand);
};

const compileCombination = (operator: 'And' | 'Or' | 'Not', operand: unknown): Test => {
  if (operator === 'Not') {
    const test = compileTest(operand);
    return (data, context) => !test(data, context);
  }
  if (!Array.isArray(operand) || operand.length === 0) throw refused(`${operator} needs a list of choices`);
  const tests = operand.map(compileTest);
  return operator === 'And'
    ? (data, context) => tests.every((test) => test(data, context))
    : (data, context) => tests.some((test) => test(data, context));
};

const compileComparison = (operator: string, variable: string, operand: unknown): Test => {
  if (operator === 'IsPresent') {
    const read = compilePath(variable);
    const wanted = mustBe('boolean', operator, operand);
    return (data, context) => (read(data, context) !== undefined) === wanted;
  }
  const read = mustRead(variable, 'Variable');
  const kind = Object.hasOwn(kinds, operator) ? kinds[operator] : undefined;
  if (kind) {
    const wanted = mustBe('boolean', operator, operand);
    return (data, context) => kind(read(data, context)) === wanted;
  }
  const compare = compileOrder(operator, operand);
  return (data, context) => compare(read(data, context));
};

const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

const kinds: { readonly [operator: string]: (value: unknown) => boolean } = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isTimestamp,
};

const orders: { readonly [order: string]: <T extends string | number | boolean>(a: T, b: T) => boolean } = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
};

const compileOrder = (operator: string, operand: unknown): ((value: unknown) => boolean) => {
  const [, type, order = ''] = /^(String|Numeric|Boolean|Timestamp)(\w+)$/.exec(operator) ?? [];
  const compare = Object.hasOwn(orders, order) ? orders[order] : undefined;
  if (!compare || (type === 'Boolean' && order !== 'Equals')) throw refused(`the comparison ${operator} is not supported`);
  if (type === 'String') return comparing('string', operator, operand, compare);
  if (type === 'Numeric') return comparing('number', operator, operand, compare);
  if (type === 'Boolean') return comparing('boolean', operator, operand, compare);
  if (!isTimestamp(operand)) throw refused(`${operator} needs a time such as 2026-11-23T09:00:00Z, not ${JSON.stringify(operand)}`);
  const wanted = Date.parse(operand);
  return (value) => isTimestamp(value) && compare(Date.parse(value), wanted);
};

type Types = { string: string; number: number; boolean: boolean };
const comparing = <T extends keyof Types>(type: T, operator: string, operand: unknown, compare: (a: Types[T], b: Types[T]) => boolean) => {
  const wanted = mustBe(type, operator, operand);
  return (value: unknown) => typeof value === type && compare(value as Types[T], wanted);
};

const mustBe = <T extends keyof Types>(type: T, operator: string, operand: unknown): Types[T] => {
  if (typeof operand !== type) throw refused(`${operator} needs a ${type}, not ${JSON.stringify(operand)}`);
  return operand as Types[T];
};
