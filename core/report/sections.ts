import { utcMinute } from '#core/instant';
import { attributionModels } from './attribution.ts';
import type { FunnelStep } from './facts.ts';
import { forecastSection } from './forecast-section.ts';
import { wilson } from './intervals.ts';
import type { CostReport, FunnelRow, MoneyReport, Report, ReportBy, SpanRow } from './report.ts';
import { reportBy } from './report.ts';
import { rulesSection, salesSection } from './sales-sections.ts';
import { type Column, count, counted, dollars, percent, type ReportTable, type Section, said, shareOf, span } from './tables.ts';

const stepNames: { readonly [step in FunnelStep]: string } = {
  lead: 'leads',
  entered: 'entered a sequence',
  mailed: 'were mailed',
  engaged: 'engaged',
  mql: 'MQL',
  sal: 'SAL: accepted',
  sql: 'SQL: a deal',
  won: 'won',
};

/** All that a report says, in the order in which it is read. */
export const sectionsOf = (report: Report): readonly Section[] => [
  funnelSection(report),
  ...reportBy.map((by) => funnelBySection(report, by)),
  salesSection(report),
  rulesSection(report),
  ...moneySections(report.money),
  costSection(report.cost, report.funnel),
  forecastSection(report, 'mql'),
  forecastSection(report, 'won'),
  weeksSection(report),
];

/** Where nobody keeps a stage for deals, it is not asked of. */
const shownSteps = (rows: readonly FunnelRow[]): readonly FunnelStep[] => {
  const hasDeals = rows.some((row) => row.steps.some((it) => it.step === 'sql' && it.seen > 0));
  return (rows[0]?.steps ?? []).map((it) => it.step).filter((it) => it !== 'sql' || hasDeals);
};

const at = (row: FunnelRow, step: FunnelStep): number => row.steps.find((it) => it.step === step)?.count ?? 0;
const halfOf = (row: FunnelRow, from: string, to: string) => row.spans.find((it) => it.from === from && it.to === to);

const funnelSection = ({ funnel, since, until }: Report): Section => {
  const leads = at(funnel, 'lead');
  const [mql, won] = [at(funnel, 'mql'), at(funnel, 'won')];
  const toMql = halfOf(funnel, 'start', 'mql');
  const present = shownSteps([funnel]);
  const shown = funnel.steps.filter((it) => present.includes(it.step));
  return {
    id: 'funnel',
    title: 'From lead to won',
    takeaway:
      leads === 0
        ? `No lead came between ${since} and ${until}.`
        : `Of ${counted(leads, 'lead')} that came between ${since} and ${until}, ${count(mql)} became MQLs (${percent(mql / leads)})${toMql ? `, half of them within ${span(toMql.half)}` : ''}, and ${count(won)} ${won === 1 ? 'was' : 'were'} won (${percent(won / leads)}).`,
    tables: [
      {
        id: 'funnel',
        caption: 'Leads that got so far or further; times are of those who did',
        columns: [
          text('step'),
          column('leads', 'count'),
          column('of the step before', 'share'),
          column('of all', 'share'),
          column('on record itself', 'count'),
          column('quarter within', 'span'),
          column('half within', 'span'),
          column('three quarters within', 'span'),
        ],
        rows: [
          ...shown.map((it, index) => {
            const before = shown[index - 1];
            const spans = halfOf(funnel, before?.step ?? '', it.step);
            return [
              stepNames[it.step],
              it.count,
              before && shareOf(it.count, before.count),
              shareOf(it.count, leads),
              it.seen,
              spans?.quarter,
              spans?.half,
              spans?.threeQuarters,
            ] as const;
          }),
          ['lost', funnel.lost, undefined, shareOf(funnel.lost, leads), funnel.lost, undefined, undefined, undefined],
        ],
        bars: {
          as: 'rows',
          unit: 'leads',
          categories: shown.map((it) => stepNames[it.step]),
          series: [{ name: 'leads', values: shown.map((it) => it.count) }],
          ends: shown.map(
            (it, index) =>
              `${count(it.count)}${index === 0 ? '' : ` (${said(shareOf(it.count, shown[index - 1]?.count ?? 0), { as: 'share' })})`}`,
          ),
        },
      },
    ],
  };
};

const ofWhat: { readonly [by in ReportBy]: string } = {
  sequence: 'A lead counts in every sequence that it entered in these days.',
  version: 'A version is what a sequence was at one time; leads finish on the one that they began with.',
  arm: 'Arms of one split had like leads: where they differ clearly, the arm is why.',
  source: 'Where leads came from, as far as that is on record.',
  rep: 'From the task on; tasks that were made in these days.',
};

const funnelBySection = (report: Report, by: ReportBy): Section => {
  const rows = report.by[by];
  const steps = shownSteps(rows);
  const best = by === 'rep' ? undefined : clearlyBest(rows);
  const start = steps[0] ?? 'entered';
  return {
    id: `by-${by}`,
    title: `By ${by}`,
    takeaway:
      rows.length === 0
        ? 'Nothing to tell of these days.'
        : `${ofWhat[by]}${best ? ` Clearly best: ${best.of}, ${percent(at(best, 'mql') / at(best, start))} to MQL.` : ''}`,
    tables: [
      {
        id: `by-${by}`,
        caption: `So far or further, by ${by}`,
        columns: [
          text(by),
          ...steps.map((it) => column(stepNames[it], 'count')),
          column('lost', 'count'),
          ...(by === 'rep' ? [] : [column('to MQL', 'share')]),
          column('to won', 'share'),
          ...(by === 'rep' ? [] : [column('half to MQL within', 'span')]),
          column('half to won within', 'span'),
        ],
        rows: rows.map((row) => [
          row.of,
          ...steps.map((it) => at(row, it)),
          row.lost,
          ...(by === 'rep' ? [] : [shareOf(at(row, 'mql'), at(row, start))]),
          shareOf(at(row, 'won'), at(row, start)),
          ...(by === 'rep' ? [] : [halfOf(row, 'start', 'mql')?.half]),
          halfOf(row, 'start', 'won')?.half,
        ]),
        ...(rows.length > 0 && {
          bars: {
            as: 'rows' as const,
            unit: 'leads',
            categories: rows.map((it) => it.of),
            series: [{ name: stepNames[start], values: rows.map((it) => at(it, start)) }],
            ends: rows.map(
              (it) => `${count(at(it, start))}, ${count(by === 'rep' ? at(it, 'won') : at(it, 'mql'))} ${by === 'rep' ? 'won' : 'MQL'}`,
            ),
          },
        }),
      },
      spansTable(rows, by),
    ],
  };
};

/** One whose share of MQLs is higher than that of all others together, and not by chance. */
const clearlyBest = (rows: readonly FunnelRow[]): FunnelRow | undefined => {
  const of = (row: FunnelRow) => ({ mql: at(row, 'mql'), all: row.steps[0]?.count ?? 0 });
  const all = rows.map(of).reduce((sum, it) => ({ mql: sum.mql + it.mql, all: sum.all + it.all }), { mql: 0, all: 0 });
  return rows.find((row) => {
    const own = of(row);
    const others = { mql: all.mql - own.mql, all: all.all - own.all };
    return own.mql >= 10 && others.all >= 20 && wilson(own.mql, own.all).low > wilson(others.mql, others.all).high;
  });
};

const spansTable = (rows: readonly FunnelRow[], by: ReportBy): ReportTable & { readonly id: string } => ({
  id: `times-by-${by}`,
  caption: `Time from step to step, by ${by}`,
  columns: [
    text(by),
    text('from'),
    text('to'),
    column('how many', 'count'),
    column('quarter within', 'span'),
    column('half within', 'span'),
    column('three quarters within', 'span'),
  ],
  rows: rows.flatMap(({ of, spans }) =>
    spans.filter(isTold(rows)).map((it) => [of, it.from, it.to, it.of, it.quarter, it.half, it.threeQuarters] as const),
  ),
});

const isTold =
  (rows: readonly FunnelRow[]) =>
  ({ from, to }: SpanRow): boolean => {
    const hasDeals = shownSteps(rows).includes('sql');
    return hasDeals ? !(from === 'sal' && to === 'won') : from !== 'sql' && to !== 'sql';
  };

const moneySections = (money: readonly MoneyReport[]): readonly Section[] =>
  money.length === 0
    ? [{ id: 'revenue', title: 'Revenue', takeaway: 'No deal was won in these days.', tables: [] }]
    : money.map(moneySection);

const moneySection = ({ currency, deals, total, ...by }: MoneyReport): Section => {
  const isKnown = currency !== 'XXX';
  const id = isKnown ? `revenue-${currency.toLowerCase()}` : 'revenue-unknown';
  if (total === 0)
    return {
      id,
      title: 'Won without an amount',
      takeaway: `${counted(deals, 'deal')} were won of which nobody said what they are worth.`,
      tables: [],
    };
  const tableOf = (name: 'sequence' | 'email' | 'source') => ({
    id: `${id}-by-${name}`,
    caption: `${currency} by ${name === 'email' ? 'e-mail' : name}, the four ways of looking at it side by side`,
    columns: [text(name === 'email' ? 'e-mail' : name), ...modelColumns],
    rows: [
      ...by[name].map((row) => [row.of, ...attributionModels.map((it) => row[it] / 100)]),
      ['together', ...attributionModels.map((it) => by[name].reduce((sum, row) => sum + row[it], 0) / 100)],
    ],
    ...(name !== 'source' && {
      bars: {
        as: 'rows' as const,
        unit: currency,
        categories: by[name].map((it) => it.of),
        series: [{ name: 'linear', values: by[name].map((it) => it.linear / 100) }],
        ends: by[name].map((it) => said(it.linear / 100, { as: 'amount' })),
      },
    }),
  });
  return {
    id,
    title: `Revenue in ${isKnown ? currency : 'an unnamed currency'}`,
    takeaway: `${counted(deals, 'deal')} came to ${said(total / 100, { as: 'amount' })} ${currency}. Each way of putting it down to what people did before adds up to just that; where all four agree you may believe it.`,
    tables: [tableOf('sequence'), tableOf('email'), tableOf('source')],
  };
};

const modelColumns: readonly Column[] = [
  { name: 'first touch', as: 'amount' },
  { name: 'last touch', as: 'amount' },
  { name: 'linear', as: 'amount' },
  { name: 'position (40/20/40)', as: 'amount' },
];

const costSection = ({ cost, usage, perLead, perMql, perWon }: CostReport, funnel: FunnelRow): Section => ({
  id: 'cost',
  title: 'What it cost on AWS',
  takeaway: `About ${dollars(cost.total)} for ${counted(at(funnel, 'lead'), 'lead')}: e-mails are counted, the rest is worked out from what is on record of each lead, at list prices. People’s time, advertising and other tools are not in it.`,
  tables: [
    {
      id: 'cost',
      caption: 'Dollars at AWS list prices (us-east-1), of leads that came in these days',
      columns: [text('what'), column('dollars', 'dollars')],
      rows: [
        ['per lead', perLead],
        ['per MQL', perMql],
        ['per won deal', perWon],
        [`SES, ${counted(usage.emails, 'e-mail')}: counted`, cost.ses],
        [`Step Functions, about ${counted(usage.transitions, 'transition')}`, cost.stepFunctions],
        [`DynamoDB, about ${count(usage.writeUnits)} write and ${count(usage.readUnits)} read units`, cost.dynamoDb],
        [`Lambda, about ${counted(usage.lambdaRequests, 'call')}`, cost.lambda],
        [`SQS, about ${counted(usage.queueRequests, 'request')}`, cost.sqs],
        ['together', cost.total],
      ],
    },
  ],
});

const weeksSection = ({ weeks, asOf }: Report): Section => {
  const shown = ['lead', 'mailed', 'engaged', 'mql', 'accept', 'reject', 'recycle', 'won', 'lost'] as const;
  return {
    id: 'weeks',
    title: 'Week by week',
    takeaway: `What happened in each week, whenever the lead came. Weeks begin on Monday (UTC); the last one is not over (as of ${utcMinute(asOf)} UTC).`,
    tables: [
      {
        id: 'weeks',
        caption: 'What happened in each week',
        columns: [text('week of'), ...shown.map((it) => column(weekNames[it], 'count'))],
        rows: weeks.map(({ monday, counts }) => [monday, ...shown.map((it) => counts[it] ?? 0)]),
        bars: {
          as: 'columns',
          unit: 'MQLs',
          categories: weeks.map((it) => it.monday.slice(5)),
          series: [{ name: 'MQLs', values: weeks.map((it) => it.counts.mql ?? 0) }],
        },
      },
    ],
  };
};
const weekNames = {
  lead: 'new leads',
  mailed: 'first mailed',
  engaged: 'engaged',
  mql: 'MQL',
  accept: 'accepted',
  reject: 'rejected',
  recycle: 'given back',
  won: 'won',
  lost: 'lost',
} as const;

const text = (name: string): Column => ({ name, as: 'text' });
const column = (name: string, as: Column['as']): Column => ({ name, as });
