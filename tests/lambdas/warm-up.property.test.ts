import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Brand, LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import { ceilingAt } from '#core/warm-up';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { consented, runSenders } from '#tests/helpers/sender-run';

/** An hour before midnight in Dublin, on the day before clocks go forward. */
const start = '2026-03-28T23:00:00.000Z';
const warmUp = { start: '2026-03-28', perDay: [2, 3, 5] };
const live: LiveConfig = { ...liveConfig, brand: { ...liveConfig.brand, warmUp } };

type Scenario = {
  readonly seed: number;
  readonly leads: number;
  readonly exempt: number;
  readonly crashes: number;
  readonly trouble: number;
};

/** The clock passes midnight now and then. */
const run = async (scenario: Scenario) => {
  const { line, ...rest } = await runSenders({
    ...scenario,
    live,
    start,
    rounds: 14,
    stepSeconds: (random) => 300 + Math.floor(random() * 40_000),
  });
  return { ...rest, takenOn: (day: string) => line.takenOn(day) };
};

const dayOf = (brand: Pick<Brand, 'timeZone'>, at: Instant) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: brand.timeZone, dateStyle: 'short' }).format(new Date(at));

describe('a warm-up under any concurrency', () => {
  it('lets no more go on a local day than its ceiling, each e-mail at most once, and what somebody waits for always', async () => {
    const seen = { full: 0, exempt: 0 };
    const scenario = fc.record({
      seed: fc.integer(),
      leads: fc.integer({ min: 1, max: 14 }),
      exempt: fc.integer({ min: 0, max: 3 }),
      crashes: fc.integer({ min: 0, max: 4 }),
      trouble: fc.constantFrom(0, 0.3),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const { accepted, records } = await run(drawn);
        const perDay = new Map<string, number>();
        for (const { at, sequence } of accepted) {
          if (sequence !== consented.sequence) seen.exempt++;
          else perDay.set(dayOf(liveConfig.brand, at), (perDay.get(dayOf(liveConfig.brand, at)) ?? 0) + 1);
        }
        for (const [day, count] of perDay) {
          const most = ceilingAt({ ...liveConfig.brand, warmUp }, `${day}T12:00:00.000Z`)?.most ?? Number.POSITIVE_INFINITY;
          expect(count, day).toBeLessThanOrEqual(most);
          if (count === most) seen.full++;
        }
        expect(new Set(accepted.map((it) => it.lead)).size, 'each once').toBe(accepted.length);
        for (const record of records) expect(record?.deferrals ?? 0, 'no deferral is used up').toBe(0);
        if (drawn.crashes === 0 && drawn.trouble === 0)
          expect(accepted.filter((it) => it.sequence === 'receipts')).toHaveLength(drawn.exempt);
      }),
      { numRuns: 120 },
    );
    expect(Math.min(seen.full, seen.exempt), 'ceilings were reached and exemptions used').toBeGreaterThan(10);
  });

  it('counts every e-mail that went, exempt or not, and one that SES throttled no more than once', async () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const trouble of [0, 0.9]) {
        const { accepted, records, takenOn } = await run({ seed, leads: 3, exempt: 2, crashes: 0, trouble });
        for (const { day, of } of ['2026-03-28', '2026-03-29', '2026-03-30'].map((day) => ({
          day,
          of: dayOf(liveConfig.brand, `${day}T12:00:00.000Z`),
        }))) {
          const went = accepted.filter((it) => dayOf(liveConfig.brand, it.at) === of).length;
          const taken = await takenOn(day);
          expect(taken).toBeGreaterThanOrEqual(went);
          if (trouble === 0) expect(taken).toBe(went);
          expect(taken).toBeLessThanOrEqual(records.length);
        }
      }
    }
  });
});
