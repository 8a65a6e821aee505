import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailUsd, fixedUsd } from '#core/budget';
import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { consented, runSenders } from '#tests/helpers/sender-run';

/** Two hours before the month ends in Dublin, where summer time has begun. */
const start = '2026-03-31T21:00:00.000Z';

/** Enough for so many e-mails and a half. */
const budgetFor = (emails: number): LiveConfig => {
  const sesPlan = 'a-la-carte';
  const usd = fixedUsd(sesPlan) + (emails + 0.5) * emailUsd({ sesPlan });
  return { ...liveConfig, brand: { ...liveConfig.brand, budget: { usd, sesPlan } } };
};

const monthOf = (at: Instant) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: liveConfig.brand.timeZone, dateStyle: 'short' }).format(new Date(at)).slice(0, 7);

describe('a budget under any concurrency', () => {
  it('pays for no more of a month than there is money for, each e-mail at most once, and what somebody waits for always', async () => {
    const seen = { full: 0, exempt: 0, nearly: 0, months: 0 };
    const scenario = fc.record({
      seed: fc.integer(),
      emails: fc.integer({ min: 0, max: 8 }),
      leads: fc.integer({ min: 1, max: 14 }),
      exempt: fc.integer({ min: 0, max: 3 }),
      crashes: fc.integer({ min: 0, max: 4 }),
      trouble: fc.constantFrom(0, 0.3),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ emails, ...drawn }) => {
        const { accepted, records, notices, line } = await runSenders({
          ...drawn,
          live: budgetFor(emails),
          start,
          rounds: 8,
          stepSeconds: (random) => 300 + Math.floor(random() * 3600),
        });
        const perMonth = new Map<string, number>();
        for (const { at, sequence } of accepted) {
          if (sequence !== consented.sequence) seen.exempt++;
          else perMonth.set(monthOf(at), (perMonth.get(monthOf(at)) ?? 0) + 1);
        }
        for (const [month, count] of perMonth) {
          expect(count, month).toBeLessThanOrEqual(emails);
          if (count === emails) seen.full++;
          const all = accepted.filter((it) => monthOf(it.at) === month).length;
          expect(await line.spentIn(month), 'all that went is counted').toBeGreaterThanOrEqual(all);
        }
        seen.months += perMonth.size > 1 ? 1 : 0;
        expect(new Set(accepted.map((it) => it.lead)).size, 'each once').toBe(accepted.length);
        for (const record of records) expect(record?.deferrals ?? 0, 'no deferral is used up').toBe(0);
        const putOff = records.some((it) => it?.reason === 'budget-spent');
        if (putOff)
          expect(
            notices.map((it) => it.kind),
            'somebody was told',
          ).toContain('budget-spent');
        seen.nearly += notices.some((it) => it.kind === 'budget-nearly-spent') ? 1 : 0;
        if (drawn.crashes === 0 && drawn.trouble === 0)
          expect(accepted.filter((it) => it.sequence === 'receipts')).toHaveLength(drawn.exempt);
      }),
      { numRuns: Number(process.env.BATON_BUDGET_RUNS ?? 100) },
    );
    expect(Math.min(seen.full, seen.exempt, seen.nearly, seen.months), 'all of it happened').toBeGreaterThan(5);
  });
});
