import type { SimulationReport } from './report.ts';

export type Total = {
  readonly name: string;
  readonly of: (it: SimulationReport) => number;
  /** Beside each of the two; there is none of what is the most of several. */
  readonly marginOf: (it: NonNullable<SimulationReport['margins']>) => number | undefined;
  readonly isMoney?: true;
};
type Both = { readonly before: SimulationReport; readonly after: SimulationReport };

/** What is held beside one another of two versions. */
export const totalsOf = (both: Both): readonly Total[] => [
  { name: 'e-mails', of: (it) => it.emails, marginOf: (it) => it.emails },
  { name: 'most in a day', of: (it) => Math.max(0, ...it.emailsPerDay.map((day) => day.together)), marginOf: mostInADay },
  { name: 'runs', of: (it) => it.enrolments, marginOf: (it) => it.enrolments },
  { name: 'leads that qualify', of: (it) => it.qualified, marginOf: (it) => it.qualified },
  ...salesTotals(both),
  { name: 'caps hit', of: (it) => it.capsHit, marginOf: (it) => it.capsHit },
  { name: 'AWS cost', of: (it) => it.costUsd.total, marginOf: (it) => it.costUsd?.total, isMoney: true },
  {
    name: 'AWS cost for 1,000 leads',
    of: (it) => it.costPerLead * 1000,
    marginOf: ({ costPerLead }) => costPerLead && costPerLead * 1000,
    isMoney: true,
  },
];

/** That of whichever day: on all of them as far off at most. */
const mostInADay: Total['marginOf'] = ({ emailsPerDay = [] }) => Math.max(0, ...emailsPerDay.map((day) => day?.together ?? 0));

/** Nothing where sales gets nothing in either. */
const salesTotals = ({ before, after }: Both): readonly Total[] => {
  if (before.handoffs.tasks + before.handoffs.held + after.handoffs.tasks + after.handoffs.held === 0) return [];
  const currencies = [...new Set([before, after].flatMap((it) => Object.keys(it.handoffs.worth)))].sort();
  return [
    { name: 'sales tasks', of: (it) => it.handoffs.tasks, marginOf: (it) => it.handoffs?.tasks },
    { name: 'leads that wait until sales has room', of: (it) => it.handoffs.held, marginOf: (it) => it.handoffs?.held },
    { name: 'tasks answered late', of: (it) => it.handoffs.lateTasks, marginOf: (it) => it.handoffs?.lateTasks },
    { name: 'accepted by sales', of: (it) => it.handoffs.answers.accept, marginOf: (it) => it.handoffs?.answers?.accept },
    { name: 'deals won', of: (it) => it.handoffs.answers.won, marginOf: (it) => it.handoffs?.answers?.won },
    ...currencies.map(
      (it): Total => ({
        name: `won, in ${it}`,
        of: ({ handoffs }) => handoffs.worth[it] ?? 0,
        marginOf: ({ handoffs }) => handoffs?.worth?.[it],
      }),
    ),
  ];
};
