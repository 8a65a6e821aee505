import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { hoursBetween } from '#tests/helpers/chaos';
import { type Happening, runProtocol } from '#tests/helpers/protocol-run';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T13:00:00.000Z';
const compiled = { mail: nurture('mail'), plan: nurture('plan') };
const runs = Number(process.env.BATON_LEGS_RUNS ?? 150);

/** On, just before and just after the moments at which the machine itself goes on: waits end 2, 5, 6 days in. */
const at = fc
  .oneof(
    fc.integer({ min: 0, max: 9 * 86_400 }),
    fc.constantFrom(0, 2, 5, 6).chain((days) => fc.integer({ min: -4, max: 4 }).map((seconds) => Math.max(0, days * 86_400 + seconds))),
  )
  .map((seconds) => addSeconds(start, seconds));

const nextLeg = fc
  .tuple(at, fc.option(fc.constantFrom(...compiled.mail.artifact.stepIds), { nil: undefined }))
  .map(([when, startAt]): Happening => ({ at: when, do: 'next-leg', ...(startAt !== undefined && { startAt }) }));
const own = (name: string) =>
  fc
    .tuple(at, fc.uuid())
    .map(([when, eventId]): Happening => ({ at: when, do: 'event', event: { source: 'own', eventId, name, at: when, leadId: '' } }));
const leave = at.map((when): Happening => ({ at: when, do: 'unsubscribe' }));

const scenario = fc.record({
  seed: fc.integer(),
  legs: fc.array(nextLeg, { minLength: 1, maxLength: 4 }),
  others: fc.array(fc.oneof(own('project.created'), own('subscription.started'), leave), { maxLength: 2 }),
  crashes: fc.integer({ min: 0, max: 8 }),
  mailTrouble: fc.constantFrom(0, 0.1, 0.6),
  startsWith: fc.constantFrom('mail' as const, 'plan' as const),
});

it('next legs, crashes, redeliveries and stops in any order: one mail a key, none after a stop, no old leg left behind', async () => {
  const seen = { legs: 0, stopped: 0, completed: 0, crashes: 0, sends: 0 };
  await fc.assert(
    fc.asyncProperty(scenario, async ({ seed, legs, others, crashes, mailTrouble, startsWith }) => {
      const happenings: Happening[] = [{ at: start, do: 'trigger', trigger: 'trial-1' }, ...legs, ...others];
      const given = { seed, compiled: compiled[startsWith], live: liveConfig, start, happenings };
      const run = await runProtocol({ ...given, crashes, crashRate: 0.02, mailTrouble });
      const { accepted, stops } = run.trace;
      const keys = accepted.map((it) => it.key);
      expect(new Set(keys).size, 'one accepted e-mail a key, whatever leg asks').toBe(keys.length);
      const [stop] = stops;
      if (stop) for (const mail of accepted) expect(mail.claimedAt, `claimed before ${stop.what}`).toBeLessThan(stop.order);
      const [enrolment, ...more] = await run.ports.enrolments.ofLead(run.leadId);
      expect(more).toEqual([]);
      if (!enrolment) return;
      expect(enrolment.endedAt, 'the run ends').toBeDefined();
      expect(enrolment.ending).not.toBe('failed');
      if (enrolment.stop && stop && enrolment.endedAt && enrolment.endedAt > stop.at)
        expect(hoursBetween(stop.at, enrolment.endedAt), 'a stop ends the wait of every leg').toBeLessThan(2);
      expect(enrolment.leg).toBeGreaterThanOrEqual(run.trace.legs.length > 0 ? 2 : 1);
      const executions = run.runner.list({ stateMachine: 'nurture' });
      expect(
        executions.filter((it) => it.status !== 'SUCCEEDED'),
        'old machines are woken and end',
      ).toEqual([]);
      expect(executions.length).toBeLessThanOrEqual(enrolment.leg);
      seen.legs += run.trace.legs.length;
      seen.crashes += run.crashesUsed;
      seen.sends += accepted.length;
      seen[enrolment.stop ? 'stopped' : 'completed']++;
    }),
    { numRuns: runs, endOnFailure: false },
  );
  console.info(`legs: ${runs} runs, ${JSON.stringify(seen)}`);
  expect(seen.legs).toBeGreaterThan(runs / 2);
  expect(seen.stopped).toBeGreaterThan(runs / 10);
  expect(seen.completed).toBeGreaterThan(runs / 10);
}, 600_000);
