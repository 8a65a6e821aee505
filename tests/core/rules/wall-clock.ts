import type { Hours } from '#core/open-spans';

/** What the clocks on the wall show, by Intl alone: an oracle that shares no code with core. */
export type WallTime = { readonly date: string; readonly weekday: number; readonly minute: number };

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();

export const wallTime = (epoch: number, zone: string): WallTime => {
  const format = formats.get(zone) ?? makeFormat(zone);
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(epoch).map((it) => [it.type, it.value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    weekday: weekdays.indexOf(parts.weekday ?? '') + 1,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
};

const makeFormat = (timeZone: string) =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });

/** May a mail go, judged by the wall clock? A local time that the clocks show again does not open a window again. */
export const isOpenOnTheWall = (epoch: number, { window, quietHours, zone }: Hours): boolean => {
  if (quietHours) {
    const { minute } = wallTime(epoch, zone);
    const { fromMinute, toMinute } = quietHours;
    const isQuiet = fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
    if (isQuiet) return false;
  }
  if (!window) return true;
  const windowZone = window.zone === 'lead' ? zone : window.zone;
  const { weekday, minute } = wallTime(epoch, windowZone);
  return window.days.includes(weekday) && minute >= window.fromMinute && minute < window.toMinute && !isShownAgain(epoch, windowZone);
};

const minute = 60_000;

const isShownAgain = (epoch: number, zone: string): boolean =>
  [30, 60, 120].some((back) => {
    const [now, before] = [wallTime(epoch, zone), wallTime(epoch - back * minute, zone)];
    return now.date === before.date && now.minute === before.minute;
  });
