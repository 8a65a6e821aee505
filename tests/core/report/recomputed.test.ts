import { beforeAll, describe, expect, it } from 'vitest';
import { gather } from '#core/report/gather';
import { cohortsOf, type FunnelRow, type Report, reportOf, type SalesRow, type ShareRow } from '#core/report/report';
import { mondayOf } from '#core/report/weeks';
import { answeredDemo } from '#tests/helpers/answered-demo';
import { naiveReport } from '#tests/helpers/naive-report';

let report: Report;
let naive: ReturnType<typeof naiveReport>;
let cells: { readonly [cell: string]: number };
beforeAll(async () => {
  const { people, salesTasks, live, now, since, until } = await answeredDemo({ leads: 110, days: 32, seed: 'report' });
  const histories = async function* () {
    for (const { history } of people) yield { ...history, leadId: history.lead?.leadId ?? '' };
  };
  ({ cells } = await gather(histories(), { since, until }, { salesTasks, live, now }));
  report = reportOf({ cells, since, until, asOf: now, weeksAhead: 8 });
  naive = naiveReport(people, live.scoring, since, until, now);
}, 300_000);

const numbersOf = ({ steps, spans }: FunnelRow) => ({
  counts: Object.fromEntries(steps.map((it) => [it.step, it.count])),
  seen: Object.fromEntries(steps.map((it) => [it.step, it.seen])),
  spans: Object.fromEntries(
    spans
      .filter((it) => it.from !== 'start' && `${it.from}>${it.to}` !== 'sal>won')
      .map(({ from, to, ...span }) => [`${from}>${to}`, span]),
  ),
});
const byName = <Row extends { readonly of: string }, Shown>(rows: readonly Row[], shown: (row: Row) => Shown) =>
  Object.fromEntries(rows.map((row) => [row.of, shown(row)]));
const salesOf = ({ made, accept, reject, recycle, slaKept, slaMissed, rejectReasons, recycleReasons, lostReasons }: SalesRow) => ({
  made,
  accept,
  reject,
  recycle,
  slaKept,
  slaMissed,
  rejectReasons,
  recycleReasons,
  lostReasons,
});
const models = ['first', 'last', 'linear', 'position'] as const;
const sharesOf = (rows: readonly ShareRow[]) =>
  Object.fromEntries(
    models.map((model) => [model, Object.fromEntries(rows.filter((it) => it[model] !== 0).map((it) => [it.of, it[model]]))]),
  );
const bare = (shares: { readonly [model: string]: { readonly [of: string]: number } }) =>
  Object.fromEntries(
    Object.entries(shares).map(([model, sums]) => [model, Object.fromEntries(Object.entries(sums).filter(([, cents]) => cents !== 0))]),
  );

describe('the figures of a report, recomputed from the rows by other code', () => {
  it('are about enough to be worth comparing', () => {
    expect(report.sales.made).toBeGreaterThan(8);
    expect(report.sales.reject * report.sales.recycle * report.sales.slaMissed).toBeGreaterThan(0);
    expect(report.money.map((it) => it.currency)).toEqual(expect.arrayContaining(['EUR', 'XXX']));
    expect(Object.keys(naive.bySequence)).toHaveLength(2);
  });

  it('agree on the funnel and its times, of all, by source and by sequence', () => {
    expect(numbersOf(report.funnel)).toEqual(naive.funnel);
    expect(report.funnel.lost).toBe(naive.lost);
    expect(byName(report.by.source, numbersOf)).toEqual(naive.bySource);
    expect(byName(report.by.sequence, numbersOf)).toEqual(naive.bySequence);
  });

  it('agree on who entered each version and arm', () => {
    expect(byName(report.by.version, (it) => it.steps[0]?.count)).toEqual(naive.byVersion);
    expect(byName(report.by.arm, (it) => it.steps[0]?.count)).toEqual(naive.byArm);
  });

  it('agree on what sales answered, by rep, source and rule', () => {
    expect(salesOf(report.sales)).toEqual(naive.sales);
    expect(byName(report.salesBy.rep, salesOf)).toEqual(naive.salesByRep);
    expect(byName(report.salesBy.source, salesOf)).toEqual(naive.salesBySource);
    expect(byName(report.rules, salesOf)).toEqual(naive.salesByRule);
  });

  it('agree on revenue to the cent, whichever way it is put down', () => {
    for (const { currency, deals, total, sequence, email, source } of report.money) {
      const other = naive.money[currency];
      expect({ deals, total }).toEqual({ deals: other?.deals, total: other?.total });
      expect(sharesOf(sequence)).toEqual(bare(other?.sequence ?? {}));
      expect(sharesOf(email)).toEqual(bare(other?.email ?? {}));
      expect(byName(source, (it) => it.linear)).toEqual(bare({ of: other?.source ?? {} }).of);
    }
  });

  it('agree on what happened in each week', () => {
    for (const [what, counts] of Object.entries(naive.weeks)) {
      const told = report.weeks.flatMap(({ monday, counts: of }) => (of[what] ? [[monday, of[what]]] : []));
      expect([what, Object.fromEntries(told)]).toEqual([what, counts]);
    }
  });

  it('agree on the mails, and on how old leads of each week were at each goal', () => {
    expect(report.cost.usage.emails).toBe(naive.emails);
    for (const goal of ['mql', 'won'] as const) {
      const ages = cohortsOf(cells, goal).flatMap(({ week, events }) =>
        Object.entries(events).map(([age, count]) => [`${mondayOf(week)} +${age}`, count]),
      );
      expect(Object.fromEntries(ages)).toEqual(naive.cohorts(goal));
    }
  });
});
