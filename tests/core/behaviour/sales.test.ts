import { describe, expect, it } from 'vitest';
import { drawsOf } from '#core/behaviour/draws';
import { dealOf, firstAnswer, habitsOf, usualSales } from '#core/behaviour/sales-model';
import { BehaviourShape, readBehaviour } from '#core/behaviour/schema';
import { salesDefaults } from '#core/config';
import { workSecondsBetween } from '#core/working-hours';
import { answering, type Told } from '#local/sales-behaviour';

const team = [
  { rep: 'ruth', email: 'ruth@x.example', timeZone: 'Europe/London', countries: [], weight: 1, role: 'rep' as const },
  { rep: 'dana', email: 'dana@x.example', timeZone: 'America/Toronto', countries: [], weight: 1, role: 'rep' as const },
];
const sales = { team, route: ['weighted' as const], answers: salesDefaults.answers };
const read = (given: unknown) => {
  const problems: { path: string; code: string; hint?: string }[] = [];
  const report = (path: readonly (string | number)[], { code, hint }: { code: string; hint?: string }) =>
    void problems.push({ path: path.join('.'), code, ...(hint !== undefined && { hint }) });
  return { behaviour: readBehaviour(BehaviourShape.parse(given), report, sales), problems };
};
const reasons = { reject: ['student', 'competitor'], recycle: ['wrong-time'], lost: ['price', 'no-decision'] };
const draws = drawsOf('seed');
const tasks = Array.from({ length: 4000 }, (_, at) => `task-${at}`);
const drawOf = (task: string) => (what: string) => draws(task, what);
const part = (some: readonly unknown[]) => some.length / tasks.length;

describe('sales in behaviour.yaml', () => {
  it('takes what is not written from the usual team, and a rep’s from what is written for all', () => {
    const { behaviour, problems } = read({ sales: { answers: 0.5, within: '2 days', reps: { ruth: { within: '30 business minutes' } } } });
    expect(problems).toEqual([]);
    expect(behaviour.personas).toEqual([]);
    expect(behaviour.sales).toMatchObject({ answers: 0.5, accept: usualSales.accept, within: { seconds: 2 * 86_400, of: 'calendar' } });
    expect(habitsOf(behaviour.sales, 'ruth')).toMatchObject({ answers: 0.5, within: { seconds: 1800, of: 'work' } });
    expect(habitsOf(behaviour.sales, 'dana').within).toEqual({ seconds: 2 * 86_400, of: 'calendar' });
    expect(read({}).behaviour.sales).toEqual(usualSales);
  });

  it('says what is wrong: reps and reasons that sales.yaml has not, no length of time, weights and shares that make no sense', () => {
    const { problems } = read({
      sales: {
        within: 'soon',
        accept: 0,
        reject: { share: 0, reasons: { studnet: 1 } },
        recycle: { share: 0, after: '11 weeks', within: '40 weeks' },
        deals: { won: 0.7, lost: 0.7, currency: 'Euro', amount: { from: 9, to: 3 } },
        reps: { rut: {} },
      },
    });
    expect(problems.map((it) => `${it.path} ${it.code}`)).toEqual([
      'sales.within no-duration',
      'sales.reject.reasons.studnet unknown-reason',
      'sales.deals too-many',
      'sales.deals.currency no-currency',
      'sales.deals.amount not-allowed',
      'sales no-answer',
      'sales.recycle not-allowed',
      'sales.reps.rut unknown-rep',
    ]);
    expect(problems.map((it) => it.hint)).toContain('did you mean "ruth"?');
  });
});

describe('what a rep says', () => {
  it('goes by the weights, and reasons by theirs', () => {
    const said = tasks.map((it) =>
      firstAnswer({ ...usualSales, reject: { share: 22, reasons: { student: 3, competitor: 1 } } }, reasons, drawOf(it)),
    );
    const rejected = said.filter((it) => it.answer === 'reject');
    expect(part(said.filter((it) => it.answer === 'accept'))).toBeCloseTo(0.62, 1);
    expect(part(said.filter((it) => it.answer === 'recycle'))).toBeCloseTo(0.16, 1);
    expect(rejected.filter((it) => it.reason === 'student').length / rejected.length).toBeCloseTo(0.75, 1);
    for (const { days } of said.filter((it) => it.answer === 'recycle')) expect(days).toSatisfy((it: number) => it >= 30 && it < 120);
  });

  it('takes reasons evenly where none of those with a weight is in sales.yaml', () => {
    const habits = { ...usualSales, accept: 0, recycle: { ...usualSales.recycle, share: 0 }, reject: { share: 1, reasons: { else: 1 } } };
    const said = tasks.map((it) => firstAnswer(habits, reasons, drawOf(it)).reason);
    expect(part(said.filter((it) => it === 'student'))).toBeCloseTo(0.5, 1);
  });

  it('ends accepted leads as the model has it, worth whole steps within its bounds', () => {
    const ends = tasks.map((it) => dealOf(usualSales, reasons, drawOf(it)));
    expect(part(ends.filter((it) => it?.answer === 'won'))).toBeCloseTo(0.3, 1);
    expect(part(ends.filter((it) => it?.answer === 'lost'))).toBeCloseTo(0.35, 1);
    const worth = ends.flatMap((it) => it?.amount ?? []);
    expect([Math.min(...worth), Math.max(...worth), worth.every((it) => it % 500 === 0)]).toEqual([2000, 20_500, true]);
  });
});

describe('what a rep does about a task', () => {
  const told = (more: Partial<Told> = {}): Told => ({
    taskId: 'task-1',
    rep: 'ruth',
    kind: 'created',
    at: '2026-03-06T16:30:00.000Z',
    url: 'https://x.example/a/1',
    ...more,
  });
  const answer = (model: Partial<typeof usualSales>, drawnBy?: () => string) =>
    answering({ seed: 'seed', model: { ...usualSales, ...model }, sales, ...(drawnBy && { drawnBy }) });

  it('is done within so much of the time that this rep works', () => {
    const within = { seconds: 4 * 3600, of: 'work' as const };
    for (const taskId of tasks.slice(0, 60)) {
      const [first] = answer({ answers: 1, within })(told({ taskId }));
      // Told half an hour before the weekend: the quarter of an hour that it takes at least, and no more than four hours after that.
      const worked = workSecondsBetween(team[0] as never, {}, '2026-03-06T16:30:00.000Z', first?.at ?? '');
      expect(worked).toSatisfy((it: number) => it >= 900 && it <= 900 + 4 * 3600);
    }
  });

  it('is the same by whatever rep, where draws do not go by reps: only when they work is theirs', () => {
    const forms = (rep: string) =>
      tasks.slice(0, 200).map((taskId) => answer({}, () => 'created')(told({ taskId, rep })).map((it) => ({ ...it.form, until: '' })));
    expect(forms('dana')).toEqual(forms('ruth'));
    expect(tasks.slice(0, 50).map((taskId) => answer({})(told({ taskId, rep: 'dana' })))).not.toEqual(
      tasks.slice(0, 50).map((taskId) => answer({})(told({ taskId }))),
    );
  });

  it('is moved by a reminder only where nothing was meant to be done, and not always', () => {
    const kinds = tasks.map((taskId) => [
      answer({})(told({ taskId })).length > 0,
      answer({})(told({ taskId, kind: 'reminded' })).length > 0,
    ]);
    expect(part(kinds.filter(([first]) => first))).toBeCloseTo(0.88, 1);
    expect(kinds.filter(([first, reminded]) => first && reminded)).toEqual([]);
    expect(part(kinds.filter(([, reminded]) => reminded))).toBeCloseTo(0.06, 1);
  });

  it('leaves out what sales.yaml does not ask, and what a rep who never works would do', () => {
    const never = { ...sales, outcomes: ['lost' as const], team: [{ ...team[0], hours: { days: [], fromMinute: 0, toMinute: 60 } }] };
    const said = tasks
      .slice(0, 300)
      .flatMap((taskId) => answering({ seed: 'seed', model: usualSales, sales: { ...sales, outcomes: ['lost'] } })(told({ taskId })));
    expect(new Set(said.map((it) => it.form?.answer))).toEqual(new Set(['accept', 'reject', 'recycle', 'lost']));
    expect(
      tasks.slice(0, 20).flatMap((taskId) => answering({ seed: 'seed', model: usualSales, sales: never as never })(told({ taskId }))),
    ).toEqual([]);
  });
});
