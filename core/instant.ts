/** A moment in UTC, always `YYYY-MM-DDTHH:mm:ss.sssZ`: it sorts as text and reads as is in DynamoDB. */
export type Instant = string;

export const toInstant = (epochMilliseconds: number): Instant => {
  const day = Math.floor(epochMilliseconds / dayMilliseconds);
  const date = dateOf(day);
  const rest = epochMilliseconds - day * dayMilliseconds;
  // Parts of a millisecond, years of five digits and what is no time at all are Date's to judge.
  if (date === undefined || rest !== Math.floor(rest)) return new Date(epochMilliseconds).toISOString();
  const seconds = (rest / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  return `${date}${two[(minutes / 60) | 0]}:${two[minutes % 60]}:${two[seconds % 60]}.${three(rest % 1000)}Z`;
};

export const toEpoch = (at: Instant): number => {
  const day = at.length === 24 && at.charCodeAt(23) === letterZ ? dayOfDate(at.slice(0, 11)) : undefined;
  if (day !== undefined) {
    const [hour, minute, second] = [digits(at, 11, 13), digits(at, 14, 16), digits(at, 17, 19)];
    const milliseconds = digits(at, 20, 23);
    const isWhole = at[13] === ':' && at[16] === ':' && at[19] === '.';
    if (isWhole && hour < 24 && minute < 60 && second < 60 && milliseconds < 1000)
      return day * dayMilliseconds + hour * 3_600_000 + minute * 60_000 + second * 1000 + milliseconds;
  }
  const epoch = Date.parse(at);
  if (Number.isNaN(epoch)) throw new TypeError(`not an instant: ${at}`);
  return epoch;
};

export const addSeconds = (at: Instant, seconds: number): Instant => toInstant(toEpoch(at) + seconds * 1000);

/** Whole seconds from `from` to `to`, rounded up; negative when `to` lies before. */
export const secondsBetween = (from: Instant, to: Instant): number => Math.ceil((toEpoch(to) - toEpoch(from)) / 1000);

const dayMilliseconds = 86_400_000;
const letterZ = 'Z'.charCodeAt(0);
const zero = '0'.charCodeAt(0);
const two = Array.from({ length: 60 }, (_, at) => String(at).padStart(2, '0'));
const three = (value: number): string => (value < 10 ? `00${value}` : value < 100 ? `0${value}` : String(value));

/** NaN, which no comparison holds for, where something else than a digit stands. */
const digits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** Asking Date takes ten times as long; all that happens, happens on few days. Both ways, as `YYYY-MM-DDT`. */
const dates = new Map<number, string>();
const days = new Map<string, number>();
const mostDays = 5000;
/** Years of four digits. */
const [firstDay, lastDay] = [-719_528, 2_932_896];

const dateOf = (day: number): string | undefined => {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (!(day >= firstDay && day <= lastDay)) return undefined;
  const date = new Date(day * dayMilliseconds).toISOString().slice(0, 11);
  if (dates.size >= mostDays) dates.clear();
  dates.set(day, date);
  return date;
};

const dayOfDate = (date: string): number | undefined => {
  const known = days.get(date);
  if (known !== undefined) return known;
  const epoch = /^\d{4}-\d\d-\d\dT$/.test(date) ? Date.parse(`${date}00:00:00.000Z`) : Number.NaN;
  if (Number.isNaN(epoch)) return undefined;
  if (days.size >= mostDays) days.clear();
  days.set(date, epoch / dayMilliseconds);
  return epoch / dayMilliseconds;
};
