import { byIdentity } from './by-identity.ts';

/** Of zod, either build of it. */
export type Schema<Out> = { readonly parse: (data: unknown) => Out };

/**
 * The same schema, but for a strict object of plain texts and whole numbers: what keeps its rules at a glance is taken as it is, and
 * anything else is zod's to judge. Our own messages are right nearly always. For data that belongs to nobody else: it is not copied.
 */
export const quickly = <Out>(schema: Schema<Out>): Schema<Out> => {
  const known = made.of(schema);
  if (known) return known as Schema<Out>;
  const rules = rulesOf(schema as unknown as Internals);
  const quick = rules ? { parse: (data: unknown) => (keeps(data, rules) ? (data as Out) : schema.parse(data)) } : schema;
  made.keep(schema, quick);
  return quick;
};
const made = byIdentity<object, object>();

/** What zod's own builds read of a schema. */
type Internals = { readonly _zod?: { readonly def: Definition } };
type Definition = {
  readonly type: string;
  readonly check?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly checks?: readonly Internals[];
  readonly innerType?: Internals;
  readonly catchall?: Internals;
  readonly shape?: { readonly [name: string]: Internals };
};
type Rule = { readonly type: 'string' | 'number'; readonly least: number; readonly most: number; readonly mayMiss: boolean };
type Rules = { readonly of: ReadonlyMap<string, Rule>; readonly needed: number };

const rulesOf = ({ _zod }: Internals): Rules | undefined => {
  if (_zod?.def.type !== 'object' || _zod.def.catchall?._zod?.def.type !== 'never' || (_zod.def.checks ?? []).length > 0) return undefined;
  const fields = Object.entries(_zod.def.shape ?? {}).map(([name, field]) => [name, ruleOf(field)] as const);
  const rules = fields.flatMap(([name, rule]) => (rule ? [[name, rule] as const] : []));
  const needed = rules.filter(([, rule]) => !rule.mayMiss).length;
  return rules.length === fields.length && needed > 0 ? { of: new Map(rules), needed } : undefined;
};

const ruleOf = ({ _zod }: Internals): Rule | undefined => {
  const { type, check, format, innerType, checks = [] } = _zod?.def ?? { type: 'unknown' };
  const inner = type === 'optional' && innerType ? ruleOf(innerType) : undefined;
  if (inner) return { ...inner, mayMiss: true };
  const isText = type === 'string' && check === undefined;
  const isWhole = type === 'number' && check === 'number_format' && format === 'safeint';
  if (!isText && !isWhole) return undefined;
  let [least, most] = isText ? [0, Number.POSITIVE_INFINITY] : [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  for (const it of checks) {
    const rule = it._zod?.def;
    if (isText && rule?.check === 'min_length') least = Math.max(least, rule.minimum ?? 0);
    else if (isText && rule?.check === 'max_length') most = Math.min(most, rule.maximum ?? most);
    else if (isWhole && rule?.check === 'greater_than' && rule.inclusive && typeof rule.value === 'number')
      least = Math.max(least, rule.value);
    else return undefined;
  }
  return { type: isText ? 'string' : 'number', least, most, mayMiss: false };
};

const keeps = (data: unknown, { of, needed }: Rules): boolean => {
  if (typeof data !== 'object' || data === null) return false;
  let missing = needed;
  for (const name in data) {
    const rule = of.get(name);
    const value = (data as { readonly [name: string]: unknown })[name];
    if (rule === undefined || typeof value !== rule.type) return false;
    const size = rule.type === 'string' ? (value as string).length : (value as number);
    if (!(size >= rule.least && size <= rule.most) || (rule.type === 'number' && !Number.isInteger(size))) return false;
    if (!rule.mayMiss) missing--;
  }
  return missing === 0;
};
