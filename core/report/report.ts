import { type Cost, costOf, type Usage } from '#core/cost';
import type { Instant } from '#core/instant';
import { type AttributionModel, attributionModels } from './attribution.ts';
import { type Cells, hoursOfBin, parting, type Window } from './cells.ts';
import { type FunnelStep, funnelSteps } from './facts.ts';
import { type Cohort, type Forecast, forecast } from './forecast.ts';
import { wilson } from './intervals.ts';
import type { forecastGoals } from './week-cells.ts';
import { mondayOf, weekOf } from './weeks.ts';

export const reportBy = ['sequence', 'version', 'arm', 'source', 'rep'] as const;
export type ReportBy = (typeof reportBy)[number];

/** `count`: got there or beyond; `seen`: it is itself on record. `ofBefore`: share of the step before. */
export type StepRow = { readonly step: FunnelStep; readonly count: number; readonly seen: number; readonly ofBefore?: number };
/** In hours up to two days, in whole days beyond; rounded down. Of those who got there. */
export type SpanRow = {
  readonly from: string;
  readonly to: string;
  readonly of: number;
  readonly quarter: number;
  readonly half: number;
  readonly threeQuarters: number;
};
export type FunnelRow = {
  readonly of: string;
  readonly steps: readonly StepRow[];
  readonly lost: number;
  readonly spans: readonly SpanRow[];
};

export type Counts = { readonly [name: string]: number };
/** `answered`: accepted, rejected or recycled. */
export type SalesRow = {
  readonly of: string;
  readonly made: number;
  readonly answered: number;
  readonly accept: number;
  readonly reject: number;
  readonly recycle: number;
  readonly won: number;
  readonly lost: number;
  readonly held: number;
  readonly slaKept: number;
  readonly slaMissed: number;
  readonly slaOpen: number;
  readonly rejectReasons: Counts;
  readonly recycleReasons: Counts;
  readonly lostReasons: Counts;
};
export type RuleRow = SalesRow & {
  readonly low: number;
  readonly high: number;
  readonly says: 'misleads' | 'helps' | 'is like the others' | 'is in nearly all' | 'has too few to say';
};
export type ShareRow = { readonly of: string } & { readonly [model in AttributionModel]: number };
/** Amounts in hundredths of the currency. */
export type MoneyReport = {
  readonly currency: string;
  readonly deals: number;
  readonly total: number;
  readonly sequence: readonly ShareRow[];
  readonly email: readonly ShareRow[];
  readonly source: readonly ShareRow[];
};
export type CostReport = {
  readonly cost: Cost;
  readonly usage: Usage;
  readonly perLead?: number;
  readonly perMql?: number;
  readonly perWon?: number;
};
export type WeekRow = { readonly monday: string; readonly counts: Counts };

export type Report = Window & {
  readonly asOf: Instant;
  readonly funnel: FunnelRow;
  readonly by: { readonly [by in ReportBy]: readonly FunnelRow[] };
  readonly sales: SalesRow;
  readonly salesBy: { readonly [by in 'sequence' | 'source' | 'rep']: readonly SalesRow[] };
  readonly rules: readonly RuleRow[];
  readonly money: readonly MoneyReport[];
  readonly cost: CostReport;
  readonly weeks: readonly WeekRow[];
  readonly forecast: { readonly [goal in (typeof forecastGoals)[number]]: Forecast };
};

export type ReportGiven = Window & { readonly cells: Cells; readonly asOf: Instant; readonly weeksAhead: number };

/** The figures of a report from what all leads add up to. */
export const reportOf = ({ cells, asOf, since, until, weeksAhead }: ReportGiven): Report => {
  const tree = treeOf(cells);
  const funnels = (by: ReportBy) => valuesOf(tree, ['funnel', by]).map((of) => funnelOf(tree, by, of));
  const sales = (by: string) => valuesOf(tree, ['task', by]).map((of) => salesOf(tree, by, of));
  const all = salesOf(tree, 'all', '');
  const funnel = funnelOf(tree, 'all', '');
  return {
    since,
    until,
    asOf,
    funnel,
    by: {
      sequence: funnels('sequence'),
      version: funnels('version'),
      arm: funnels('arm'),
      source: funnels('source'),
      rep: funnels('rep'),
    },
    sales: all,
    salesBy: { sequence: sales('sequence'), source: sales('source'), rep: sales('rep') },
    rules: sales('rule').map((it) => ruleOf(it, all)),
    money: valuesOf(tree, ['deals']).map((it) => moneyOf(tree, it)),
    cost: costReportOf(tree, funnel),
    weeks: weeksOf(cells, asOf),
    forecast: { mql: forecastOf(cells, 'mql', asOf, weeksAhead), won: forecastOf(cells, 'won', asOf, weeksAhead) },
  };
};

/** Cells by their parts. */
type Tree = { readonly value: number; readonly below: Map<string, Tree> };
const treeOf = (cells: Cells): Tree => {
  const root = { value: 0, below: new Map() };
  for (const [name, value] of Object.entries(cells)) {
    let at: { value: number; below: Map<string, { value: number; below: Map<string, Tree> }> } = root;
    for (const part of name.split(parting)) {
      const next = (at.below.get(part) as typeof at | undefined) ?? { value: 0, below: new Map() };
      at.below.set(part, next as never);
      at = next;
    }
    at.value += value;
  }
  return root;
};
const find = (tree: Tree, path: readonly string[]): Tree | undefined =>
  path.reduce<Tree | undefined>((at, part) => at?.below.get(part), tree);
const numberAt = (tree: Tree, ...path: readonly string[]): number => find(tree, path)?.value ?? 0;
const valuesOf = (tree: Tree, path: readonly string[]): readonly string[] => [...(find(tree, path)?.below.keys() ?? [])].sort();

const funnelOf = (tree: Tree, dimension: string, of: string): FunnelRow => {
  const present = stepsOf(dimension);
  const countOf = (step: string) => numberAt(tree, 'funnel', dimension, of, step);
  return {
    of,
    steps: present.map((step, at) => {
      const before = present[at - 1];
      const whole = before === undefined ? 0 : countOf(before);
      return {
        step,
        count: countOf(step),
        seen: numberAt(tree, 'seen', dimension, of, step),
        ...(whole > 0 && { ofBefore: countOf(step) / whole }),
      };
    }),
    lost: countOf('lost'),
    spans: spansOf(tree, dimension, of),
  };
};

const stepsOf = (dimension: string): readonly FunnelStep[] => {
  const from: FunnelStep = dimension === 'rep' ? 'mql' : dimension === 'all' || dimension === 'source' ? 'lead' : 'entered';
  return funnelSteps.slice(funnelSteps.indexOf(from));
};

const spansOf = (tree: Tree, dimension: string, of: string): readonly SpanRow[] => {
  const present = stepsOf(dimension);
  const pairs = [...present.slice(1).map((to, at) => [present[at] ?? '', to]), ['sal', 'won'], ['start', 'mql'], ['start', 'won']];
  return pairs.flatMap(([from = '', to = '']) => {
    const bins = [...(find(tree, ['time', dimension, of, `${from}>${to}`])?.below ?? [])]
      .map(([bin, { value }]) => ({ hours: hoursOfBin(bin), count: value }))
      .sort((one, other) => one.hours - other.hours);
    const all = bins.reduce((sum, it) => sum + it.count, 0);
    if (all === 0) return [];
    return [
      { from, to, of: all, quarter: quantile(bins, all, 0.25), half: quantile(bins, all, 0.5), threeQuarters: quantile(bins, all, 0.75) },
    ];
  });
};

/** The smallest at or below which so much of all lies. */
const quantile = (bins: readonly { readonly hours: number; readonly count: number }[], all: number, share: number): number => {
  let seen = 0;
  for (const { hours, count } of bins) {
    seen += count;
    if (seen >= share * all) return hours;
  }
  return 0;
};

const salesOf = (tree: Tree, dimension: string, of: string): SalesRow => {
  const at = (what: string) => numberAt(tree, 'task', dimension, of, what);
  const reasons = (what: string): Counts =>
    Object.fromEntries(
      [...(find(tree, ['task', dimension, of])?.below ?? [])]
        .flatMap(([name, { value }]) => (name.startsWith(`${what}: `) ? [[name.slice(what.length + 2), value] as const] : []))
        .sort(([one, of], [other, ofOther]) => ofOther - of || (one < other ? -1 : 1)),
    );
  return {
    of,
    made: at('made'),
    answered: at('accept') + at('reject') + at('recycle'),
    accept: at('accept'),
    reject: at('reject'),
    recycle: at('recycle'),
    won: at('won'),
    lost: at('lost'),
    held: at('held'),
    slaKept: at('sla-kept'),
    slaMissed: at('sla-missed'),
    slaOpen: at('sla-open'),
    rejectReasons: reasons('reject'),
    recycleReasons: reasons('recycle'),
    lostReasons: reasons('lost'),
  };
};

/** So many answered tasks with a rule, and so many rejects of all, before anything is said of it. */
export const fewestForRule = { answered: 20, rejects: 5 } as const;

/** Does a rule bring more rejects than tasks without it? Said only where chance alone would hardly look like it. */
const ruleOf = (row: SalesRow, all: SalesRow): RuleRow => {
  const { low, high } = wilson(row.reject, row.answered);
  const without = { reject: all.reject - row.reject, answered: all.answered - row.answered };
  const rates = { low, high, base: without.answered === 0 ? 0 : without.reject / without.answered };
  const { answered, rejects } = fewestForRule;
  if (row.answered < answered || all.reject < rejects) return { ...row, low, high, says: 'has too few to say' };
  return { ...row, low, high, says: without.answered < answered ? 'is in nearly all' : comparedBy(rates) };
};

const comparedBy = ({ low, high, base }: { readonly low: number; readonly high: number; readonly base: number }): RuleRow['says'] =>
  low > base ? 'misleads' : high < base ? 'helps' : 'is like the others';

const moneyOf = (tree: Tree, currency: string): MoneyReport => {
  const rows = (by: string): readonly ShareRow[] =>
    valuesOf(tree, ['share', currency, by])
      .map((of) => ({
        of,
        ...(Object.fromEntries(attributionModels.map((it) => [it, numberAt(tree, 'share', currency, by, of, it)])) as Record<
          AttributionModel,
          number
        >),
      }))
      .sort((one, other) => other.linear - one.linear || (one.of < other.of ? -1 : 1));
  return {
    currency,
    deals: numberAt(tree, 'deals', currency),
    total: numberAt(tree, 'money', currency),
    sequence: rows('sequence'),
    email: rows('email'),
    source: rows('source'),
  };
};

/** As local/meter.ts assumes. */
const gbSecondsPerCall = 0.25 * 0.06;

const costReportOf = (tree: Tree, { steps }: FunnelRow): CostReport => {
  const at = (name: keyof Usage) => numberAt(tree, 'usage', name);
  const usage: Usage = {
    emails: at('emails'),
    transitions: at('transitions'),
    lambdaRequests: at('lambdaRequests'),
    lambdaGbSeconds: at('lambdaRequests') * gbSecondsPerCall,
    writeUnits: at('writeUnits'),
    readUnits: at('readUnits'),
    queueRequests: at('queueRequests'),
    busEvents: at('busEvents'),
    scheduled: at('scheduled'),
  };
  const cost = costOf(usage);
  const per = (step: FunnelStep) => {
    const count = steps.find((it) => it.step === step)?.count ?? 0;
    return count === 0 ? undefined : cost.total / count;
  };
  const [perLead, perMql, perWon] = [per('lead'), per('mql'), per('won')];
  return {
    cost,
    usage,
    ...(perLead !== undefined && { perLead }),
    ...(perMql !== undefined && { perMql }),
    ...(perWon !== undefined && { perWon }),
  };
};

const weeksShown = 13;

/** The last weeks, the one under way among them. */
export const weeksOf = (cells: Cells, asOf: Instant): readonly WeekRow[] => {
  const tree = find(treeOf(cells), ['week']);
  const last = weekOf(asOf);
  return Array.from({ length: weeksShown }, (_, at) => last - weeksShown + 1 + at).map((week) => ({
    monday: mondayOf(week),
    counts: Object.fromEntries([...(tree?.below.get(String(week))?.below ?? [])].map(([what, { value }]) => [what, value] as const).sort()),
  }));
};

export const cohortsOf = (cells: Cells, goal: string): readonly Cohort[] => {
  const tree = treeOf(cells);
  return valuesOf(tree, ['cohort']).map((week) => ({
    week: Number(week),
    leads: numberAt(tree, 'cohort', week),
    events: Object.fromEntries([...(find(tree, ['curve', goal, week])?.below ?? [])].map(([age, { value }]) => [age, value])),
  }));
};

/** From the last whole week on; the first that is foretold is the one under way. */
export const forecastOf = (cells: Cells, goal: 'mql' | 'won', asOf: Instant, ahead: number): Forecast =>
  forecast(cohortsOf(cells, goal), { last: weekOf(asOf) - 1, ahead, seed: goal });
