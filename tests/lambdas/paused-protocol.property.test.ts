import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { type Happening, runProtocol } from '#tests/helpers/protocol-run';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T13:00:00.000Z';
const compiled = nurture();
const runs = Number(process.env.BATON_PAUSED_RUNS ?? 140);
const day = 86_400;

/** Pauses of the sequence, each with its end; they may overlap, so that the first end ends both. */
const pause = fc
  .tuple(fc.integer({ min: -2, max: 9 * day }), fc.integer({ min: 1, max: 4 * day }))
  .map(([from, seconds]): readonly Happening[] => [
    { at: addSeconds(start, Math.max(0, from)), do: 'pause' },
    { at: addSeconds(start, Math.max(0, from) + seconds), do: 'resume' },
  ]);

const scenario = fc.record({
  seed: fc.integer(),
  pauses: fc.array(pause, { minLength: 1, maxLength: 4 }),
  leavesAfter: fc.option(fc.integer({ min: 0, max: 10 * day }), { nil: undefined }),
  crashes: fc.integer({ min: 0, max: 6 }),
  mailTrouble: fc.constantFrom(0, 0.1, 0.5),
});

describe('a sequence that is paused and resumed under random schedules, crashes, redeliveries and lost answers', () => {
  it('sends nothing that was claimed under the pause, nothing twice, and every run ends', async () => {
    const seen = { crashes: 0, sends: 0, held: 0, left: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async ({ seed, pauses, leavesAfter, crashes, mailTrouble }) => {
        const leaves: readonly Happening[] = leavesAfter === undefined ? [] : [{ at: addSeconds(start, leavesAfter), do: 'unsubscribe' }];
        const run = await runProtocol({
          seed,
          compiled,
          live: liveConfig,
          start,
          happenings: [{ at: start, do: 'trigger', trigger: 'trial-1' }, ...pauses.flat(), ...leaves],
          crashes,
          crashRate: 0.02,
          mailTrouble,
        });
        const { accepted, pauses: told } = run.trace;
        expect(new Set(accepted.map((it) => it.key)).size, 'one accepted e-mail a key').toBe(accepted.length);
        for (const mail of accepted) {
          const before = told.filter((it) => it.order < mail.claimedAt).at(-1);
          const resumed = told.some((it) => it.is === 'resumed' && it.order > mail.claimedAt && it.order <= mail.acceptedAt);
          expect(before?.is === 'paused' && !resumed, 'a mail claimed under the pause went').toBe(false);
        }
        const [enrolment] = await run.ports.enrolments.ofLead(run.leadId);
        expect(enrolment === undefined || enrolment.endedAt !== undefined, 'every run ends').toBe(true);
        expect(enrolment?.ending).not.toBe('failed');
        const sends = await run.ports.sends.ofLead(run.leadId);
        expect(sends.filter((it) => it.reason === 'gave-up')).toEqual([]);
        seen.crashes += run.crashesUsed;
        seen.sends += accepted.length;
        seen.held += sends.filter((it) => (it.holds ?? 0) > 0).length;
        seen.left += enrolment?.stop ? 1 : 0;
      }),
      { numRuns: runs, endOnFailure: false },
    );
    console.info(`paused: ${runs} runs, ${JSON.stringify(seen)}`);
    expect(seen.held).toBeGreaterThan(runs / 6);
    expect(seen.left).toBeGreaterThan(runs / 10);
    expect(seen.crashes).toBeGreaterThan(runs / 4);
  }, 300_000);
});
