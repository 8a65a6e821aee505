import { describe, expect, it } from 'vitest';
import type { EventRow } from '#core/events';
import { judgeExperiment } from '#core/experiments/judge';
import type { ArmCount, ExperimentState, Running } from '#core/experiments/rows';
import { addTrials, figuresFrom, trialsOf } from '#core/experiments/trials';
import { viewOf } from '#core/experiments/view';
import { addSeconds } from '#core/instant';
import type { WinnerRule } from '#core/sequences/model';
import { anEnrolment, anEventRow, aSendRecord, now } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const day = 86_400;
const inDays = (days: number) => addSeconds(now, days * day);
const rule: WinnerRule = {
  by: 'goal',
  leadsPerArm: 100,
  notBeforeSeconds: 14 * day,
  withinSeconds: 14 * day,
  confidence: 95,
  mode: 'automatic',
};
const arms = [
  { name: 'story', share: 45, holdout: false },
  { name: 'numbers', share: 45, holdout: false },
  { name: 'nothing', share: 10, holdout: true },
];
const running = (more: Partial<Running> = {}): Running => ({
  sequence: 'nurture',
  split: 'proof',
  design: 'd1',
  rule,
  under: {},
  mails: [],
  events: ['subscription.started'],
  arms,
  ...more,
});
const run = anEnrolment({ arms: { proof: 'story' }, trials: { proof: { design: 'd1' } } });

describe('what one lead adds', () => {
  const counted = (
    events: readonly EventRow[],
    { of = running(), runs = [run], asOf = inDays(30), sends = [] as ReturnType<typeof aSendRecord>[] } = {},
  ) =>
    trialsOf({ history: { events, sends, enrolments: runs }, live: liveConfig, running: [of], asOf }).map((it) =>
      it.split('\t').slice(3).join(' '),
    );
  const goal = (days: number, more: Partial<EventRow> = {}) => anEventRow({ name: 'subscription.started', at: inDays(days), ...more });

  it('is one lead, converted if the goal came in time, however often', () => {
    expect(counted([])).toEqual(['trial story leads']);
    expect(counted([goal(14), goal(3, { eventId: 'again' })])).toEqual(['trial story leads', 'trial story conversions']);
    expect(counted([goal(14.01)])).toEqual(['trial story leads']);
    expect(counted([goal(-1)])).toEqual(['trial story leads']);
    expect(counted([goal(3, { done: false })])).toEqual(['trial story leads']);
  });

  it('is open until its time is over, whether it converted or not', () => {
    expect(counted([goal(3)], { asOf: inDays(13.9) })).toEqual(['trial story open']);
    expect(counted([goal(3)], { asOf: inDays(14) })).toHaveLength(2);
  });

  it('counts a run that ended long before its goal came: a holdout has nothing to do in a sequence', () => {
    const ended = { ...run, arms: { proof: 'nothing' }, ending: 'completed' as const, endedAt: now };
    expect(counted([goal(9)], { runs: [ended] })).toEqual(['trial nothing leads', 'trial nothing conversions']);
  });

  it('counts an exit step that says that the goal is reached', () => {
    expect(counted([], { runs: [{ ...run, endedAs: 'goal', endedAt: inDays(2) }] })).toContain('trial story conversions');
    expect(counted([], { runs: [{ ...run, endedAs: 'exit', endedAt: inDays(2) }] })).not.toContain('trial story conversions');
    expect(counted([], { runs: [{ ...run, endedAs: 'goal', endedAt: inDays(20) }] })).not.toContain('trial story conversions');
  });

  it('counts once: the first run of this design, whatever came before or after', () => {
    const former = { ...run, enrolmentId: 'old', enrolledAt: inDays(-90), arms: { proof: 'numbers' }, trials: { proof: { design: 'd0' } } };
    const later = { ...run, enrolmentId: 'later', enrolledAt: inDays(200) };
    expect(counted([goal(3)], { runs: [later, run, former], asOf: inDays(300) })).toEqual(['trial story leads', 'trial story conversions']);
    expect(counted([goal(203)], { runs: [later, run], asOf: inDays(300) })).toEqual(['trial story leads']);
    expect(counted([goal(3)], { runs: [former, anEnrolment()] })).toEqual([]);
  });

  it('counts apart who entered after a winner was published', () => {
    const runs = [{ ...run, trials: { proof: { design: 'd1', winner: 'story' } } }];
    expect(counted([], { runs })).toEqual(['after story leads']);
  });

  it('counts for an inner split only those whom the outer one leads there', () => {
    const of = running({ under: { call: 'now' } });
    expect(counted([], { of })).toEqual([]);
    expect(counted([], { of, runs: [{ ...run, arms: { proof: 'story', call: 'now' } }] })).toEqual(['trial story leads']);
  });

  it('by click counts people who click in the mails that count, of this run', () => {
    const of = running({ rule: { ...rule, by: 'click' }, mails: ['case-story'], events: [] });
    const sends = [aSendRecord({ step: 'case-story', state: 'SENT', sentAt: now, messageId: 'm' })];
    const click = (more: Partial<EventRow> = {}) =>
      anEventRow({ name: 'clicked', at: inDays(1), enrolmentId: run.enrolmentId, step: 'case-story', round: 1, agent: 'browser', ...more });
    expect(counted([click()], { of, sends })).toContain('trial story conversions');
    expect(counted([click({ automated: true })], { of, sends }), 'a machine').toEqual(['trial story leads']);
    expect(counted([click({ at: addSeconds(now, 1), agent: 'scanner' })], { of, sends }), 'a scanner').toEqual(['trial story leads']);
    expect(counted([click({ step: 'welcome' })], { of, sends }), 'another mail').toEqual(['trial story leads']);
    expect(counted([click({ enrolmentId: 'other' })], { of, sends }), 'another run').toEqual(['trial story leads']);
  });

  it('by reply counts answers to the mails that count, and to an unknown one of this sequence', () => {
    const of = running({ rule: { ...rule, by: 'reply' }, mails: ['case-story'], events: [] });
    const reply = (step?: string, sequence = 'nurture', name = 'replied') =>
      anEventRow({ name, at: inDays(1), reply: { sequence, ...(step !== undefined && { step }) } as never });
    expect(counted([reply('case-story')], { of })).toContain('trial story conversions');
    expect(counted([reply()], { of })).toContain('trial story conversions');
    expect(counted([reply('welcome')], { of })).toEqual(['trial story leads']);
    expect(counted([reply('case-story', 'other')], { of })).toEqual(['trial story leads']);
    expect(counted([reply('case-story', 'nurture', 'auto-replied')], { of }), 'out of office').toEqual(['trial story leads']);
  });

  it('makes figures, of every arm and of an experiment without leads, too', () => {
    const sums: Record<string, number> = {};
    for (const events of [[], [goal(2)], [goal(3)]])
      addTrials(
        sums,
        trialsOf({ history: { events, sends: [], enrolments: [run] }, live: liveConfig, running: [running()], asOf: inDays(30) }),
      );
    const other = running({ split: 'call', design: 'd9' });
    const one = running();
    const figures = figuresFrom([sums, sums], [one, other], inDays(30));
    expect(figures.get(one)?.trial).toEqual({
      story: { leads: 6, conversions: 4, open: 0 },
      numbers: { leads: 0, conversions: 0, open: 0 },
      nothing: { leads: 0, conversions: 0, open: 0 },
    });
    expect(figures.get(other)).toMatchObject({ asOf: inDays(30), trial: { story: { leads: 0 } } });
  });
});

describe('where an experiment stands', () => {
  const count = (leads: number, conversions: number, open = 0): ArmCount => ({ leads, conversions, open });
  const state = (story: ArmCount, numbers: ArmCount, more: Partial<ExperimentState> = {}, nothing = count(110, 8)): ExperimentState => ({
    sequence: 'nurture',
    split: 'proof',
    design: 'd1',
    rule,
    arms,
    verdict: { since: now },
    figures: { asOf: inDays(30), trial: { story, numbers, nothing }, after: {} },
    ...more,
  });
  const clear = () => state(count(500, 100), count(500, 40));

  it('is decided by the leads of the smallest arm that is no holdout, then by the calendar, then by the evidence', () => {
    expect(judgeExperiment(state(count(500, 100), count(99, 1)), inDays(30))).toEqual({ state: 'collecting', fewest: 99 });
    expect(judgeExperiment(clear(), inDays(13))).toEqual({ state: 'too-early', from: inDays(14) });
    expect(judgeExperiment(clear(), inDays(14))).toEqual({ state: 'won', arm: 'story' });
    expect(judgeExperiment(state(count(500, 45), count(500, 40)), inDays(30))).toEqual({ state: 'undecided', ahead: 'story' });
    expect(judgeExperiment(state(count(500, 45), count(500, 45)), inDays(30))).toEqual({ state: 'undecided' });
  });

  it('is not decided by how a holdout does, nor where arms do not get their shares', () => {
    expect(judgeExperiment(state(count(500, 45), count(500, 40), {}, count(110, 90)), inDays(30)).state).toBe('undecided');
    expect(judgeExperiment(state(count(700, 140), count(400, 20)), inDays(30))).toEqual({ state: 'uneven' });
  });

  it('has a rate for each arm and a lift against the holdout, with intervals', () => {
    const view = viewOf(clear(), inDays(30));
    const [story, , nothing] = view.arms;
    expect(story?.rate?.is).toBe(0.2);
    expect(story?.rate?.from).toBeLessThan(0.2);
    expect(story?.lift?.by).toBeCloseTo(0.2 / (8 / 110) - 1);
    expect(story?.lift?.from).toBeLessThan(story?.lift?.by ?? 0);
    expect(nothing?.lift).toBeUndefined();
    expect(viewOf({ ...clear(), rule: { ...rule, by: 'click' } }, inDays(30)).arms[0]?.lift).toBeUndefined();
  });

  it('says in words what is so and what one may do', () => {
    const words = (it: ExperimentState, at = inDays(30)) => viewOf(it, at).words;
    const { figures: _none, ...uncounted } = clear();
    expect(words(uncounted)).toContain('nightly recount');
    expect(words(state(count(50, 1), count(60, 1)))).toBe('Collecting: 50 of 100 leads in the smallest arm.');
    expect(words(clear(), inDays(3))).toContain('it must run for 14 days');
    expect(words(clear())).toContain('story has won');
    expect(words(state(count(500, 45), count(500, 40)))).toContain('story is ahead, but that may be chance');
    expect(words(state(count(700, 140), count(400, 20)))).toContain('do not get their shares');
    expect(words({ ...clear(), verdict: { since: now, advised: { arm: 'story', at: now } } })).toContain(
      'npx baton winner nurture proof story',
    );
    const published = { since: now, published: { arm: 'story', at: now, by: 'rule' as const } };
    expect(words({ ...clear(), verdict: published })).toContain('story is the winner since 2026-03-23, by its figures');
    expect(words({ ...clear(), verdict: { since: now, withdrawnAt: now } })).toContain('withdrawn');
  });

  it('goes on to compare the winner with the holdout, each by its own share', () => {
    const it = clear();
    const verdict = { since: now, published: { arm: 'story', at: now, by: 'rule' as const } };
    const later = { story: count(900, 90), numbers: count(0, 0), nothing: count(100, 10) };
    const view = viewOf({ ...it, verdict, figures: { asOf: now, trial: it.figures?.trial ?? {}, after: later } }, inDays(90));
    expect(view.after?.map(({ arm }) => arm)).toEqual(['story', 'nothing']);
    expect(view.after?.[0]?.lift?.by).toBeCloseTo(0);
    expect(view.after?.[0]?.lift?.from).toBeLessThan(0);
    expect(view.after?.[0]?.lift?.upTo).toBeGreaterThan(0);
  });
});
