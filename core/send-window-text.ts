import { meantHint } from './did-you-mean.ts';
import type { Problem } from './problems.ts';
import type { SendWindow } from './sequences/model.ts';
import { isZone } from './time-zone.ts';
import { unknownZone } from './unknown-zone.ts';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const named: { readonly [word: string]: readonly number[] } = { daily: [1, 2, 3, 4, 5, 6, 7], weekdays: [1, 2, 3, 4, 5], weekends: [6, 7] };
const form = /^(\S+)\s+(\S+)\s+(lead time|\S+)$/i;

/** How a window is written, for messages. */
export const windowRule = 'days, hours and whose time, e.g. "tue-thu 09:00-11:00 lead time" or "weekdays 10:00-16:00 Europe/Dublin"';

/** undefined: not a window. Hours do not pass midnight; `to` may be 24:00. */
export const parseWindow = (text: string): SendWindow | undefined => {
  const match = form.exec(text.trim().replace(/\s+/g, ' '));
  if (!match) return undefined;
  const [, dayWords = '', hours = '', zoneWord = ''] = match;
  const chosen = parseDays(dayWords.toLowerCase());
  const { fromMinute, toMinute } = hoursIn(hours);
  const zone = zoneWord.toLowerCase() === 'lead time' ? 'lead' : zoneWord;
  if (!chosen || fromMinute === undefined || toMinute === undefined || fromMinute >= toMinute) return undefined;
  if (zone !== 'lead' && !isZone(zone)) return undefined;
  return { days: chosen, fromMinute, toMinute, zone };
};

/** What is wrong with a text that is no window, part by part. */
export const windowTrouble = (text: string): Pick<Problem, 'what' | 'allowed' | 'hint'> => {
  const [, dayWords = '', hours = '', zone = ''] = /^(\S+)\s*(\S*)\s*(.*)$/.exec(text.trim()) ?? [];
  if (!parseDays(dayWords.toLowerCase())) {
    const odd = dayWords.split(/[,-]/).find((it) => !parseDays(it.toLowerCase())) ?? dayWords;
    return { what: `"${odd}" does not say on which days`, allowed: windowRule, ...meantHint(odd, [...days, ...Object.keys(named)]) };
  }
  const { fromMinute, toMinute } = hoursIn(hours);
  if (fromMinute === undefined || toMinute === undefined)
    return { what: `"${hours}" is not from one hour to another`, allowed: windowRule };
  if (fromMinute >= toMinute)
    return {
      what: 'these hours end before they begin',
      allowed: 'hours of one day, e.g. 18:00-24:00; a window does not go on after midnight',
    };
  if (zone === '') return { what: 'it does not say whose time', allowed: windowRule };
  const { what, hint } = unknownZone(zone);
  return { what, allowed: 'lead time, or an IANA name such as Europe/Dublin', ...(hint !== undefined && { hint }) };
};

/** `09:00-11:00`. */
const hoursIn = (text: string): { readonly fromMinute: number | undefined; readonly toMinute: number | undefined } => {
  const [, fromHour, fromMinutes, toHour, toMinutes] = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  return { fromMinute: minuteOf(fromHour, fromMinutes), toMinute: minuteOf(toHour, toMinutes) };
};

/** The same window as a marketer writes it. */
export const windowInWords = ({ days: chosen, fromMinute, toMinute, zone }: SendWindow): string => {
  const name = Object.keys(named).find((it) => named[it]?.join() === chosen.join());
  const whose = zone === 'lead' ? 'lead time' : zone;
  return `${name ?? daysInWords(chosen)} ${clockTime(fromMinute)}-${clockTime(toMinute)} ${whose}`;
};

export const quietHoursInWords = ({ fromMinute, toMinute }: { readonly fromMinute: number; readonly toMinute: number }): string =>
  `${clockTime(fromMinute)}-${clockTime(toMinute)} lead time`;

const daysInWords = (chosen: readonly number[]): string => {
  const [first = 1] = chosen;
  const isRun = chosen.length > 1 && chosen.every((day, at) => day === first + at);
  const words = chosen.map((day) => days[day - 1]);
  return isRun ? `${words[0]}-${words.at(-1)}` : words.join(',');
};

const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const quietForm = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})(?:\s+lead time)?$/i;

/** `20:00-08:00 lead time`: local minutes, overnight allowed. */
export const parseQuietHours = (text: string): { readonly fromMinute: number; readonly toMinute: number } | undefined => {
  const match = quietForm.exec(text.trim());
  if (!match) return undefined;
  const fromMinute = minuteOf(match[1], match[2]);
  const toMinute = minuteOf(match[3], match[4]);
  return fromMinute === undefined || toMinute === undefined || fromMinute === toMinute ? undefined : { fromMinute, toMinute };
};

const minuteOf = (hours: string | undefined, minutes: string | undefined): number | undefined => {
  const total = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && total <= 1440 ? total : undefined;
};

/** `daily`, `weekdays`, `tue-thu`, `mon,wed,fri`, `fri-mon`; ascending, each once. */
const parseDays = (words: string): readonly number[] | undefined => {
  const whole = named[words];
  if (whole) return whole;
  const chosen = words.split(',').flatMap((part) => {
    const [from = '', to = from] = part.split('-');
    const [first, last] = [days.indexOf(from.slice(0, 3)), days.indexOf(to.slice(0, 3))];
    if (first < 0 || last < 0) return [Number.NaN];
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, at) => ((first + at) % 7) + 1);
  });
  return chosen.some(Number.isNaN) ? undefined : [...new Set(chosen)].sort((one, other) => one - other);
};
