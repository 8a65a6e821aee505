import { Temporal } from 'temporal-polyfill';
import { type Instant, toEpoch } from '#core/instant';

const dayMilliseconds = 86_400_000;

/** Weeks since the Monday after 1970-01-01, by UTC days; a week begins on Monday. */
export const weekOf = (at: Instant | string): number => Math.floor((toEpoch(at) / dayMilliseconds - 4) / 7);
/** In milliseconds. */
export const beginOfWeek = (week: number): number => (week * 7 + 4) * dayMilliseconds;
/** The Monday of a week, YYYY-MM-DD. */
export const mondayOf = (week: number): string => new Date(beginOfWeek(week)).toISOString().slice(0, 10);
/** The Sunday of a week. */
export const sundayOf = (week: number): string => new Date((week * 7 + 10) * dayMilliseconds).toISOString().slice(0, 10);
/** `11 to 17 May 2026`, `27 April to 3 May 2026`. */
export const weekInWords = (week: number): string => {
  const [monday, sunday] = [dateOf(mondayOf(week)), dateOf(sundayOf(week))];
  const from = monday.year === sunday.year ? (monday.month === sunday.month ? ofMonth : ofYear) : whole;
  return `${monday.toLocaleString('en-GB', from)} to ${sunday.toLocaleString('en-GB', whole)}`;
};
/** `11 May`. */
export const mondayInWords = (week: number): string => dateOf(mondayOf(week)).toLocaleString('en-GB', ofYear);

const dateOf = (day: string) => Temporal.PlainDate.from(day);
const ofMonth = { day: 'numeric' } as const;
const ofYear = { ...ofMonth, month: 'long' } as const;
const whole = { ...ofYear, year: 'numeric' } as const;
