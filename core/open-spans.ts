import type { Brand } from './config.ts';
import type { SendWindow } from './sequences/model.ts';
import { dayMilliseconds, localDay, nextClockChange, offsetAt } from './time-zone.ts';

/** Quiet hours are in the lead's `zone`; they apply without a window, and cut one. `holidays`: local days on which no window opens. */
export type Hours = {
  readonly window?: SendWindow;
  readonly quietHours?: QuietHours;
  readonly holidays?: ReadonlySet<number> | undefined;
  readonly zone: string;
};
type QuietHours = NonNullable<Brand['quietHours']>;

/** From (inclusive) to (not), in epoch milliseconds. */
export type Span = { readonly from: number; readonly to: number };

/** Every window recurs weekly; the second week is for one that a clock change took, two more for holidays on the same weekday. */
const daysAhead = 29;
const minutesADay = 1440;

/**
 * When mails may go, in order, from the local day before `epoch` on. The wall clock decides: what the clocks skip is not
 * there, and of a doubled hour a window takes the first.
 */
export function* openSpans(epoch: number, hours: Hours): Generator<Span, void> {
  if (!hours.window && !hours.quietHours) return yield { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const today = localDay(epoch, zoneOfWindow(hours));
  for (let day = today - 1; day < today + daysAhead; day++) yield* openOn(day, hours);
}

const openOn = (day: number, { window, quietHours, holidays, zone }: Hours): readonly Span[] => {
  if (window && holidays?.has(day)) return [];
  if (!window) return quietHours ? awakeOn(day, quietHours, zone) : [];
  const open = windowOn(day, window, zoneOfWindow({ window, zone }));
  return quietHours ? open.flatMap((it) => cut(it, quietHours, zone)) : open;
};

/** Only the local day of this moment matters: no window passes midnight. */
export const isOpenAt = (epoch: number, hours: Hours): boolean => {
  const { window, quietHours, zone, holidays } = hours;
  const here = localDay(epoch, zone);
  if (quietHours && !isWithin(awakeOn(here, quietHours, zone), epoch)) return false;
  if (!window) return true;
  const windowZone = zoneOfWindow(hours);
  const day = windowZone === zone ? here : localDay(epoch, windowZone);
  return !holidays?.has(day) && isWithin(windowOn(day, window, windowZone), epoch);
};

const isWithin = (spans: readonly Span[], epoch: number): boolean => {
  for (const { from, to } of spans) if (from <= epoch && epoch < to) return true;
  return false;
};

const zoneOfWindow = ({ window, zone }: Hours): string => (window && window.zone !== 'lead' ? window.zone : zone);

/** 1970-01-01 was a Thursday. Monday is 1. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** Of a doubled hour the first counts, so that a window opens once a day. */
const windowOn = (day: number, window: SendWindow, zone: string): readonly Span[] =>
  window.days.includes(weekdayOf(day)) ? opened.of(window, day, zone, findWindow) : [];

const findWindow = ({ fromMinute, toMinute }: SendWindow, day: number, zone: string): readonly Span[] =>
  wallClock(day, fromMinute, toMinute, stretchesOf(day, zone).map(withoutRepeat));

/** What quiet hours leave of a local day. `from` after `to`: overnight. */
const awakeOn = (day: number, quietHours: QuietHours, zone: string): readonly Span[] => awake.of(quietHours, day, zone, findAwake);

const findAwake = ({ fromMinute, toMinute }: QuietHours, day: number, zone: string): readonly Span[] => {
  const today = stretchesOf(day, zone);
  if (fromMinute > toMinute) return wallClock(day, toMinute, fromMinute, today);
  const spans = [...wallClock(day, 0, fromMinute, today), ...wallClock(day, toMinute, minutesADay, today)];
  return joined(spans.sort((one, other) => one.from - other.from));
};

/** The zones may be a day apart, so the days around count as well. */
const cut = (open: Span, quietHours: QuietHours, zone: string): readonly Span[] => {
  const first = localDay(open.from, zone);
  const last = localDay(open.to, zone);
  const awake: Span[] = [];
  for (let day = first; day <= last; day++) awake.push(...awakeOn(day, quietHours, zone));
  return joined(awake).flatMap((it) => overlap(open, it));
};

/** A time of one offset to UTC. `repeats`: how long its clocks show again what the stretch before had shown. */
type Stretch = Span & { readonly offset: number; readonly repeats: number };

/** The moments of a local date at which the clocks show a time in this range. Within a stretch it is plain arithmetic. */
const wallClock = (day: number, fromMinute: number, toMinute: number, within: readonly Stretch[]): readonly Span[] =>
  joined(
    within.flatMap((stretch) => {
      const midnight = day * dayMilliseconds - stretch.offset;
      return overlap({ from: midnight + fromMinute * 60_000, to: midnight + toMinute * 60_000 }, stretch);
    }),
  );

/** Of each window what was worked out of it, by zone and day: it lives as long as the process, and all leads meet the same days. */
const remembered = <Rule extends object>() => {
  const known = new WeakMap<Rule, Map<string, Map<number, readonly Span[]>>>();
  return {
    of: (rule: Rule, day: number, zone: string, find: (rule: Rule, day: number, zone: string) => readonly Span[]): readonly Span[] => {
      const standing = known.get(rule)?.get(zone)?.get(day);
      if (standing) return standing;
      const zones = known.get(rule) ?? new Map<string, Map<number, readonly Span[]>>();
      known.set(rule, zones);
      const days = zones.get(zone) ?? new Map<number, readonly Span[]>();
      zones.set(zone, days);
      if (days.size >= mostDays) days.clear();
      const found = find(rule, day, zone);
      days.set(day, found);
      return found;
    },
  };
};
const mostDays = 1000;
const opened = remembered<SendWindow>();
const awake = remembered<QuietHours>();

/** Zones lie within 26 hours of each other. */
const farthest = 26 * 3_600_000;

/** The stretches that may touch a local date: one, or two around a clock change. Kept, for all leads meet the same days. */
const stretchesOf = (day: number, zone: string): readonly Stretch[] => {
  const key = `${zone} ${day}`;
  const known = stretches.get(key);
  if (known) return known;
  if (stretches.size >= mostStretches) stretches.clear();
  const found = findStretches(day, zone);
  stretches.set(key, found);
  return found;
};

const stretches = new Map<string, readonly Stretch[]>();
const mostStretches = 10_000;

const findStretches = (day: number, zone: string): readonly Stretch[] => {
  const [from, to] = [day * dayMilliseconds - farthest, (day + 1) * dayMilliseconds + farthest];
  const [offset, later] = [offsetAt(from, zone), offsetAt(to, zone)];
  const change = offset === later ? undefined : nextClockChange(from, zone);
  if (change === undefined) return [{ from, to, offset, repeats: 0 }];
  return [
    { from, to: change, offset, repeats: 0 },
    { from: change, to, offset: later, repeats: Math.max(0, offset - later) },
  ];
};

const withoutRepeat = (stretch: Stretch): Stretch => ({ ...stretch, from: stretch.from + stretch.repeats });

const overlap = (one: Span, other: Span): readonly Span[] => {
  const span = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
  return span.from < span.to ? [span] : [];
};

/** Spans that touch become one. */
const joined = (spans: readonly Span[]): readonly Span[] => {
  const done: Span[] = [];
  for (const it of spans) {
    const before = done.at(-1)?.to === it.from ? done.pop() : undefined;
    done.push({ from: before?.from ?? it.from, to: it.to });
  }
  return done;
};
