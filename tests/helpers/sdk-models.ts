import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as ses from '@aws-sdk/client-sesv2';
import * as states from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import { NormalizedSchema } from '@smithy/core/schema';
import type { WireCall } from '#local/wire';

const models: { readonly [service in WireCall['service']]: object } = {
  dynamodb,
  events,
  lambda,
  s3,
  scheduler,
  secretsmanager,
  ses,
  sqs,
  states,
};

/** `[9, namespace, name, traits, input, output]`, as the SDK generates it from AWS's own API model. */
type OperationModel = readonly [9, string, string, unknown, () => unknown, () => unknown];

/** What is wrong with a call's input by the SDK's model of the operation: unknown or missing members, and values of another kind. */
export const mistakesIn = ({ service, operation, input }: Omit<WireCall, 'by'>): readonly string[] => {
  const model = (models[service] as Record<string, unknown>)[`${operation}$`] as OperationModel | undefined;
  if (model?.[0] !== 9) return [`${service} has no operation ${operation}`];
  return check(NormalizedSchema.of(model[4]() as never), input, operation);
};

const check = (schema: NormalizedSchema, value: unknown, path: string): readonly string[] => {
  if (schema.isStructSchema()) return checkStructure(schema, value, path);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${path} is not a list`];
    return value.flatMap((it, at) => check(schema.getValueSchema(), it, `${path}[${at}]`));
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) return [`${path} is not a map`];
    return Object.entries(value).flatMap(([key, it]) => check(schema.getValueSchema(), it, `${path}.${key}`));
  }
  return checkScalar(schema, value, path);
};

const checkStructure = (schema: NormalizedSchema, value: unknown, path: string): readonly string[] => {
  if (!isObject(value)) return [`${path} is not a structure`];
  const members = schema.getMemberSchemas();
  const given = Object.entries(value).filter(([, it]) => it !== undefined);
  const unknown = given.filter(([name]) => !(name in members)).map(([name]) => `${path} has no member ${name}`);
  const missing = requiredOf(schema)
    .filter((name) => value[name] === undefined)
    .map((name) => `${path} misses ${name}`);
  const union = schema.isUnionSchema() && given.length !== 1 ? [`${path} must have exactly one member`] : [];
  const wrong = given.flatMap(([name, it]) => (name in members ? check(members[name] as NormalizedSchema, it, `${path}.${name}`) : []));
  return [...unknown, ...missing, ...union, ...wrong];
};

/** The model lists required members first and says how many they are. */
const requiredOf = (schema: NormalizedSchema): readonly string[] => {
  const [, , , , names = [], , count = 0] = schema.getSchema() as unknown as readonly [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number?,
  ];
  return names.slice(0, count);
};

const checkScalar = (schema: NormalizedSchema, value: unknown, path: string): readonly string[] => {
  if (schema.isStringSchema()) return typeof value === 'string' ? [] : [`${path} is not text`];
  if (schema.isNumericSchema()) return typeof value === 'number' ? [] : [`${path} is not a number`];
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? [] : [`${path} is not true or false`];
  return [];
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
