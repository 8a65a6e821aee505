import * as z from 'zod';
import { Settings } from '#lib/settings';

type Json = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Json | false;
};

/** The settings of cdk.json as a TypeScript interface, with what they mean where editors show it. */
export const settingsPropsModule = (): string =>
  [
    '/** Made of lib/settings.ts by `npm run generate`. */',
    `export interface SettingsProps ${typeOf(z.toJSONSchema(Settings, { io: 'input' }) as Json, '')}`,
    '',
  ].join('\n');

const typeOf = (schema: Json, indent: string): string => {
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map((it) => typeOf(it, indent)))].join(' | ');
  if (schema.type === 'array') return listOf(typeOf(schema.items ?? {}, indent));
  if (schema.type === 'object') return objectOf(schema, indent);
  if (schema.type === 'integer') return 'number';
  if (schema.type === undefined) throw new Error(`no TypeScript for ${JSON.stringify(schema)}`);
  return schema.type;
};

const listOf = (item: string): string => `readonly ${item.includes(' | ') ? `(${item})` : item}[]`;

const objectOf = ({ properties, required = [], additionalProperties }: Json, indent: string): string => {
  if (!properties && additionalProperties) return `Readonly<Record<string, ${typeOf(additionalProperties, indent)}>>`;
  const lines = Object.entries(properties ?? {}).flatMap(([name, it]) => [
    ...(it.description === undefined ? [] : [`${indent}  /** ${sentence(it)} */`]),
    `${indent}  readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(it, `${indent}  `)}${required.includes(name) ? '' : ' | undefined'};`,
  ]);
  return `{\n${lines.join('\n')}\n${indent}}`;
};

const sentence = (it: Json): string =>
  `${it.description}.${it.default === undefined || typeof it.default === 'object' ? '' : ` Default: ${JSON.stringify(it.default)}.`}`;

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));
