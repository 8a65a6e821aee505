import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Condition } from '#core/condition';
import type { LiveConfig } from '#core/config';
import { factsRead } from '#core/entry-facts';
import { QueuedEvent } from '#core/events';
import { addSeconds, type Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import { processEvent } from '#lambdas/events/process-events';
import { createEnteringRun, leadId, start } from '#tests/helpers/entering-run';
import { versionOf, waitOf } from '#tests/helpers/legs';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const runs = Number(process.env.BATON_ENTERING_RUNS ?? 100);
const day = 86_400;

const keen: Condition = { kind: 'engagement', atLeast: 30 };
const maker: Condition = { kind: 'event', key: 'did:report.made' };
const named = (id: string, when: Condition) =>
  versionOf([waitOf('settle', 1)], { id, enter: { on: { when, reads: factsRead(when) }, again: 'always' } }).artifact;
const live: LiveConfig = {
  ...liveConfig,
  scoring: { ...liveConfig.scoring, qualified: { ...liveConfig.scoring.qualified, if: { kind: 'fit', atLeast: 999 } } },
};

const anEvent = fc.record({
  /** Hours since the event before. */
  after: fc.oneof(fc.nat(48), fc.integer({ min: 100, max: 900 })),
  name: fc.constantFrom('visited', 'visited', 'report.made', 'other.thing'),
});
const scenario = fc.record({
  seed: fc.integer(),
  /** Each is worked on before the next one happens. */
  isCalm: fc.boolean(),
  events: fc.array(anEvent, { minLength: 1, maxLength: 7 }),
  crashes: fc.nat(6),
});
type Run = {
  readonly seed: number;
  readonly isCalm: boolean;
  readonly events: readonly { readonly after: number; readonly name: string }[];
  readonly crashes: number;
};

const play = async ({ seed, isCalm, events, crashes }: Run) => {
  const artifacts = [named('keen', keen), named('maker', maker)];
  const take = async (ports: Ports, body: unknown) => {
    const event = QueuedEvent.parse(body);
    const work = processEvent(ports);
    await work.first?.(event);
    await work(event);
  };
  const run = createEnteringRun({ seed, crashes, rate: 0.04, artifacts, live, take });
  const { bare, queues, settle, now, setTo } = run;
  await bare.leads.upsert({ leadId, email: 'kim@example.com', fields: {}, consents: {} }, start);
  const times: { readonly at: Instant; readonly name: string }[] = [];
  for (const [number, { after, name }] of events.entries()) {
    setTo(addSeconds(now(), after * 3600 + 1));
    times.push({ at: now(), name });
    const path = name === 'visited' ? { path: '/pricing' } : {};
    queues.push('events', { source: 'own', eventId: `e-${number}`, name, at: now(), leadId, ...path });
    if (isCalm) await settle();
  }
  await settle();
  run.throwFailures();
  return { queued: [...new Set(run.queued)].sort(), times, lead: await bare.leads.find(leadId) };
};

/** Times at which 40 points a visit, halved every 21 days, came to 30 from below; undefined: too near to the line to say. */
const risesOf = (times: readonly { readonly at: Instant; readonly name: string }[]): number | undefined => {
  let points = 0;
  let last = Date.parse(start);
  let rises = 0;
  for (const { at, name } of times) {
    points *= 0.5 ** ((Date.parse(at) - last) / 1000 / (21 * day));
    last = Date.parse(at);
    if (Math.abs(points - 29.5) < 0.6) return undefined;
    const before = points;
    if (name === 'visited') points += 40;
    if (before < 29.5 && points >= 29.5) rises += 1;
  }
  return rises;
};

it('what a lead does lets it in once for each time that its points rise past the line, and once for what it did', async () => {
  const counts = { again: 0, makers: 0 };
  await fc.assert(
    fc.asyncProperty(scenario, async (run) => {
      const { queued, times, lead } = await play(run);
      const [keens, makers] = ['keen ', 'maker '].map((it) => queued.filter((one) => one.startsWith(it)));
      expect(makers).toEqual(times.some((it) => it.name === 'report.made') ? ['maker became:1'] : []);
      expect(keens?.length).toBe(lead?.entries?.keen?.edge ?? 0);
      expect(Object.values(lead?.entries ?? {}).some((it) => it.pending)).toBe(false);
      const rises = risesOf(times);
      if (rises === undefined) return;
      if (run.isCalm) expect(keens?.length).toBe(rises);
      else expect(keens?.length ?? 0).toBeLessThanOrEqual(rises);
      if (rises > 1) counts.again += 1;
      counts.makers += makers?.length ?? 0;
    }),
    { numRuns: runs },
  );
  expect(counts.again).toBeGreaterThan(runs / 20);
  expect(counts.makers).toBeGreaterThan(runs / 20);
}, 600_000);
