import type { LiveConfig } from '#core/config';
import { fractionOf } from '#core/hash';
import { differenceInWords, differencesOf } from './differences.ts';

export type ConfigChanges = { readonly [part in ConfigPart]: readonly string[] };
export const configParts = ['brand', 'scoring', 'sales', 'pages', 'forms', 'imports'] as const;
export type ConfigPart = (typeof configParts)[number];

/** What differs in the rules that hold for everybody from the moment of a deployment on, in words. Pure. */
export const configChangesOf = (before: LiveConfig, after: LiveConfig): ConfigChanges => {
  const [was, is] = [readable(before), readable(after)];
  const of = (part: ConfigPart) => differencesOf(was[part] ?? {}, is[part] ?? {}).map(differenceInWords);
  return {
    brand: of('brand'),
    scoring: of('scoring'),
    sales: of('sales'),
    pages: of('pages'),
    forms: of('forms'),
    imports: of('imports'),
  };
};

/** Without what nobody reads line by line (the days of calendars, the weights of a model, hashes), and what is told of its sequence. */
const readable = (live: LiveConfig): { readonly [part in ConfigPart]?: unknown } => {
  const { holidays, off: _off, ...brand } = live.brand;
  const { prediction, ...scoring } = live.scoring;
  const days = Object.values(holidays?.days ?? {}).reduce((sum, it) => sum + it.length, 0);
  const calendars = holidays && { regions: Object.keys(holidays.days).sort(), otherwise: holidays.otherwise, days };
  const { model, ...rules } = prediction ?? {};
  const imports = Object.entries(live.imports ?? {}).map(([name, { hash: _hash, ...mapping }]) => [name, mapping] as const);
  return {
    ...live,
    brand: { ...brand, ...(calendars && { holidays: calendars }) },
    scoring: { ...scoring, ...(prediction && { prediction: { ...rules, ...(model && { model: fingerprintOf(model) }) } }) },
    imports: Object.fromEntries(imports),
  };
};

const fingerprintOf = (model: object): string => `no. ${Math.floor(fractionOf(JSON.stringify(model)) * 1_000_000)}`;
