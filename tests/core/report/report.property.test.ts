import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveConfig } from '#core/config';
import { attributionModels, partsOf } from '#core/report/attribution';
import { addCells, type Cells, windowCells } from '#core/report/cells';
import { funnelSteps } from '#core/report/facts';
import { factsOf } from '#core/report/facts-of';
import { reportOf } from '#core/report/report';
import { weekCells } from '#core/report/week-cells';
import { madeUpLead } from '#tests/helpers/made-up-leads';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const numRuns = Number(process.env.BATON_REPORT_RUNS ?? 5);
const now = '2026-06-01T08:00:00.000Z';
const live: LiveConfig = liveConfig;
const window = { since: '2026-02-01', until: '2026-05-20' };

const cellsOf = ({ history, tasks }: ReturnType<typeof madeUpLead>): Cells => {
  const facts = factsOf({ history, tasks, live, now });
  const cells: Record<string, number> = {};
  if (facts) for (const it of [windowCells(facts, window), weekCells(facts, now)]) addCells(cells, it);
  return cells;
};
const merged = (parts: readonly Cells[]): Cells => {
  const all: Record<string, number> = {};
  for (const it of parts) addCells(all, it);
  return all;
};
const people = (seed: string) =>
  Array.from({ length: 60 }, (_, at) => madeUpLead(at, { seed, from: '2026-01-05T00:00:00.000Z', weeks: 21, now }));
const aReport = (cells: Cells) => reportOf({ cells, ...window, asOf: now, weeksAhead: 4 });

describe('the figures of a report', () => {
  it('do not depend on the order of leads, of their rows, or on who adds up what', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (seed, order) => {
        const shuffled = <T>(of: readonly T[]) =>
          of
            .map((it) => ({ it, by: order.next().value }))
            .sort((one, other) => one.by - other.by)
            .map(({ it }) => it);
        const leads = people(seed);
        const straight = merged(leads.map(cellsOf));
        const mixed = leads.map(({ history, tasks }) => ({
          tasks: shuffled(tasks),
          history: {
            ...history,
            events: shuffled(history.events),
            sends: shuffled(history.sends),
            enrolments: shuffled(history.enrolments),
            moves: shuffled(history.moves),
          },
        }));
        const parts = shuffled(mixed.map(cellsOf));
        const cut = Math.floor(parts.length / 3);
        const byParts = merged([merged(parts.slice(0, cut)), merged(parts.slice(cut))]);
        expect(byParts).toEqual(straight);
        expect(aReport(byParts)).toEqual(aReport(straight));
      }),
      { numRuns },
    );
  });

  it('have a funnel that only narrows, and steps that were not skipped in time', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 4 }), (seed) => {
        const report = aReport(merged(people(seed).map(cellsOf)));
        for (const { steps, spans } of [report.funnel, ...Object.values(report.by).flat()]) {
          const counts = steps.map((it) => it.count);
          expect(counts).toEqual(counts.toSorted((one, other) => other - one));
          expect(steps.every((it) => it.seen <= it.count)).toBe(true);
          expect(spans.every((it) => it.quarter >= 0 && it.quarter <= it.half && it.half <= it.threeQuarters)).toBe(true);
          for (const { step, count } of steps) {
            const into = spans.find((it) => it.to === step && it.from !== 'start' && !(it.from === 'sal' && step === 'won'));
            if (into) expect(into.of).toBe(count);
          }
        }
        expect(report.funnel.steps.map((it) => it.step)).toEqual([...funnelSteps]);
      }),
      { numRuns },
    );
  });

  it('put every cent down to something, whichever way it is looked at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 14 }), fc.integer({ min: 1, max: 200 }), (cents, touches) => {
        for (const model of attributionModels) {
          const parts = partsOf(model, cents, touches);
          expect(parts).toHaveLength(touches);
          expect(parts.reduce((sum, it) => sum + BigInt(it), 0n)).toBe(BigInt(cents));
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: numRuns * 10 },
    );
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 4 }), (seed) => {
        for (const { total, ...by } of aReport(merged(people(seed).map(cellsOf))).money)
          for (const name of ['sequence', 'email', 'source'] as const)
            for (const model of attributionModels) expect(by[name].reduce((sum, it) => sum + it[model], 0)).toBe(total);
      }),
      { numRuns },
    );
  });

  it('give 40 % to the first touch, 40 % to the last and 20 % to those between', () => {
    expect(partsOf('position', 10_000, 1)).toEqual([10_000]);
    expect(partsOf('position', 10_001, 2)).toEqual([5001, 5000]);
    expect(partsOf('position', 10_000, 4)).toEqual([4000, 1000, 1000, 4000]);
    expect(partsOf('linear', 100, 3)).toEqual([34, 33, 33]);
    expect(partsOf('first', 100, 0)).toEqual([]);
  });
});
