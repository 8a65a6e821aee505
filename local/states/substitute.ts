import { refused } from './faults.ts';
import { isRecord } from './path.ts';

/** A copy with every `${Name}` in a text replaced; a name without a value is refused. */
export const substitute = (asl: Record<string, unknown>, values: Readonly<Record<string, string>>): Record<string, unknown> => {
  const missing = new Set<string>();
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => pick(name) ?? whole);
    if (Array.isArray(value)) return value.map(fill);
    return isRecord(value) ? fillRecord(value) : value;
  };
  const pick = (name: string) => {
    if (Object.hasOwn(values, name)) return values[name];
    missing.add(name);
    return undefined;
  };
  const fillRecord = (record: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(record).map(([key, item]) => [key, fill(item)]));
  const filled = fillRecord(asl);
  if (missing.size > 0) throw refused(`no substitution for ${[...missing].map((name) => `\${${name}}`).join(', ')}`);
  return filled;
};
