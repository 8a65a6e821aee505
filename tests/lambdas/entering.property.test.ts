import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Condition } from '#core/condition';
import { factsRead } from '#core/entry-facts';
import { dayTrigger } from '#core/entry-marks';
import { evaluate } from '#core/evaluate-condition';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { WakeMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { Artifact, Enter } from '#core/sequences/model';
import { wake } from '#lambdas/events/wake';
import { tellOfChanges } from '#lambdas/tell-of-changes';
import { enterByDay } from '#lambdas/ticks/enter-by-day';
import { createEnteringRun, leadId } from '#tests/helpers/entering-run';
import { versionOf, waitOf } from '#tests/helpers/legs';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const runs = Number(process.env.BATON_ENTERING_RUNS ?? 150);

const isPro: Condition = {
  kind: 'all',
  of: [
    { kind: 'field', field: 'plan', test: { is: 'pro' } },
    { kind: 'field', field: 'seats', test: { atLeast: 5 } },
  ],
};
const named = (id: string, enter: Enter): Artifact => versionOf([waitOf('settle', 1)], { id, enter }).artifact;
const segment = named('segment', { on: { when: isPro, reads: factsRead(isPro) }, again: 'always' });
const byDay = named('by-day', { on: { date: { field: 'renewal', plusDays: -2, atMinute: 0, yearly: false } }, again: 'always' });

type Write = { readonly after: number; readonly field: 'plan' | 'seats' | 'renewal' | 'note'; readonly value: string | number };

/** What is told of by whoever writes: an import that is sent again until it was taken. */
const aWrite: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ after: fc.nat(20), field: fc.constant('plan' as const), value: fc.constantFrom('pro', 'free') }),
  fc.record({ after: fc.nat(20), field: fc.constant('seats' as const), value: fc.constantFrom(2, 7, 9) }),
  fc.record({
    after: fc.nat(400_000),
    field: fc.constant('renewal' as const),
    value: fc.constantFrom('2026-03-05', '2026-03-09', '2026-03-12'),
  }),
  fc.record({ after: fc.nat(20), field: fc.constant('note' as const), value: fc.constantFrom('a', 'b', 'c') }),
);

const scenario = fc.record({
  seed: fc.integer(),
  /** Everything that a change sets off is over before the next one. */
  isCalm: fc.boolean(),
  writes: fc.array(aWrite, { minLength: 1, maxLength: 10 }),
  crashes: fc.nat(8),
});

type Run = { readonly seed: number; readonly isCalm: boolean; readonly writes: readonly Write[]; readonly crashes: number };

const play = async ({ seed, isCalm, writes, crashes }: Run) => {
  const edges: boolean[] = [false];
  const renewals: Renewal[] = [];
  const take = async (ports: Ports, body: unknown) => wake(ports)(WakeMessage.parse(body));
  const run = createEnteringRun({
    ...{ seed, crashes, rate: 0.06, artifacts: [segment, byDay], live: liveConfig, take },
    onCall: async (bare, port, method, _args, result) => {
      if (port !== 'leads' || method !== 'upsert' || result === 'unchanged') return;
      const lead = await bare.leads.find(leadId);
      edges.push(truthOf(lead));
      renewals.push({ from: run.now(), day: lead?.fields.renewal });
    },
  });
  const { bare, ports, act, settle, now, setTo } = run;
  const truthOf = (lead: Lead | undefined) => lead !== undefined && evaluate(isPro, { lead, seen: {}, fit: 0, engagement: 0, now: now() });
  const write = async ({ field, value }: Write): Promise<void> => {
    try {
      const lead = { leadId, email: 'kim@example.com', fields: { [field]: value }, consents: {} };
      const result = await ports.leads.upsert(lead, now());
      await tellOfChanges(ports, leadId, [...(result === 'updated' ? [] : ['created']), `field:${field}`]);
    } catch (error) {
      if ((error as Error).name !== 'Crash') throw error;
      await write({ after: 0, field, value });
    }
  };
  const tick = async () => {
    act(() => enterByDay(bare)());
    await settle();
  };

  for (const one of writes) {
    // Days come in between: a look every few hours.
    const at = addSeconds(now(), one.after);
    while (isCalm && addSeconds(now(), 6 * 3600) < at) {
      setTo(addSeconds(now(), 6 * 3600));
      await tick();
    }
    setTo(at);
    act(() => write(one));
    if (isCalm) await settle();
  }
  await settle();
  const lead = await bare.leads.find(leadId);
  for (let look = 0; look < 80; look++) {
    setTo(addSeconds(now(), 6 * 3600));
    await tick();
  }
  run.throwFailures();
  return { queued: run.queued, edges, renewals, end: now(), lead, last: await bare.leads.find(leadId), truth: truthOf(lead) };
};

type Renewal = { readonly from: Instant; readonly day: unknown };

/** For how many seconds the field said this day while the lead could enter by it: from two days before it (UTC, as Dublin in March) to a day after it. */
const secondsOpen = (renewals: readonly Renewal[], day: string, end: Instant): number =>
  renewals.reduce((sum, it, at) => {
    if (it.day !== day) return sum;
    const from = Math.max(Date.parse(it.from), Date.parse(`${day}T00:00:00Z`) - 2 * 86_400_000);
    const to = Math.min(Date.parse(renewals[at + 1]?.from ?? end), Date.parse(`${day}T00:00:00Z`) + 2 * 86_400_000);
    return Math.max(sum, (to - from) / 1000);
  }, Number.NEGATIVE_INFINITY);

const risesIn = (edges: readonly boolean[]): number => edges.filter((it, at) => it && !edges[at - 1]).length;

it('each time the condition begins to hold is one entry, and each day is one, whatever crashes, comes twice or at once', async () => {
  let entries = 0;
  let byDays = 0;
  let certain = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async (run) => {
      const { queued, edges, renewals, end, lead, last, truth } = await play(run);
      const mark = lead?.entries?.segment;
      expect(mark?.holds ?? false).toBe(truth);
      expect(mark?.pending).toBeUndefined();
      const became = [...new Set(queued.filter((it) => it.startsWith('segment ')))].sort();
      const rises = risesIn(edges);
      expect(became.length, 'no trigger is lost, and none is made up').toBe(mark?.edge ?? 0);
      expect(became.length).toBeLessThanOrEqual(rises);
      if (truth) expect(became.length).toBeGreaterThanOrEqual(1);
      if (run.isCalm) expect(became.length, 'nothing comes and goes unseen').toBe(rises);
      entries += became.length;
      const days = [...new Set(queued.filter((it) => it.startsWith('by-day ')))];
      byDays += days.length;
      expect(last?.entries?.['by-day']?.due, 'nothing is planned any more').toBeUndefined();
      for (const day of run.isCalm ? ['2026-03-05', '2026-03-09', '2026-03-12'] : []) {
        const open = secondsOpen(renewals, day, end);
        // A look comes at least every six hours.
        if (open > 7 * 3600) expect(days).toContain(`by-day ${dayTrigger(day)}`);
        if (open < 0) expect(days).not.toContain(`by-day ${dayTrigger(day)}`);
        if (open > 7 * 3600) certain += 1;
      }
    }),
    { numRuns: runs },
  );
  expect(entries).toBeGreaterThan(runs / 10);
  expect(byDays).toBeGreaterThan(runs / 20);
  expect(certain).toBeGreaterThan(runs / 20);
}, 600_000);
