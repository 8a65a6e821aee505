import { dayMilliseconds } from './time-zone.ts';

/** brand.yaml's `holidays`, with the public holidays of each region worked out ahead (adapters/files/holidays.ts). */
export type Holidays = {
  /** Local dates (YYYY-MM-DD) by region: a country such as `IE`, or a part of one such as `DE-BY`. */
  readonly days: { readonly [region: string]: readonly string[] };
  /** Whose holidays leads of other countries have. */
  readonly otherwise?: string;
};

/** Years that are worked out ahead, both included. */
export const holidayYears = { from: 2026, upTo: 2036 } as const;

/** The lead's holidays as local days (core/time-zone.ts `localDay`): of its part of the country if that is known, else of the country. */
export const holidaysOf = (
  lead: { readonly fields: { readonly [field: string]: unknown } },
  { holidays }: { readonly holidays?: Holidays },
): ReadonlySet<number> | undefined => {
  if (!holidays) return undefined;
  const { days, otherwise } = holidays;
  const [country, part] = [wordOf(lead.fields.country), wordOf(lead.fields.region)];
  const ofPart = part === '' ? undefined : (inRegion(days, `${country}-${part}`) ?? inRegion(days, part));
  const found = ofPart ?? inRegion(days, country) ?? (otherwise === undefined ? undefined : inRegion(days, otherwise));
  return found && calendarOf(found);
};

const wordOf = (field: unknown): string => (field === undefined ? '' : String(field).trim().toUpperCase());
const inRegion = (days: Holidays['days'], region: string): readonly string[] | undefined =>
  Object.hasOwn(days, region) ? days[region] : undefined;

/** The configuration lives as long as the process. */
const calendars = new WeakMap<readonly string[], ReadonlySet<number>>();
const calendarOf = (dates: readonly string[]): ReadonlySet<number> => {
  const known = calendars.get(dates);
  if (known) return known;
  const days = new Set(dates.map((it) => Date.parse(`${it}T00:00:00Z`) / dayMilliseconds));
  calendars.set(dates, days);
  return days;
};
