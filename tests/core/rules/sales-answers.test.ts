import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOpener } from '#adapters/email/check-opener';
import { readAnswerForm, untilBounds } from '#core/answer-form';
import { readAnswers } from '#core/answers-schema';
import { salesDefaults } from '#core/config';
import { parseAmount } from '#core/currencies';
import { addSeconds } from '#core/instant';
import { lifecycleOf, type StageMove } from '#core/lifecycle';
import { decideAnswer as decideFor, type GivenAnswer } from '#core/sales-answers';
import { type SalesTask, taskStatuses } from '#core/sales-task';
import { engagementAt } from '#core/scoring';
import { readDomain } from '#core/stop-list';
import { aSalesTask } from '#tests/helpers/builders';
import { aLead, anEvent, live, now } from './examples.ts';

const rules = salesDefaults.answers;
const team = ['ben', 'ruth'];
const decideAnswer = (task: SalesTask, given: GivenAnswer, who: Parameters<typeof decideFor>[2]) => decideFor(task, given, who, team);
const by = (rep: string, at = now) => ({ by: rep, via: 'page', at }) as const;

describe('an answer', () => {
  it('that is the first to its question is written; the next is told', () => {
    const decision = decideAnswer(aSalesTask(), { answer: 'accept' }, by('ben'));
    expect(decision).toEqual({ do: 'write', status: 'accepted', answers: [{ answer: 'accept', ...by('ben') }] });
    const accepted = aSalesTask({ status: 'accepted', answers: [{ answer: 'accept', ...by('ben') }] });
    expect(decideAnswer(accepted, { answer: 'reject', reason: 'student' }, by('ben'))).toMatchObject({ do: 'told', isSame: false });
    expect(decideAnswer(accepted, { answer: 'accept' }, by('ben', addSeconds(now, 9)))).toMatchObject({ do: 'told', isSame: true });
    expect(decideAnswer(accepted, { answer: 'accept' }, by('ruth'))).toMatchObject({ do: 'told', isSame: false });
    expect(decideAnswer(accepted, { answer: 'won', amount: 1, currency: 'EUR' }, by('ben'))).toMatchObject({ do: 'write', status: 'won' });
  });

  it.each([
    [aSalesTask({ status: 'cancelled' }), 'accept', 'ben', 'cancelled'],
    [aSalesTask({ status: 'holding', rep: '' }), 'accept', 'ben', 'not-out'],
    [aSalesTask(), 'accept', 'ruth', 'reassigned'],
    [aSalesTask(), 'won', 'ben', 'accept-first'],
    [aSalesTask({ rep: 'gone', status: 'accepted' }), 'won', 'gone', 'left'],
    [aSalesTask({ rep: 'gone' }), 'accept', 'ruth', 'reassigned'],
  ] as const)('to %j is refused for what it is', (task, answer, rep, why) => {
    expect(decideAnswer(task, { answer }, by(rep))).toEqual({ do: 'refuse', why });
  });

  it('of how it ended may come from any of the team where who took it on has left, and by API as before', () => {
    const orphan = aSalesTask({ rep: 'gone', status: 'accepted', answers: [{ answer: 'accept', ...by('gone') }] });
    const won = { answer: 'won', amount: 1, currency: 'EUR' } as const;
    expect(decideAnswer(orphan, won, by('ruth'))).toMatchObject({ do: 'write', status: 'won', answers: [{ by: 'gone' }, { by: 'ruth' }] });
    expect(decideAnswer(orphan, won, { ...by('gone'), via: 'api' })).toMatchObject({ do: 'write' });
    expect(decideAnswer(orphan, won, { ...by('stranger'), via: 'api' })).toEqual({ do: 'refuse', why: 'reassigned' });
    expect(decideAnswer({ ...orphan, rep: 'ben' }, won, by('ruth'))).toEqual({ do: 'refuse', why: 'reassigned' });
  });

  it('is at most one a question, whatever is tried in whatever order, and won or lost only after accept', () => {
    const anAnswer: fc.Arbitrary<GivenAnswer> = fc.constantFrom(
      { answer: 'accept' },
      { answer: 'reject', reason: 'student' },
      { answer: 'recycle', reason: 'wrong-time', until: now },
      { answer: 'won', amount: 1, currency: 'EUR' },
      { answer: 'lost', reason: 'price' },
    );
    const acts = fc.array(fc.tuple(anAnswer, fc.constantFrom('ben', 'ruth')), { maxLength: 12 });
    fc.assert(
      fc.property(acts, fc.constantFrom(...taskStatuses.slice(0, 2)), (tries, status) => {
        let task: SalesTask = aSalesTask({ status, rep: status === 'holding' ? '' : 'ben' });
        for (const [given, rep] of tries) {
          const decision = decideAnswer(task, given, by(rep));
          if (decision.do === 'write') task = { ...task, status: decision.status, answers: decision.answers };
        }
        const kinds = task.answers.map((it) => it.answer).join();
        expect(kinds).toMatch(/^(|accept|reject|recycle|accept,won|accept,lost)$/);
        expect(task.answers.every((it) => it.by === 'ben')).toBe(true);
      }),
    );
  });
});

describe('what is filled in', () => {
  const times = { now: '2026-03-28T22:30:00.000Z', madeAt: '2026-03-23T13:00:00.000Z', zone: 'Europe/Berlin' };
  const read = (form: Record<string, string>) => readAnswerForm(form, rules, times);

  it('names a day in the zone of the rep, across a clock change too', () => {
    expect(untilBounds(times)).toEqual({ first: '2026-03-29', last: '2027-03-03' });
    expect(read({ answer: 'recycle', reason: 'wrong-time', until: '2026-03-30' })).toEqual({
      given: { answer: 'recycle', reason: 'wrong-time', until: '2026-03-29T22:00:00.000Z' },
    });
  });

  it('says all that is wrong at once', () => {
    expect(read({ answer: 'won', amount: '1,2,3', currency: 'EURO' })).toMatchObject({
      problems: [{ field: 'amount' }, { field: 'currency' }],
    });
    expect(read({ answer: 'recycle' })).toMatchObject({ problems: [{ field: 'reason' }, { field: 'until' }] });
    expect(read({})).toMatchObject({ problems: [{ field: 'answer' }] });
    expect(read({ answer: 'toString' })).toMatchObject({ problems: [{ field: 'answer' }] });
  });

  it('takes nothing that the answer does not ask for', () => {
    expect(read({ answer: 'accept', reason: 'student', amount: '5' })).toEqual({ given: { answer: 'accept' } });
  });

  it.each([
    ['12500', 12_500],
    ['12,500.00', 12_500],
    ['12.500,00', 12_500],
    ['12.500', 12_500],
    ['12 500', 12_500],
    ["12'500.50", 12_500.5],
    ['€ 12,50', 12.5],
    ['1,234,567', 1_234_567],
    ['0', 0],
    ['12500,-', 12_500],
    ['1.234,567', undefined],
    ['1,23,456', undefined],
    ['12k', undefined],
    ['-5', undefined],
    ['', undefined],
    ['9'.repeat(20), undefined],
  ])('an amount %j is %j', (text, amount) => {
    expect(parseAmount(text)).toBe(amount);
  });

  it.each([
    ['Rival.Example', 'rival.example'],
    ['kim@rival.example', 'rival.example'],
    ['rival', undefined],
    ['a b.example', undefined],
  ])('a company %j is %j', (text, domain) => {
    expect(readDomain(text)).toBe(domain);
  });
});

describe('the rules of sales.yaml', () => {
  const problems: string[] = [];
  const report = (_path: unknown, { what, got }: { what: string; got?: unknown }) => void problems.push(`${what}: ${String(got)}`);
  it('say what is left when nothing is said, and name every mistake', () => {
    expect(readAnswers({}, report as never)).toEqual(rules);
    expect(readAnswers({ reject: { reasons: ['competitor', 'old'] }, links: '2 weeks' }, report as never)).toMatchObject({
      reject: { to: 'lead', score: 'reset', stopList: ['competitor'] },
      linkSeconds: 14 * 86_400,
    });
    expect(problems).toEqual([]);
    readAnswers(
      { reject: { reasons: ['a'], to: 'mql', 'stop-list': ['b'] }, recycle: { reasons: ['c'], at: 'x' }, links: 'long' },
      report as never,
    );
    expect(problems).toHaveLength(4);
  });
});

describe('a score that sales gave back', () => {
  const visit = (eventId: string, seconds: number) => anEvent({ eventId, name: 'visited', path: '/pricing', at: addSeconds(now, seconds) });
  const events = [visit('a', -3 * 86_400), visit('b', -2 * 86_400), visit('c', -3600)];
  const move = (keeps: number | undefined, seconds: number): StageMove => ({
    id: 'task-a:recycle',
    at: addSeconds(now, seconds),
    from: 'mql',
    to: 'recycled',
    by: 'sales',
    because: '',
    answer: { taskId: 'task-a', answer: 'recycle', rep: 'ben', ...(keeps !== undefined && { keeps }) },
  });
  const pointsWith = (moves: readonly StageMove[], of = events) =>
    engagementAt({ events: of, sends: [], moves }, live.scoring, live.brand.timeZone, now).points;
  const all = pointsWith([]);
  const last = pointsWith([], events.slice(2));

  it('counts what came after it, and of what came before nothing, half or all', () => {
    expect(pointsWith([move(0, -86_400)])).toBeCloseTo(last, 4);
    expect(pointsWith([move(0.5, -86_400)])).toBeCloseTo(last + (all - last) / 2, 4);
    expect(pointsWith([move(1, -86_400)])).toBeCloseTo(all, 6);
    expect(pointsWith([move(undefined, -86_400)])).toBeCloseTo(all, 6);
    expect(pointsWith([move(0, 60)])).toBeCloseTo(all, 6);
  });

  it('says of each line what is left of it', () => {
    const { lines } = engagementAt({ events, sends: [], moves: [move(0, -86_400)] }, live.scoring, live.brand.timeZone, now);
    expect(lines.map((it) => [it.left, it.now > 0])).toEqual([
      ['given-back', false],
      ['given-back', false],
      [undefined, true],
    ]);
  });

  it('is the same in whatever order events and answers arrive, and the lines always sum up to it', () => {
    const anEventAt = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5 * 86_400 }));
    const aCut = fc.tuple(fc.constantFrom(0, 0.5, 1), fc.integer({ min: 0, max: 5 * 86_400 }));
    fc.assert(
      fc.property(fc.array(anEventAt, { maxLength: 20 }), fc.array(aCut, { maxLength: 3 }), fc.nat(), (visits, cuts, seed) => {
        const rows = visits.map(([id, ago], at) => visit(`${id}-${at}`, -ago));
        const moves = cuts.map(([keeps, ago], at) => ({ ...move(keeps, -ago), id: `m${at}` }));
        const turned = <T>(all: readonly T[]) => all.toSorted((_, __) => (seed % 3) - 1);
        const one = engagementAt({ events: rows, sends: [], moves }, live.scoring, live.brand.timeZone, now);
        const other = engagementAt(
          { events: turned(rows).reverse(), sends: [], moves: moves.toReversed() },
          live.scoring,
          live.brand.timeZone,
          now,
        );
        expect(other.points).toBe(one.points);
        expect(one.lines.reduce((sum, it) => sum + it.now, 0)).toBeCloseTo(one.points, 4);
      }),
    );
  });

  it('leaves who has bought a customer', () => {
    const bought: StageMove = { ...move(undefined, -7200), id: 'x', to: 'won', by: 'sequence' };
    const { answer: _answer, ...plain } = bought;
    const stageWith = (moves: readonly StageMove[]) =>
      lifecycleOf({ lead: aLead(), ledger: { events: [], sends: [] }, moves, live, now }).stage;
    expect(stageWith([plain, move(0, -3600)])).toBe('won');
    expect(stageWith([move(0, -3600)])).toBe('recycled');
  });
});

describe('an opener in sales.yaml', () => {
  const problemsOf = (opener: string) => {
    const problems: string[] = [];
    checkOpener({ opener }, (_path, { code }) => void problems.push(code));
    return problems;
  };
  it('may use what is known of every lead, and what it guards', () => {
    expect(problemsOf('{{ greeting }} {{ first-name }} of {{ company }}: {{ reason }}, {{ local-time }}')).toEqual([]);
    expect(problemsOf('Hi {{ lead.budget | default: "you" }}')).toEqual([]);
  });
  it('is told what could fail for some lead', () => {
    expect(problemsOf('Hi {{ lead.budget }}')).toHaveLength(1);
    expect(problemsOf('Hi {{ grating }}')).toHaveLength(1);
    expect(problemsOf('Hi {% if %}')).toEqual(['bad-liquid']);
  });
});
