import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { usualBehaviour } from '#core/behaviour/model';
import { diagramOf } from '#core/sequences/diagram';
import { runBlock } from '#local/simulate/block';
import { type SimulationReport, simulationReport } from '#local/simulate/report';
import { aPlan } from '#tests/helpers/simulation';
import { goldenFolder, readGolden, readStored } from './golden.ts';

const { ids, live } = await readGolden();

/** Rehearsed together over a few people who begin most of them: what leads are on must also be what can be simulated. */
describe('what format 1 said, simulated by today’s code', () => {
  let report: SimulationReport;
  let statuses: readonly string[] = [];
  beforeAll(async () => {
    const { sequences } = await loadMarketing(`${goldenFolder}/marketing`);
    const version = { live, compiled: ids.map(readStored), diagrams: sequences.map((it) => diagramOf(it.sequence)) };
    const entries = version.compiled.flatMap(({ artifact: { enter } }) => ('event' in enter.on ? [enter.on.event] : []));
    const plan = aPlan({
      ...{ leads: 12, days: 50, overDays: 0, list: 'golden-list', behaviour: usualBehaviour(entries) },
      population: {
        count: 12,
        fields: { employees: { from: 10, to: 300 }, 'renewal-date': { '2026-04-10': 1 }, locale: { en: 1, de: 1 } },
      },
    });
    const { tally } = await runBlock(
      plan,
      version,
      { index: 0, from: 0, size: plan.leads },
      {
        onEnd: ({ runner }) => {
          statuses = [...new Set(runner.list().map((it) => it.status))];
        },
      },
    );
    report = simulationReport(plan, version, { leads: plan.leads, tallies: [tally], pauses: [[]] });
  }, 120_000);

  it('leaves no message and no machine behind', () => {
    expect(report.deadLetters).toBe(0);
    expect(statuses.filter((it) => it !== 'RUNNING' && it !== 'SUCCEEDED')).toEqual([]);
    expect(report.handoffs.answered + report.handoffs.unanswered + report.handoffs.takenBack).toBe(report.handoffs.tasks);
  });

  it.each(ids)('%s: is entered, sends, and no run of it fails', (id) => {
    const found = report.sequences.find((it) => it.sequence === id);
    expect(found?.enrolments).toBeGreaterThan(0);
    expect(found?.endings).not.toHaveProperty('failed');
    expect(found?.steps.reduce((sum, it) => sum + (it.sent ?? 0), 0)).toBeGreaterThan(0);
  });
});
