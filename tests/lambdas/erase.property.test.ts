import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { leadPk } from '#core/keys';
import { eraseLeads } from '#lambdas/ticks/erase-leads';
import { type Act, type Person, runMerges } from '#tests/helpers/merge-run';
import { start } from '#tests/helpers/world';

const runs = Number(process.env.BATON_ERASE_RUNS ?? 150);
const email = 'kim@example.com';
const others = fc.array(fc.constantFrom<Act['do']>('visit', 'send', 'leave', 'erase'), { maxLength: 4 });
const chance = fc.record({ seed: fc.integer(), crashes: fc.integer({ min: 0, max: 8 }) });

describe('erasing under random schedules, crashes and repeats', () => {
  it('leaves nothing in the end, and nobody is mailed after the profile was gone', async () => {
    const seen = { crashes: 0, mails: 0 };
    const person: Person = { email, consent: { given: true, at: '2026-03-01T09:00:00.000Z', source: 'form' } };
    await fc.assert(
      fc.asyncProperty(others, chance, async (did, { seed, crashes }) => {
        const acts = [{ do: 'erase', email } as Act, ...did.map((it) => ({ do: it, email }) as Act)];
        const run = await runMerges({ seed, crashes, people: [person], acts });
        const leadId = run.idOf(email);
        seen.crashes += run.crashesUsed;
        seen.mails += run.trace.accepted.length;
        expect((await run.ports.suppressions.ofLead(leadId)).some((it) => it.scope === 'ALL')).toBe(true);
        const erasedAt = run.trace.answered.find((it) => it.act.do === 'erase')?.order ?? -1;
        for (const mail of run.trace.accepted) expect(mail.claimedAt, 'no claim after the erasure was answered').toBeLessThan(erasedAt);
        // What came late goes at the later looks.
        const later = { ...run.ports, clock: { now: () => addSeconds(start, 40 * 86_400) } };
        for (let look = 0; look < 5; look++) await eraseLeads(later)();
        expect(await run.table.query(leadPk(leadId), '')).toEqual([]);
        expect(await run.ports.erasures.find(leadId)).toMatchObject({ looks: 5, ids: [] });
      }),
      { numRuns: runs },
    );
    expect(seen.crashes).toBeGreaterThan(runs / 2);
    expect(seen.mails).toBeGreaterThan(0);
  }, 300_000);
});
