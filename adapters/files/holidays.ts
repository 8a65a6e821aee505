import { meantHint } from '#core/did-you-mean';
import { type Holidays, holidayYears } from '#core/holidays';
import type { Report, YamlPath } from '#core/problems';

type Wanted = {
  readonly countries: readonly string[];
  readonly otherwise?: string | undefined;
  /** Where the region stands in the file. */
  readonly pathOf?: (at: number) => YamlPath;
};
const inBrand = (at: number): YamlPath => ['holidays', 'countries', at];

/** By region: its days are the same however often a folder is read. */
const worked = new Map<string, readonly string[]>();

/** Works out the public holidays of these regions with the npm package date-holidays, which handlers then need not carry. */
export const holidaysFor = async ({ countries, otherwise, pathOf = inBrand }: Wanted, report: Report): Promise<Holidays> => {
  const { default: Calendar } = await import('date-holidays');
  const all = new Calendar();
  const days = Object.fromEntries(
    countries.flatMap((region, at) => {
      const [country = '', part] = region.split('-');
      const known = Object.keys(part === undefined ? all.getCountries() : (all.getStates(country) ?? {}));
      if (!known.includes(part ?? country)) {
        const options = part === undefined ? known : known.map((it) => `${country}-${it}`);
        report(pathOf(at), {
          code: 'unknown-country',
          what: 'there is no calendar of public holidays for this',
          got: region,
          allowed:
            options.length > 0 && options.length < 60
              ? options.join(', ')
              : 'a country as two letters such as DE, or a part of one such as DE-BY',
          ...meantHint(region, new Set(options)),
        });
        return [];
      }
      const found = worked.get(region) ?? publicHolidays(new Calendar(country, part ?? ''));
      worked.set(region, found);
      return [[region, found] as const];
    }),
  );
  return { days, ...(otherwise !== undefined && { otherwise }) };
};

type Calendar = {
  getHolidays(year: number): readonly { readonly date: string; readonly type: string; readonly start: Date; readonly end: Date }[];
};

/** Some last for days; `date` is the local date of the first. */
const publicHolidays = (calendar: Calendar): readonly string[] => {
  const years = Array.from({ length: holidayYears.upTo - holidayYears.from + 1 }, (_, at) => holidayYears.from + at);
  const dates = years.flatMap((year) =>
    calendar
      .getHolidays(year)
      .filter((it) => it.type === 'public')
      .flatMap(({ date, start, end }) => {
        const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
        const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
        return Array.from({ length }, (_, at) => new Date(first + at * 86_400_000).toISOString().slice(0, 10));
      }),
  );
  return [...new Set(dates)].sort();
};
