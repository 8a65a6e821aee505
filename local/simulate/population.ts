import * as z from 'zod';
import { byWeight } from '#core/behaviour/draws';
import { fractionOf } from '#core/hash';
import type { Instant } from '#core/instant';
import { addSeconds } from '#core/instant';
import { countryZone } from '#core/time-zone';
import type { Cells } from './plan.ts';

const Weights = z.record(z.string().min(1), z.number().nonnegative());
const FieldShape = z.union([
  z.strictObject({
    from: z.number(),
    to: z.number(),
    /** 1: evenly; 2, 3, …: more and more near `from`. */
    skew: z.number().positive().max(20).optional(),
  }),
  Weights,
]);

/** A population that is made up: how many leads, from where, with which fields. */
export const PopulationShape = z.strictObject({
  count: z.number().int().min(1).max(10_000_000).describe('How many leads'),
  countries: Weights.optional().describe('Two letters each, with weights, e.g. { IE: 40, DE: 30 }'),
  zones: Weights.optional().describe('IANA time zones with weights; without them the zone is the country’s'),
  topics: z.record(z.string(), z.number().min(0).max(1)).optional().describe('How many agreed to each topic; without it all to all'),
  confirmed: z.number().min(0).max(1).optional().describe('How many of them confirmed by the button in a mail; all when not given'),
  fields: z.record(z.string(), FieldShape).optional().describe('Fields: { from, to, skew } for a number, or values with weights'),
});
export type PopulationSpec = z.output<typeof PopulationShape>;

const firstNames = ['Ruby', 'Katrin', 'Liam', 'Noor', 'Jonas', 'Aoife', 'Marta', 'Tom', 'Ines', 'Pavel', 'Sofia', 'Emeka'];
const usualCountries = { IE: 25, GB: 25, DE: 20, US: 20, FR: 10 };
const usualFields: NonNullable<PopulationSpec['fields']> = {
  employees: { from: 1, to: 800, skew: 3 },
  'job-title': { Owner: 3, 'Site Manager': 4, 'Quantity Surveyor': 2, 'Head of Operations': 2, Intern: 1 },
  source: { webinar: 1, trial: 1 },
};

/** The lead of this number, as a row of a list: from the seed and the number alone. */
export const rowOf = (spec: PopulationSpec, topics: readonly string[], seed: string, startAt: Instant, at: number): Cells => {
  const draw = (what: string) => fractionOf(`${seed} lead ${at} ${what}`);
  const country = pick(spec.countries ?? usualCountries, draw('country'));
  const zone = spec.zones ? pick(spec.zones, draw('zone')) : (countryZone(country) ?? '');
  const agreed = topics.filter((it) => draw(`topic ${it}`) < (spec.topics ? (spec.topics[it] ?? 0) : 1));
  const agreedAt = addSeconds(startAt, -86_400 * (1 + Math.floor(draw('agreed at') * 20)));
  const isConfirmed = draw('confirmed') < (spec.confirmed ?? 1);
  const fields = Object.entries(spec.fields ?? usualFields).map(([name, field]) => [name, valueIn(field as Field, draw(name))]);
  return {
    email: `lead.${at}@company-${Math.floor(draw('company') * 100_000)}.example`,
    'first-name': firstNames[Math.floor(draw('first name') * firstNames.length)] ?? '',
    company: `Company ${Math.floor(draw('company') * 100_000)}`,
    country,
    'time-zone': zone,
    ...Object.fromEntries(fields),
    ...(agreed.length > 0 && {
      'consent-topics': agreed.join('; '),
      'consent-at': agreedAt,
      'consent-source': 'simulated form',
      ...(isConfirmed && { 'consent-confirmed-at': agreedAt }),
    }),
  };
};

const valueIn = (field: Field, fraction: number): string => {
  if (!isRange(field)) return pick(field as { readonly [value: string]: number }, fraction);
  const { from, to, skew = 1 } = field;
  return String(Math.floor(from + fraction ** skew * (to + 1 - from)));
};

type Range = { readonly from: number; readonly to: number; readonly skew?: number | undefined };
type Field = Range | { readonly [value: string]: number };
const isRange = (field: Field): field is Range => Object.hasOwn(field, 'from') && Object.hasOwn(field, 'to');

const pick = (weights: { readonly [value: string]: number }, fraction: number): string =>
  byWeight(Object.entries(weights), ([, weight]) => weight, fraction)?.[0] ?? Object.keys(weights).at(-1) ?? '';
