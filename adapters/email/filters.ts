import type { Liquid } from 'liquidjs';

type Data = { readonly locale?: unknown; readonly zone?: unknown };
/** What liquidjs binds a filter to, as far as it is used here. */
type FilterThis = { readonly context: { readonly environments: object } };

const localeOf = (self: FilterThis): string => {
  const { locale } = self.context.environments as Data;
  return typeof locale === 'string' ? locale : 'en';
};
const zoneOf = (self: FilterThis): string => {
  const { zone } = self.context.environments as Data;
  return typeof zone === 'string' ? zone : 'UTC';
};

const lengths = ['full', 'long', 'medium', 'short'] as const;
type Length = (typeof lengths)[number];
/** What `date:` may say. */
export const dateFormats: readonly string[] = [...lengths, 'weekday', 'time'];
const isLength = (text: unknown): text is Length => lengths.some((it) => it === text);

const numberIn = (value: unknown): number | undefined => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
};

/**
 * Filters that speak the reader's language, in the zone where the mail is read:
 * `{{ lead.trial-ends | date: 'long' }}`, `date: 'time'` for the hour; `{{ 1200 | money: 'EUR' }}`; `{{ 1200 | number }}`;
 * `{{ n | pluralize: 'site', 'sites' }}` with the number before the word. A value that is no date or number stays as it is.
 */
export const registerFilters = (liquid: Liquid): void => {
  liquid.registerFilter('date', function (this: FilterThis, value: unknown, format: unknown = 'long') {
    const at = value === 'now' || value === 'today' ? undefined : instantOf(value);
    if (at === undefined) return value;
    const options: Intl.DateTimeFormatOptions =
      format === 'time'
        ? { timeStyle: 'short' }
        : format === 'weekday'
          ? { weekday: 'long' }
          : { dateStyle: isLength(format) ? format : 'long' };
    // A day without an hour is that day everywhere.
    const timeZone = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'UTC' : zoneOf(this);
    return new Intl.DateTimeFormat(localeOf(this), { ...options, timeZone }).format(at);
  });
  liquid.registerFilter('money', function (this: FilterThis, value: unknown, currency: unknown = 'EUR') {
    const amount = numberIn(value);
    if (amount === undefined || !/^[A-Z]{3}$/.test(String(currency))) return value;
    const whole = Number.isInteger(amount) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
    return new Intl.NumberFormat(localeOf(this), { style: 'currency', currency: String(currency), ...whole }).format(amount);
  });
  liquid.registerFilter('number', function (this: FilterThis, value: unknown) {
    const number = numberIn(value);
    return number === undefined ? value : new Intl.NumberFormat(localeOf(this)).format(number);
  });
  liquid.registerFilter('pluralize', function (this: FilterThis, value: unknown, one: unknown = '', other: unknown = one) {
    const number = numberIn(value);
    if (number === undefined) return `${String(value)} ${String(other)}`;
    const word = new Intl.PluralRules(localeOf(this)).select(number) === 'one' ? one : other;
    return `${new Intl.NumberFormat(localeOf(this)).format(number)} ${String(word)}`;
  });
};

const instantOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value > 1e11 ? value : value * 1000;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
};
