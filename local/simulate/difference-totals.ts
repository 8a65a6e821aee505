import type { SimulationReport } from './report.ts';

export type Total = {
  readonly name: string;
  readonly of: (it: SimulationReport) => number;
  readonly marginOf: (it: SimulationReport) => number | undefined;
  readonly isMoney?: true;
};
type Both = { readonly before: SimulationReport; readonly after: SimulationReport };

/** What is held beside one another of two versions. */
export const totalsOf = (both: Both): readonly Total[] => [
  { name: 'e-mails', of: (it) => it.emails, marginOf: (it) => it.margins?.emails },
  { name: 'most in a day', of: mostInADay, marginOf: marginOfMost },
  { name: 'runs', of: (it) => it.enrolments, marginOf: (it) => it.margins?.enrolments },
  { name: 'leads that qualify', of: (it) => it.qualified, marginOf: (it) => it.margins?.qualified },
  ...salesTotals(both),
  { name: 'caps hit', of: (it) => it.capsHit, marginOf: (it) => it.margins?.capsHit },
  { name: 'AWS cost', of: (it) => it.costUsd.total, marginOf: (it) => it.margins?.costUsd?.total, isMoney: true },
  {
    name: 'AWS cost for 1,000 leads',
    of: (it) => it.costPerLead * 1000,
    marginOf: ({ margins }) => margins?.costPerLead && margins.costPerLead * 1000,
    isMoney: true,
  },
];

const mostInADay: Total['of'] = ({ emailsPerDay }) => Math.max(0, ...emailsPerDay.map((day) => day.together));
const marginOfMost: Total['marginOf'] = (it) => {
  const most = mostInADay(it);
  return it.margins?.emailsPerDay?.[it.emailsPerDay.findIndex((day) => day.together === most)]?.together;
};

/** Nothing where sales gets nothing in either. */
const salesTotals = ({ before, after }: Both): readonly Total[] => {
  if (before.handoffs.tasks + before.handoffs.held + after.handoffs.tasks + after.handoffs.held === 0) return [];
  const currencies = [...new Set([before, after].flatMap((it) => Object.keys(it.handoffs.worth)))].sort();
  return [
    { name: 'sales tasks', of: (it) => it.handoffs.tasks, marginOf: (it) => it.margins?.handoffs?.tasks },
    { name: 'leads that wait until sales has room', of: (it) => it.handoffs.held, marginOf: (it) => it.margins?.handoffs?.held },
    { name: 'tasks answered late', of: (it) => it.handoffs.lateTasks, marginOf: (it) => it.margins?.handoffs?.lateTasks },
    { name: 'accepted by sales', of: (it) => it.handoffs.answers.accept, marginOf: (it) => it.margins?.handoffs?.answers?.accept },
    { name: 'deals won', of: (it) => it.handoffs.answers.won, marginOf: (it) => it.margins?.handoffs?.answers?.won },
    ...currencies.map(
      (it): Total => ({
        name: `won, in ${it}`,
        of: ({ handoffs }) => handoffs.worth[it] ?? 0,
        marginOf: ({ margins }) => margins?.handoffs?.worth?.[it],
      }),
    ),
  ];
};
