import { describe, expect, it } from 'vitest';
import { type ExplainParts, explanationOf } from '#core/explain/explanation';
import { inWords } from '#core/explain/text';
import { addSeconds } from '#core/instant';
import type { Decision, History } from '#core/ports';
import { reasons } from '#core/reasons';
import { aSendRecord, aStageMove } from '#tests/helpers/builders';
import { aLead, anArtifact, anEnrolment, anEvent, day, live, now } from './examples.ts';

const leadId = aLead().leadId;
const at = (days: number, hours = 0) => addSeconds(now, days * day + hours * 3600);
const decision = (more: Partial<Decision>): Decision => ({
  leadId,
  enrolmentId: anEnrolment().enrolmentId,
  step: 'proof',
  round: 1,
  attempt: 1,
  at: now,
  outcome: 'skipped',
  configHash: 'h',
  ...more,
});
const history = (more: Partial<History> = {}): History => ({
  events: [],
  sends: [],
  enrolments: [],
  decisions: [],
  moves: [],
  consents: [],
  ...more,
});
const explain = (more: Partial<History> = {}, parts: Partial<ExplainParts> = {}) => {
  const lead = parts.lead ?? aLead({ createdAt: at(-10) });
  return explanationOf({
    lead,
    history: history({ lead, ...more }),
    suppressions: [],
    tasks: [],
    live,
    line: { paused: {} },
    artifactOf: () => anArtifact(),
    now,
    ...parts,
  });
};
const sent = (step: string, days: number, more: object = {}) =>
  aSendRecord({
    leadId,
    enrolmentId: anEnrolment().enrolmentId,
    sequence: 'trial-nurture',
    step,
    state: 'SENT',
    sentAt: at(days),
    ...more,
  });
const run = (more: object = {}) => anEnrolment({ enrolledAt: at(-6), ...more });

describe('the story of a lead', () => {
  it('tells in order what happened, who did it, and why it came so', () => {
    const { happened } = explain({
      enrolments: [run({ stop: { reason: 'qualified', at: at(-1) } })],
      sends: [sent('welcome', -6, { deliveredAt: at(-6) })],
      events: [
        anEvent({
          eventId: 'm',
          name: 'clicked',
          step: 'welcome',
          agent: 'scanner',
          at: addSeconds(at(-6), 1),
          enrolmentId: anEnrolment().enrolmentId,
          round: 1,
        }),
        anEvent({ eventId: 'v', name: 'visited', path: '/pricing', at: at(-2) }),
      ],
      moves: [aStageMove({ at: at(-1), from: 'lead', to: 'mql', because: 'qualified, and the score held' })],
    });
    expect(happened.map((it) => [it.what, it.why, it.code])).toEqual([
      ['became known', undefined, undefined],
      [expect.stringContaining('entered trial-nurture'), expect.any(String), undefined],
      ['got “welcome”, which arrived', undefined, undefined],
      ['a machine followed a link in “welcome”', 'the program says that it guards mail; it came within seconds of the delivery', undefined],
      ['looked at /pricing', undefined, undefined],
      ['went from lead to mql, by sales', 'qualified, and the score held', undefined],
      ['trial-nurture was stopped', reasons.qualified, 'qualified'],
    ]);
  });

  it('says whose step it is where two sequences of the lead have one of that name', () => {
    const other = { enrolmentId: 'e2', sequence: 'hello' };
    const { happened } = explain({
      enrolments: [run(), run(other)],
      sends: [sent('welcome', -6), sent('welcome', -5, other), sent('proof', -4)],
      decisions: [decision({ step: 'welcome', outcome: 'deferred', reason: 'too-close', at: at(-6), enrolmentId: 'e2' })],
    });
    expect(happened.filter((it) => it.step !== undefined).map((it) => it.what)).toEqual([
      '“welcome” of hello was put off',
      'got “welcome” of trial-nurture',
      'got “welcome” of hello',
      'got “proof”',
    ]);
  });

  it('says why the lead has its arm: by chance, as a holdout, or because it was published', () => {
    const splits = { proof: ['story', 'numbers', 'nothing'].map((name) => ({ name, share: 33, holdout: name === 'nothing' })) };
    const entered = (arm: string, winner?: string) => {
      const trials = { proof: { design: 'd', ...(winner !== undefined && { winner }) } };
      const enrolments = [anEnrolment({ arms: { proof: arm }, trials })];
      const { happened } = explain({ enrolments }, { artifactOf: () => anArtifact({ splits }) });
      return happened.find((it) => it.kind === 'start')?.inputs?.proof;
    };
    expect(entered('story')).toBe('story (by chance)');
    expect(entered('nothing')).toBe('nothing (a holdout, by chance)');
    expect(entered('story', 'story')).toBe('story (the published winner)');
    expect(entered('nothing', 'story')).toBe('nothing (a holdout, by chance; a winner changes nothing for it)');
  });

  it('gives the rule and its inputs with a decision', () => {
    const text = inWords(
      explain({
        enrolments: [run()],
        decisions: [
          decision({ reason: 'only-if-false', rule: 'engagement at least 10 (4)' }),
          decision({
            step: 'enter',
            outcome: 'not-enrolled',
            sequence: 'webinar',
            reason: 'entry-condition-false',
            rule: 'country in DE (FR)',
          }),
          decision({ outcome: 'arm:rest', rule: 'many-sites: employees at least 200 (120)' }),
        ],
      }),
    );
    expect(text).toContain('“proof” was skipped: the condition under `only-if` does not hold [only-if-false] — engagement at least 10 (4)');
    expect(text).toContain(
      'did not enter webinar: the lead does not meet the condition under `enter` [entry-condition-false] — country in DE (FR)',
    );
    expect(text).toContain('“proof” took the way “rest” — many-sites: employees at least 200 (120)');
  });

  it('says how the score comes about, machines and caps included, and what is missing', () => {
    const visits = [1, 2, 3].map((it) => anEvent({ eventId: `v${it}`, name: 'visited', path: '/pricing', at: at(-1) }));
    const bot = anEvent({ eventId: 'b', name: 'clicked', step: 'welcome', agent: 'bot', at: at(-2) });
    const text = inWords(explain({ events: [...visits, bot] }));
    expect(text).toContain('not enough for sales');
    expect(text).toContain('fit at least 15 (20) and engagement at least 30 (23)');
    expect(text).toMatch(/\+20 {2}fit: core market \(120 employees\)/);
    expect(text).toMatch(/\+11\.6 {2}looked at \/pricing on .* \(was worth 12\)/);
    expect(text).toMatch(/ 0 {2}looked at \/pricing on .*: counted often enough that day/);
    expect(text).toMatch(/ 0 {2}clicked in a mail on .*: a machine, the program says that it is a crawler or a preview/);
  });

  it('says what comes next, and what holds it back', () => {
    const parked = run({ step: 'settle', gsi1sk: at(1), waitSeconds: 3600 });
    expect(explain({ enrolments: [parked] }).next).toEqual([
      { at: at(1, 1), sequence: 'trial-nurture', what: 'trial-nurture: “settle” is over, and the next step follows' },
    ]);
    const lead = aLead({ pausedUntil: at(20) });
    expect(explain({ enrolments: [parked] }, { lead }).next).toMatchObject([
      { at: at(1, 1), what: expect.stringContaining('its next e-mail waits: the lead asked for a pause'), code: 'paused-by-lead' },
      { at: at(20), what: 'the pause that the lead asked for is over' },
    ]);
    expect(explain({ enrolments: [parked] }, { lead: aLead({ stage: 'mql' }) }).next).toMatchObject([
      { code: 'qualified', what: expect.stringContaining('the lead is with sales') },
    ]);
    expect(inWords(explain())).toContain('nothing by itself: the lead is in no sequence');
  });

  it('can be of one sequence', () => {
    const both = {
      enrolments: [run(), run({ sequence: 'webinar', enrolmentId: 'other' })],
      sends: [sent('welcome', -5), sent('hello', -5, { sequence: 'webinar', enrolmentId: 'other' })],
    };
    const { happened, next } = explain(both, { sequence: 'webinar' });
    expect(happened.filter((it) => it.kind === 'mail').map((it) => it.step)).toEqual(['hello']);
    expect(next.every((it) => it.sequence === 'webinar')).toBe(true);
  });
});

describe('why no e-mail went on a day', () => {
  const dayOf = (days: number) => at(days).slice(0, 10);
  const answer = (days: number, more: Partial<History>, parts: Partial<ExplainParts> = {}) =>
    explain(more, { day: dayOf(days), ...parts }).day;

  it('was decided, for a reason on the list', () => {
    const decisions = [
      decision({ at: at(-3), outcome: 'deferred', reason: 'window-closed' }),
      decision({ at: at(-3, 2), outcome: 'deferred', reason: 'cooling-down', attempt: 2 }),
    ];
    const given = answer(-3, { enrolments: [run()], decisions });
    expect(given?.because.map((it) => it.code)).toEqual(['window-closed', 'cooling-down']);
    expect(given?.sent).toEqual([]);
    expect(explain({ enrolments: [run()], decisions }).withoutMail.map((it) => it.day)).toEqual([dayOf(-3)]);
  });

  it('is that none was due: what had gone before, and what went or goes after', () => {
    const mails = { enrolments: [run({ step: 'settle', gsi1sk: at(2), waitSeconds: 0 })], sends: [sent('welcome', -6), sent('proof', -2)] };
    expect(answer(-4, mails)?.because[0]).toMatchObject({
      what: 'trial-nurture: no e-mail was due',
      why: `“welcome” had gone on ${dayOf(-6)}, and “proof” went on ${dayOf(-2)}`,
    });
    expect(answer(1, mails)?.because[0]?.why).toContain(`“proof” had gone on ${dayOf(-2)}, and next, on ${dayOf(2)}, “settle” is over`);
    expect(answer(-2, mails)?.sent.map((it) => it.step)).toEqual(['proof']);
  });

  it('is that the lead was in no sequence, or not known at all', () => {
    const over = { enrolments: [run({ endedAt: at(-5), ending: 'completed' as const })] };
    expect(answer(-1, over)?.because[0]).toMatchObject({
      what: 'the lead was in no sequence',
      why: `trial-nurture ended on ${dayOf(-5)}: the lead went through to the end`,
    });
    expect(answer(-20, over)?.because[0]?.what).toBe('nobody knew this lead yet');
  });

  it('goes by the days of the lead: where it is, it may be tomorrow already', () => {
    const late = decision({ at: '2026-07-14T22:30:00.000Z', outcome: 'deferred', reason: 'window-closed' });
    const there = aLead({ fields: { 'time-zone': 'Europe/Berlin' }, createdAt: at(-10) });
    const given = explain({ decisions: [late], enrolments: [run()] }, { lead: there, day: '2026-07-15', now: '2026-07-16T10:00:00.000Z' });
    expect(given.day?.because.map((it) => it.code)).toEqual(['window-closed']);
    expect(inWords(given)).toContain('Times in Europe/Berlin (its own)');
  });
});
