import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveConfig } from '#core/config';
import { addSeconds, secondsBetween } from '#core/instant';
import type { SendWindow, Step } from '#core/sequences/model';
import { email, mornings, wait, weekends } from '#tests/core/sequences/sequences';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aSequence, aStory, workdays } from '#tests/helpers/stories';

const day = 86_400;
const welcome = email('welcome', { atOnce: true });
const large = { kind: 'field', field: 'employees', test: { atLeast: 100 } } as const;
const inAnArm: Step = {
  id: 'size',
  kind: 'branch',
  arms: [
    { name: 'large', if: large, steps: [wait('rest', 1), email('proof')] },
    { name: 'other', steps: [] },
  ],
};
const eitherWay: Step = {
  id: 'first-project',
  kind: 'wait-for',
  atMostSeconds: 2 * day,
  since: 'enrolment',
  arms: [{ name: 'happened', awaits: 'did:project.created', steps: [] }],
  timedOut: [email('proof')],
};
/** Ways from the first mail to the next. */
const ways: readonly (readonly Step[])[] = [
  [wait('settle', 3), email('proof')],
  [{ id: 'settle', kind: 'wait', length: { businessDays: 2 } }, email('proof')],
  [wait('settle', 1), inAnArm],
  [wait('settle', 1), eitherWay],
  [eitherWay],
  [wait('settle', 1), wait('longer', 2), email('proof', { atOnce: true })],
  [
    wait('settle', 2),
    { id: 'half', kind: 'split', arms: ['one', 'two'].map((name) => ({ name, share: 50, holdout: false, steps: [] })) },
    email('proof'),
  ],
];
const hours: readonly SendWindow[] = [workdays, mornings, weekends];
const quietNights = { fromMinute: 20 * 60, toMinute: 8 * 60 };

describe('what is said to come next', () => {
  it('comes, at that minute: through waits, hours, quiet nights, pauses and changes of the clocks', async () => {
    const given = fc.record({
      steps: fc.constantFrom(...ways),
      window: fc.option(fc.constantFrom(...hours), { nil: undefined }),
      quiet: fc.boolean(),
      // The clocks of Berlin change on the 29th.
      startAt: fc.integer({ min: 0, max: 10 * 24 * 60 }).map((minutes) => addSeconds('2026-03-20T00:00:00.000Z', minutes * 60)),
      pausedForDays: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ steps, window, quiet, startAt, pausedForDays }) => {
        const live: LiveConfig = { ...liveConfig, brand: { ...liveConfig.brand, ...(quiet && { quietHours: quietNights }) } };
        const story = await aStory(aSequence([welcome, ...steps], { window }), { live, startAt });
        await story.did('trial.started');
        if (pausedForDays !== undefined) await story.ports.leads.pause(story.leadId, addSeconds(startAt, pausedForDays * day));
        const { next } = await story.explain();
        const said = next.find((it) => it.what.startsWith('nurture: “proof” goes'));
        await story.advance('30 days');
        const proof = story.mail.mails().find((it) => it.tags.step === 'proof');
        expect(said?.at, JSON.stringify(next)).toBeDefined();
        expect(proof, JSON.stringify(next)).toBeDefined();
        expect(
          Math.abs(secondsBetween(said?.at ?? '', proof?.at ?? '')),
          `${said?.at} ${proof?.at} ${JSON.stringify(next)}`,
        ).toBeLessThanOrEqual(60);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
