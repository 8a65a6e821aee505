import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { type Card, cardChanges, cardsOf } from '#core/console/cards';
import { diagramView } from '#core/console/diagram-view';
import { countsOfVersion, endingsOf, runCellsOf } from '#core/console/run-cells';
import { pathOf } from '#core/console/run-path';
import { diagramOfVersion, sequenceOf, stepsOf } from '#core/console/steps-of';
import { addSeconds } from '#core/instant';
import type { Decision, History } from '#core/ports';
import { diagramOf, edgeKey } from '#core/sequences/diagram';
import { everyStep, windowOf } from '#core/sequences/plan';
import { dayKindOf, workSecondsBetween } from '#core/working-hours';
import { aLead, anEnrolment, aSalesTask, aSendRecord, now } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';

let ours: Awaited<ReturnType<typeof compileMarketing>>['compiled'];
beforeAll(async () => {
  ours = (await compileMarketing(await loadMarketing('marketing'))).compiled;
});
const trial = () => {
  const found = ours.find((it) => it.sequence.id === 'trial-nurture');
  if (!found) throw new Error('there is no trial-nurture');
  return found.compiled.artifact;
};
const history = (more: Partial<History> = {}): History => ({
  ...{ events: [], sends: [], enrolments: [], decisions: [], moves: [], consents: [] },
  ...more,
});
const run = (more: Parameters<typeof anEnrolment>[0] = {}) =>
  anEnrolment({ sequence: 'trial-nurture', version: trial().version, arms: { proof: 'numbers' }, ...more });
const took = (step: string, arm: string): Decision => ({
  ...{ leadId: 'lead-a', enrolmentId: 'enrolment-a', round: 1, attempt: 1, at: now, configHash: 'x' },
  step,
  outcome: `arm:${arm}`,
});
const visited = (given: Parameters<typeof pathOf>[0]) => pathOf(given, trial())?.visits.map((it) => it.to);

describe('what is deployed', () => {
  it('holds every sequence as the marketer wrote it: the same steps, the same diagram', () => {
    for (const { sequence, compiled } of ours) {
      expect(diagramOfVersion(compiled.artifact)).toEqual(diagramOf(sequence));
      expect(everyStep(stepsOf(compiled.artifact) ?? []).map((it) => it.id)).toEqual(everyStep(sequence.steps).map((it) => it.id));
    }
  });

  it('says of each e-mail when it may go, as the sequence’s own file does', () => {
    for (const { sequence, compiled } of ours) {
      const again = sequenceOf(compiled.artifact);
      const windows = (of: typeof sequence) =>
        everyStep(of.steps).flatMap((it) => (it.kind === 'email' ? [[it.id, windowOf(it, of)]] : []));
      expect(again && windows(again)).toEqual(windows(sequence));
    }
  });

  it('is laid out with every node and edge in its place', () => {
    const view = diagramView(trial(), undefined, () => undefined);
    for (const { x, y, width, height } of view.nodes) {
      expect(x - width / 2).toBeGreaterThanOrEqual(-1);
      expect(x + width / 2).toBeLessThanOrEqual(view.width + 1);
      expect(y + height / 2).toBeLessThanOrEqual(view.height + 1);
    }
    expect(view.edges.every((it) => it.points.length >= 2)).toBe(true);
  });
});

describe('the way of a run', () => {
  it('goes on to where it is parked, by what it saw', () => {
    const sends = [aSendRecord({ step: 'welcome' })];
    expect(visited({ run: run({ step: 'settle' }), sends, decisions: [] })).toEqual(['welcome', 'settle']);
    expect(visited({ run: run({ step: 'first-project' }), sends, decisions: [] })).toEqual(['welcome', 'settle', 'first-project']);
    expect(visited({ run: run({ step: 'breathe' }), sends: [...sends, aSendRecord({ step: 'ten-minutes' })], decisions: [] })).toEqual([
      ...['welcome', 'settle', 'first-project', 'ten-minutes', 'breathe'],
    ]);
  });

  it('takes the arm of its row and of its decisions, and ends where it was through', () => {
    const ended = run({ ending: 'completed', endedAt: now, seen: { 'did:project.created': now } });
    const path = pathOf({ run: ended, sends: [], decisions: [took('size', 'rest')] }, trial());
    expect(path?.at).toBeUndefined();
    expect(path?.visits.map((it) => it.to)).toEqual(expect.arrayContaining(['bring-the-trades', 'retention-money', 'five-words', '(end)']));
    expect(path?.visits.map((it) => it.to)).not.toContain('many-sites');
  });

  it('of a run that was stopped ends at the last thing on record', () => {
    const stopped = run({ ending: 'stopped', endedAt: now, stop: { reason: 'qualified', at: now } });
    expect(visited({ run: stopped, sends: [aSendRecord({ step: 'welcome' })], decisions: [] })).toEqual(['welcome']);
    expect(visited({ run: stopped, sends: [], decisions: [] })).toEqual([]);
  });

  it('is counted on edges that the diagram has, and each once', () => {
    const enrolments = [run({ step: 'settle' }), run({ enrolmentId: 'b', ending: 'completed', endedAt: now })];
    const cells = runCellsOf(
      history({ enrolments, decisions: [{ ...took('size', 'rest'), enrolmentId: 'b' }] }),
      () => trial(),
      addSeconds(now, 60),
    );
    const counts = countsOfVersion(cells['trial-nurture'] ?? {}, trial().version, 28);
    expect(counts).toMatchObject({ entered: 2, here: { settle: 1 } });
    const known = new Set(diagramOfVersion(trial())?.edges.map(edgeKey));
    for (const way of Object.keys(counts.ways)) expect(known.has(way)).toBe(true);
    expect(counts.ways['(start) welcome ']).toBe(2);
    expect(endingsOf(cells['trial-nurture'] ?? {}, trial().version, 28)).toEqual([['completed', 1]]);
    expect(runCellsOf(history({ enrolments }), () => trial(), addSeconds(now, 40 * 86_400))['trial-nurture']).not.toHaveProperty([
      `entered\t28\t${trial().version}`,
    ]);
  });
});

describe('places in lists', () => {
  const given = { live: liveConfig, now };
  it('are one for the stage, one for the owner, one for each run', () => {
    const cards = cardsOf({
      ...given,
      history: history({ lead: aLead(), enrolments: [run({ step: 'settle' })] }),
      tasks: [aSalesTask({ rep: 'ben' })],
    });
    expect(cards.map((it) => it.list)).toEqual([{ stage: 'lead' }, { owner: 'ben' }, { sequence: 'trial-nurture', step: 'settle' }]);
    expect(cardsOf({ ...given, history: history(), tasks: [] })).toEqual([]);
  });

  it('are written where they differ, and nowhere else', () => {
    const card: Card = { leadId: 'lead-a', name: 'stage', list: { stage: 'lead' }, fit: 1, engagement: 2, runs: [] };
    expect(cardChanges([card], [{ ...card }])).toEqual({ put: [], remove: [] });
    expect(cardChanges([card], [{ ...card, engagement: 3 }]).put).toHaveLength(1);
    expect(cardChanges([card], [])).toEqual({ put: [], remove: ['stage'] });
  });
});

describe('a rep’s clock', () => {
  const ben = { timeZone: 'Europe/Berlin', away: [{ from: '2026-03-25', upTo: '2026-03-25' }] };
  it('runs in working time only', () => {
    expect(workSecondsBetween(ben, {}, '2026-03-23T13:00:00.000Z', '2026-03-23T14:00:00.000Z')).toBe(3600);
    // From Friday, an hour before closing, to Monday, an hour after opening.
    const [friday, monday] = ['2026-03-20T15:00:00.000Z', '2026-03-23T09:00:00.000Z'];
    const whole = workSecondsBetween(ben, {}, friday, monday);
    expect(whole).toBeGreaterThan(0);
    expect(whole).toBeLessThan(4 * 3600);
    expect(workSecondsBetween(ben, {}, monday, friday)).toBe(-whole);
  });

  it('knows days off', () => {
    const team = { holidays: { days: { DE: ['2026-04-03'] } } };
    const of = (date: string) => dayKindOf({ ...ben, holidays: 'DE' }, team, date);
    expect(['2026-03-24', '2026-03-25', '2026-03-28', '2026-04-03'].map(of)).toEqual(['works', 'away', 'free', 'holiday']);
  });
});
