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
  if (isInOurForm(at)) {
    const day = dayOf(digits(at, 0, 4), digits(at, 5, 7), digits(at, 8, 10));
    const hour = digits(at, 11, 13);
    const minute = digits(at, 14, 16);
    const second = digits(at, 17, 19);
    const milliseconds = digits(at, 20, 23);
    // What is no number, or no day, makes no comparison true.
    if (day > Number.NEGATIVE_INFINITY && hour < 24 && minute < 60 && second < 60 && milliseconds < 1000)
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
const [dash, letterT, colon, dot, letterZ] = [45, 84, 58, 46, 90] as const;
const isInOurForm = (at: string): boolean =>
  at.length === 24 &&
  at.charCodeAt(4) === dash &&
  at.charCodeAt(7) === dash &&
  at.charCodeAt(10) === letterT &&
  at.charCodeAt(13) === colon &&
  at.charCodeAt(16) === colon &&
  at.charCodeAt(19) === dot &&
  at.charCodeAt(23) === letterZ;
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

/**
 * Days since 1970-01-01 of a date of the Gregorian calendar, NaN of none. By plain arithmetic: years begin in March, so that the leap day is
 * their last, and 400 of them have 146,097 days.
 */
const dayOf = (year: number, month: number, date: number): number => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (!(month >= 1 && month <= 12 && date >= 1 && date <= (month === 2 && isLeap ? 29 : (daysInMonth[month - 1] as number))))
    return Number.NaN;
  const fromMarch = month > 2 ? year : year - 1;
  const era = Math.floor(fromMarch / 400);
  const ofEra = fromMarch - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
};
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Asking Date takes ten times as long; all that happens, happens on few days. As `YYYY-MM-DDT`. */
const dates = new Map<number, string>();
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

/** `2026-03-02 09:00`, in UTC. */
export const utcMinute = (at: Instant): string => at.slice(0, 16).replace('T', ' ');
