import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, type Instant } from '#core/instant';
import { hoursBetween } from '#tests/helpers/chaos';
import { type Happening, runProtocol } from '#tests/helpers/protocol-run';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T13:00:00.000Z';
const compiled = { mail: nurture('mail'), wait: nurture('wait'), plan: nurture('plan') };
const runs = Number(process.env.BATON_PROTOCOL_RUNS ?? 250);

/** Moments chosen to fall on, just before and just after the machine's own: waits end 2, 5, 6 days in. */
const moment = fc.oneof(
  fc.integer({ min: 0, max: 12 * 86_400 }),
  fc.constantFrom(0, 2, 5, 6).chain((days) => fc.integer({ min: -3, max: 3 }).map((seconds) => Math.max(0, days * 86_400 + seconds))),
);
const at = moment.map((seconds) => addSeconds(start, seconds));

const own = (name: string, path?: string) =>
  fc.tuple(at, fc.uuid()).map(
    ([when, eventId]): Happening => ({
      at: when,
      do: 'event',
      event: { source: 'own', eventId, name, at: when, leadId: '', ...(path !== undefined && { path }) },
    }),
  );
const bounce = fc.tuple(at, fc.uuid(), fc.constantFrom('bounced' as const, 'complained' as const)).map(
  ([when, eventId, kind]): Happening => ({
    at: when,
    do: 'event',
    event: { source: 'ses', eventId, kind, at: when, messageId: eventId, leadId: '', bounceType: 'Permanent' },
  }),
);
const leave = at.map((when): Happening => ({ at: when, do: 'unsubscribe' }));
const happening = fc.oneof(
  own('project.created'),
  own('subscription.started'),
  own('visited', '/pricing'),
  own('teammate.invited'),
  bounce,
  leave,
);

const scenario = fc.record({
  seed: fc.integer(),
  happenings: fc.array(happening, { maxLength: 4 }),
  repeats: fc.boolean(),
  crashes: fc.integer({ min: 0, max: 8 }),
  mailTrouble: fc.constantFrom(0, 0.1, 0.6),
  startsWith: fc.constantFrom('mail' as const, 'wait' as const, 'plan' as const),
});

const happeningsOf = (drawn: readonly Happening[], repeats: boolean): Happening[] => [
  { at: start, do: 'trigger', trigger: 'trial-1' },
  ...(repeats
    ? [
        { at: addSeconds(start, 5), do: 'trigger' as const, trigger: 'trial-1' },
        { at: addSeconds(start, 9), do: 'trigger' as const, trigger: 'trial-2' },
      ]
    : []),
  ...drawn,
];

describe('the protocol under random schedules, crashes, redeliveries and lost answers', () => {
  it('sends each e-mail at most once, never after a stop, loses no wake, and ends every run', async () => {
    const seen = { crashes: 0, sends: 0, stopped: 0, completed: 0, unknown: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async ({ seed, happenings, repeats, crashes, mailTrouble, startsWith }) => {
        const run = await runProtocol({
          seed,
          compiled: compiled[startsWith],
          live: liveConfig,
          start,
          happenings: happeningsOf(happenings, repeats),
          crashes,
          crashRate: 0.02,
          mailTrouble,
        });
        const { accepted, stops } = run.trace;

        const keys = accepted.map((it) => it.key);
        expect(new Set(keys).size, 'one accepted e-mail a key').toBe(keys.length);

        const firstStop = stops[0];
        for (const mail of accepted) {
          if (firstStop) expect(mail.claimedAt, `claimed before ${firstStop.what} was durable`).toBeLessThan(firstStop.order);
        }

        const enrolments = await run.ports.enrolments.ofLead(run.leadId);
        expect(enrolments.length).toBeLessThanOrEqual(1);
        for (const enrolment of enrolments) {
          expect(enrolment.endedAt, 'every run ends').toBeDefined();
          expect(enrolment.ending).not.toBe('failed');
          if (firstStop && enrolment.endedAt && enrolment.endedAt > firstStop.at) {
            expect(hoursBetween(firstStop.at, enrolment.endedAt), 'a stop ends the wait at once').toBeLessThan(2);
          }
          expectHappened(run.runner, enrolment.enrolmentId, happenings, enrolment.stop !== undefined);
          seen[enrolment.stop ? 'stopped' : 'completed']++;
        }
        seen.crashes += run.crashesUsed;
        seen.sends += accepted.length;
      }),
      { numRuns: runs, endOnFailure: true },
    );
    console.info(`protocol: ${runs} runs, ${JSON.stringify(seen)}`);
    expect(seen.crashes).toBeGreaterThan(runs / 4);
    expect(seen.stopped).toBeGreaterThan(runs / 10);
    expect(seen.completed).toBeGreaterThan(runs / 10);
  }, 600_000);
});

/** The awaited event, told well before its wait-for timed out, took the `happened` arm. */
const expectHappened = (
  runner: Awaited<ReturnType<typeof runProtocol>>['runner'],
  enrolmentId: string,
  happenings: readonly Happening[],
  stopped: boolean,
) => {
  const execution = runner.list().find((it) => it.name === `${enrolmentId}-1`);
  if (!execution || stopped) return;
  const entered = runner.history(execution.executionArn);
  const waited: Instant | undefined = entered.find((it) => it.state === 'first-project')?.enteredAt;
  const inTime = happenings.some(
    (it) =>
      it.do === 'event' &&
      it.event.source === 'own' &&
      it.event.name === 'project.created' &&
      waited !== undefined &&
      it.at > addSeconds(start, 3600) &&
      it.at < addSeconds(waited, 3 * 86_400 - 2 * 3600),
  );
  const took = entered.some((it) => it.state === 'power-tips');
  if (inTime) expect(took, 'the awaited event was not lost').toBe(true);
};
