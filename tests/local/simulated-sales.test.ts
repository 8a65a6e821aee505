import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SalesBehaviour } from '#core/behaviour/sales-model';
import { usualSales } from '#core/behaviour/sales-model';
import type { Sales } from '#core/config';
import { runBlock } from '#local/simulate/block';
import { compareStories } from '#local/simulate/compare';
import type { Handoffs } from '#local/simulate/handoffs';
import { handoffSentences, repRows } from '#local/simulate/handoffs-words';
import { simulationHtml } from '#local/simulate/html';
import { partOf } from '#local/simulate/part';
import { blocksOf, type Plan, type Version } from '#local/simulate/plan';
import { simulationReport } from '#local/simulate/report';
import { simulate } from '#local/simulate/simulate';
import { addAll, type Tally } from '#local/simulate/tally';
import { aPlan, shippedVersion } from '#tests/helpers/simulation';

/** BATON_SIMULATE_RUNS=20 for a long run. */
const numRuns = Number(process.env.BATON_SIMULATE_RUNS ?? 2);

let shipped: Version;
beforeAll(async () => {
  shipped = await shippedVersion();
});

/** Many come to sales, and soon. */
const eager = (more: Partial<Plan> = {}, sales: Partial<SalesBehaviour> = {}): Plan => {
  const plan = aPlan({ days: 14, overDays: 0, ...more });
  const personas = plan.behaviour.personas.map((it) => ({
    ...it,
    ...{ opens: 0.95, clicks: 0.95, unsubscribes: 0 },
    visits: [{ path: '/pricing', chance: 1, times: 3 }],
  }));
  const bounces = { dead: 0, full: 0, whileFull: 0 };
  return { ...plan, behaviour: { ...plan.behaviour, personas, bounces, sales: { ...usualSales, ...sales } } };
};
const withSales = (sales: Partial<Sales>): Version => ({
  ...shipped,
  live: { ...shipped.live, sales: { ...shipped.live.sales, ...sales } },
});

const handoffsIn = async (plan: Plan, version: Version): Promise<Handoffs> => {
  const tally: Tally = new Map();
  for (let index = 0; index < blocksOf(plan); index++) {
    const from = index * plan.blockSize;
    addAll(tally, (await runBlock(plan, version, { index, from, size: Math.min(plan.blockSize, plan.leads - from) })).tally);
  }
  return simulationReport(plan, version, { leads: plan.leads, tallies: [tally], pauses: [[]] }).handoffs;
};

const sum = (values: Iterable<number>): number => [...values].reduce((all, it) => all + it, 0);

const expectToAddUp = (it: Handoffs): void => {
  expect(sum(it.perDay.map((day) => day.together))).toBe(it.tasks);
  for (const day of it.perDay) {
    expect(sum(Object.values(day.byRep))).toBe(day.together);
    expect(Math.min(day.held, day.open)).toBeGreaterThanOrEqual(0);
  }
  expect(it.answered + it.unanswered + it.takenBack).toBe(it.tasks);
  expect(it.answers.accept + it.answers.reject + it.answers.recycle).toBe(it.answered);
  expect(it.answers.won + it.answers.lost).toBeLessThanOrEqual(it.answers.accept);
  for (const answer of ['reject', 'recycle', 'lost'] as const) expect(sum(Object.values(it.reasons[answer]))).toBe(it.answers[answer]);
  expect(it.perDay.at(-1)?.open).toBe(it.unanswered);
  expect(it.perDay.at(-1)?.held).toBe(it.heldAtEnd);
  expect(sum(it.reps.map((rep) => rep.tasks))).toBe(it.tasks);
  expect(sum(it.reps.map((rep) => rep.openAtEnd))).toBe(it.unanswered);
  for (const rep of it.reps) {
    expect(rep.lateTasks).toBeLessThanOrEqual(rep.tasks + rep.takenOver);
    expect(rep.lateTasks).toBeGreaterThanOrEqual(Math.max(...Object.values(rep.late)));
  }
  expect(it.heldAtEnd + it.fellAway).toBeLessThanOrEqual(it.held);
};

describe('sales in a simulation', () => {
  it('answers, is late, loses and wins on the real path, and the figures add up', async () => {
    const found = await handoffsIn(eager({ leads: 24, days: 35 }), shipped);
    expectToAddUp(found);
    expect(found.tasks).toBeGreaterThan(10);
    for (const count of [found.answers.accept, found.answers.reject, found.lateTasks, found.late.reminded])
      expect(count).toBeGreaterThan(0);
    expect(sum(Object.values(found.worth)) > 0).toBe(found.answers.won > 0);
    const words = handoffSentences(found).join('\n');
    expect(words).toContain(`${found.tasks} tasks for sales`);
    expect(words).toContain(`${found.answers.accept} accepted, ${found.answers.reject} rejected (`);
    expect(repRows(found).rows.map((it) => it.length)).toEqual(found.reps.map(() => repRows(found).head.length));
  }, 120_000);

  it('says what the model says, to whoever hears of tasks by Slack alone', async () => {
    const model = {
      answers: 1,
      within: { seconds: 300, of: 'work' as const },
      accept: 0,
      recycle: { ...usualSales.recycle, share: 0 },
      reject: { share: 1, reasons: { student: 1 } },
    };
    const found = await handoffsIn(eager({ leads: 16 }, model), withSales({ notify: [{ by: 'slack', channel: 'sales' }] }));
    expectToAddUp(found);
    expect(found.tasks).toBeGreaterThan(3);
    expect(found.reasons.reject).toEqual({ student: found.answers.reject });
    expect([found.answers.accept, found.lateTasks]).toEqual([0, 0]);
  }, 120_000);

  it('that never answers is reminded, then others have the task, then the manager, each once', async () => {
    const found = await handoffsIn(eager({ leads: 16 }, { answers: 0, afterReminder: 0 }), shipped);
    expectToAddUp(found);
    expect([found.answered, found.unanswered]).toEqual([0, found.tasks - found.takenBack]);
    expect(found.late.reminded).toBeGreaterThan(3);
    expect(found.late.escalated).toBeGreaterThan(0);
    expect(found.late.reminded).toBe(found.lateTasks);
    expect(found.reps.find((it) => it.rep === 'owen')?.takenOver).toBeGreaterThan(0);
  }, 120_000);

  it('holds back what it has no room for, and blocks together give no more on a day than sales.yaml says', async () => {
    const version = withSales({ atMostPerDay: 2 });
    const found = await handoffsIn(eager({ leads: 24, blockSize: 7, days: 14 }), version);
    expectToAddUp(found);
    expect(found.held).toBeGreaterThan(0);
    expect(Math.max(...found.perDay.map((it) => it.together))).toBeLessThanOrEqual(2);
    expect(found.tasks).toBeGreaterThan(5);
  }, 120_000);

  it('gives a lead the same answers whichever rep it comes to', async () => {
    const { onBreach: _breach, acceptWithinSeconds: _within, atMostPerDay: _most, ...sales } = shipped.live.sales;
    const team = sales.team.map(({ atMostOpen: _open, ...rep }) => ({ ...rep, countries: [] }));
    const versionOf = (weight: number): Version => ({
      ...shipped,
      live: { ...shipped.live, sales: { ...sales, team: team.map((it) => (it.rep === 'ruth' ? { ...it, weight } : it)) } },
    });
    // Answered at once wherever the rep works, so that nothing else of a lead's life can differ.
    const plan = eager({ leads: 20, days: 14 }, { within: { seconds: 60, of: 'calendar' } });
    const run = (weight: number) => runBlock(plan, versionOf(weight), { index: 0, from: 0, size: plan.leads }, { wantsStories: true });
    const [one, other] = [await run(1), await run(40)];
    const tasksOf = (tally: Tally) => [...tally].filter(([name]) => name.startsWith('task\t')).sort();
    expect(tasksOf(other.tally)).not.toEqual(tasksOf(one.tally));
    expect(one.stories.flatMap((it) => it.answers).length).toBeGreaterThan(5);
    expect(compareStories(one.stories, other.stories).tally.get('different')).toBeUndefined();
  }, 120_000);

  it('is the same to the byte whatever the number of workers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.integer({ min: 3, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        async (seed, blockSize, atMostPerDay) => {
          const version = withSales({ atMostPerDay });
          const plan = eager({ seed, leads: 12, blockSize, days: 8 });
          const bytes = async (workers: number) => {
            const report = simulationReport(plan, version, await simulate(plan, [version], { workers }), {
              desk: { tasksPerDay: { ruth: 1 } },
            });
            expectToAddUp(report.handoffs);
            return JSON.stringify(report) + simulationHtml(report, version.diagrams);
          };
          expect(await bytes(3)).toBe(await bytes(1));
        },
      ),
      { numRuns },
    );
  }, 600_000);
});

describe('what blocks share of a day’s tasks', () => {
  it('is the day’s ceiling together, by whatever blocks, and no block’s desk is without a place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 90 }),
        fc.nat(200),
        fc.nat(400),
        (leads, blockSize, most, day) => {
          const parts = Array.from({ length: Math.ceil(leads / blockSize) }, (_, index) => {
            const from = index * blockSize;
            return partOf({ leads }, shipped, { index, from, size: Math.min(blockSize, leads - from) });
          });
          expect(sum(parts.map((it) => it.shareOf(`day ${day}`, most, 'tasks')))).toBe(most);
          expect(sum(parts.map((it) => it.part))).toBeCloseTo(1, 6);
        },
      ),
    );
  });
});
