import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dateWaitAt } from '#core/date-wait';
import { addSeconds, toEpoch, toInstant } from '#core/instant';
import { openSpans, type Span } from '#core/open-spans';
import { addBusinessDays, isAllowed, nextSendTime } from '#core/send-window';

/** Found by Python's zoneinfo, minute by minute: tests/fixtures/clock-changes.py. */
const { windows, businessDays, dates } = JSON.parse(readFileSync('tests/fixtures/clock-changes.json', 'utf8')) as {
  readonly windows: readonly Case[];
  readonly businessDays: readonly { readonly zone: string; readonly at: string; readonly days: number; readonly ends: string }[];
  readonly dates: readonly DateCase[];
};
type DateCase = {
  readonly zone: string;
  readonly day: string;
  readonly plusDays: number;
  readonly minute: number;
  readonly from: string;
  readonly ends: string;
};
type Minutes = { readonly from: number; readonly to: number };
type Case = {
  readonly zone: string;
  readonly at: string;
  readonly window?: Minutes & { readonly days: readonly number[] };
  readonly quiet?: Minutes;
  readonly opens: string | null;
  readonly closes: string | null;
};

const hoursOf = ({ zone, window, quiet }: Case) => ({
  zone,
  ...(window && { window: { days: window.days, fromMinute: window.from, toMinute: window.to, zone: 'lead' } }),
  ...(quiet && { quietHours: { fromMinute: quiet.from, toMinute: quiet.to } }),
});
/** Days are told one by one. */
const joined = (spans: Iterable<Span>): readonly Span[] => {
  const done: Span[] = [];
  for (const it of spans) {
    const last = done.at(-1);
    if (last?.to === it.from) done[done.length - 1] = { from: last.from, to: it.to };
    else done.push(it);
  }
  return done;
};

const keys = Array.from({ length: 8 }, (_, at) => `lead-${at}`);

describe('when mail may go, around changes of the clock', () => {
  it('is tried in more than 300 cases and 12 zones', () => {
    expect(windows.length).toBeGreaterThanOrEqual(250);
    expect(windows.length + businessDays.length).toBeGreaterThanOrEqual(300);
    expect(new Set(windows.map((it) => it.zone)).size).toBeGreaterThanOrEqual(12);
    expect(windows.filter((it) => it.opens === null).length).toBeLessThan(windows.length / 10);
  });

  it.each(
    windows.map(
      (one) => [`${one.zone} ${one.at} ${JSON.stringify(one.window ?? 'no window')} ${JSON.stringify(one.quiet ?? '')}`, one] as const,
    ),
  )('%s', (_name, one) => {
    const hours = hoursOf(one);
    const epoch = toEpoch(one.at);
    const span = joined(openSpans(epoch, hours)).find((it) => it.to > epoch);
    if (one.opens === null || one.closes === null) {
      expect(span === undefined || span.from > epoch + 14 * 86_400_000).toBe(true);
      return;
    }
    expect({ opens: toInstant(Math.max(epoch, span?.from ?? 0)), closes: toInstant(span?.to ?? 0) }).toEqual({
      opens: one.opens,
      closes: one.closes,
    });
    expect(isAllowed({ at: one.opens, ...hours })).toBe(true);
    expect(isAllowed({ at: addSeconds(one.closes, -1), ...hours })).toBe(true);
    expect(isAllowed({ at: one.closes, ...hours })).toBe(false);
    if (one.opens !== one.at) expect(isAllowed({ at: addSeconds(one.opens, -1), ...hours })).toBe(false);
    for (const spreadKey of keys) {
      const planned = nextSendTime({ from: one.at, spreadKey, ...hours });
      expect(planned >= one.opens && planned < one.closes, `${planned} for ${spreadKey}`).toBe(true);
      expect(nextSendTime({ from: planned, spreadKey, ...hours }), 'planned again from there').toBe(planned);
    }
  });
});

describe('business days around changes of the clock', () => {
  it.each(businessDays)('$zone: $days from $at', ({ zone, at, days, ends }) => {
    expect(addBusinessDays(at, days, zone)).toBe(ends);
  });
});

describe('waits until a day, around changes of the clock', () => {
  it.each(dates)('$zone: $minute minutes into $day, $plusDays days', ({ zone, day, plusDays, minute, from, ends }) => {
    const wait = { field: 'day', plusDays, atMinute: minute, yearly: false, atMostSeconds: 300 * 86_400, otherwise: 'exit' as const };
    const fields = { day };
    expect(dateWaitAt(fields, wait, from, zone)).toEqual({ is: 'wait', at: ends });
    expect(dateWaitAt(fields, wait, addSeconds(ends, -1), zone)).toEqual({ is: 'wait', at: ends });
    expect(dateWaitAt(fields, wait, ends, zone)).toEqual({ is: 'reached' });
  });
});
