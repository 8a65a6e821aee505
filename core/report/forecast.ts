import { fractionOf } from '#core/hash';
import { type Draws, drawsOf } from './random.ts';

/** Leads that came in a week, and how many of them reached the goal when they were so many weeks old. `week`: core/report/weeks.ts. */
export type Cohort = { readonly week: number; readonly leads: number; readonly events: { readonly [ageWeeks: number]: number } };

export type Range = { readonly expected: number; readonly low: number; readonly high: number };
export type WeekForecast = Range & { readonly week: number };
export type Forecast = {
  readonly weeks: readonly WeekForecast[];
  readonly total: Range;
  /** Share of outcomes that should lie between low and high. */
  readonly level: number;
  readonly backTest: BackTest;
  /** Why it should not be relied on; none: it may. */
  readonly unreliable: readonly string[];
  readonly madeFrom: { readonly leads: number; readonly events: number; readonly weeks: number; readonly newLeadsPerWeek: number };
};
/** Weeks that were held out and forecast from what was known before: how many turned out to lie within. */
export type BackTest = { readonly weeks: number; readonly within: number; readonly actual: number; readonly expected: number };

const level = 0.8;
/** Weeks whose leads speak, and ages after which nothing is expected any more. */
const lookBack = 52;
/** New leads are taken to come as in these weeks. */
const inflowWeeks = 12;
const heldOut = 12;
const simulations = { forecast: 1000, backTest: 200 } as const;
/** A curve is flat within each of these stretches of ages: late conversions are few. */
const stretches = [0, 1, 2, 3, 4, 5, 6, 8, 12, 18, 26, 39, lookBack] as const;
const fewest = { events: 30, weeks: 12, heldOut: 8, within: 0.6 } as const;

/**
 * How many will reach the goal in each of the next weeks. `last`: the last whole week that is known; what happened later is not looked at.
 * Pure: the same cohorts and seed give the same forecast.
 */
export const forecast = (
  cohorts: readonly Cohort[],
  { last, ahead, seed }: { readonly last: number; readonly ahead: number; readonly seed: string },
): Forecast => {
  const known = knownBy(cohorts, last);
  const runs = simulate(known, { last, ahead, times: simulations.forecast, draws: drawsOf(seedOf(`${seed} ${last}`)) });
  const backTest = backTestOf(cohorts, last, seed);
  const events = sum(known.flatMap((it) => Object.values(it.events)));
  const recent = inflowOf(known, last);
  const madeFrom = {
    leads: sum(known.map((it) => it.leads)),
    events,
    weeks: known.length,
    newLeadsPerWeek: sum(recent) / Math.max(1, recent.length),
  };
  return {
    weeks: Array.from({ length: ahead }, (_, at) => ({ week: last + 1 + at, ...rangeOf(runs.map((run) => run[at] ?? 0)) })),
    total: rangeOf(runs.map(sum)),
    level,
    backTest,
    unreliable: doubtsOf(madeFrom, backTest),
    madeFrom,
  };
};

/** What was on record at the end of a week: later cohorts and later events are cut off. Weeks without leads are cohorts too. */
export const knownBy = (cohorts: readonly Cohort[], last: number): readonly Cohort[] => {
  const byWeek = new Map(cohorts.map((it) => [it.week, it]));
  const first = Math.max(last - lookBack + 1, Math.min(last + 1, ...cohorts.map((it) => it.week)));
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const { week, leads, events } = byWeek.get(first + at) ?? { week: first + at, leads: 0, events: {} };
    return { week, leads, events: Object.fromEntries(Object.entries(events).filter(([age]) => week + Number(age) <= last)) };
  });
};

/**
 * Of those who had not reached it before, the share that does at each age (a discrete-time hazard). A cohort counts at an age only if
 * it has lived through that week: those that are too young yet are no failures.
 */
export const hazardsOf = (cohorts: readonly Cohort[], last: number): readonly number[] => {
  const ages = Array.from({ length: lookBack }, () => ({ atRisk: 0, events: 0 }));
  for (const { week, leads, events } of cohorts) {
    let left = leads;
    for (let age = 0; age <= last - week && age < lookBack; age++) {
      const at = ages[age];
      const here = events[age] ?? 0;
      if (at) {
        at.atRisk += left;
        at.events += here;
      }
      left -= here;
    }
  }
  return stretches.slice(0, -1).flatMap((from, at) => {
    const of = ages.slice(from, stretches[at + 1]);
    const atRisk = sum(of.map((it) => it.atRisk));
    return of.map(() => (atRisk === 0 ? 0 : sum(of.map((it) => it.events)) / atRisk));
  });
};

type Simulating = { readonly last: number; readonly ahead: number; readonly times: number; readonly draws: Draws };

/**
 * Each time: other weeks are drawn to learn the curve from (a bootstrap by whole cohorts), other recent weeks for how many leads will come, and
 * the counts themselves, as widely spread as past weeks were about their own expectation.
 */
const simulate = (known: readonly Cohort[], { last, ahead, times, draws }: Simulating): readonly (readonly number[])[] => {
  if (known.length === 0) return Array.from({ length: times }, () => Array.from({ length: ahead }, () => 0));
  const spread = spreadOf(known, last);
  const inflow = inflowOf(known, last);
  const waiting = known.map(({ week, leads, events }) => ({ age: last - week + 1, left: leads - sum(Object.values(events)) }));
  return Array.from({ length: times }, () => {
    const hazards = hazardsOf(
      known.map(() => known[draws.below(known.length)] as Cohort),
      last,
    );
    const leads = waiting.map((it) => ({ ...it }));
    return Array.from({ length: ahead }, () => {
      leads.push({ age: 0, left: inflow[draws.below(inflow.length)] ?? 0 });
      return draws.counts(step(leads, hazards), spread);
    });
  });
};

/** One week on: how many are expected to get there, and who is left. */
const step = (leads: { age: number; left: number }[], hazards: readonly number[]): number => {
  let expected = 0;
  for (const it of leads) {
    const here = it.left * (hazards[it.age] ?? 0);
    expected += here;
    it.left -= here;
    it.age++;
  }
  return expected;
};

const inflowOf = (known: readonly Cohort[], last: number): readonly number[] =>
  known.filter((it) => it.week > last - inflowWeeks).map((it) => it.leads);

/** How much more past weeks varied about what the curve says of them than counts do by chance; 1: no more. */
const spreadOf = (known: readonly Cohort[], last: number): number => {
  const hazards = hazardsOf(known, last);
  const weeks = new Map<number, { expected: number; actual: number }>();
  for (const { week, leads, events } of known) {
    let left = leads;
    for (let age = 0; age <= last - week; age++) {
      const at = weeks.get(week + age) ?? { expected: 0, actual: 0 };
      weeks.set(week + age, { expected: at.expected + left * (hazards[age] ?? 0), actual: at.actual + (events[age] ?? 0) });
      left -= events[age] ?? 0;
    }
  }
  const told = [...weeks.values()].filter((it) => it.expected > 0.5);
  if (told.length < 5) return 1;
  return Math.max(1, sum(told.map((it) => (it.actual - it.expected) ** 2 / it.expected)) / (told.length - 1));
};

/** Stands at the end of past weeks, one after the other, and forecasts those that came next, up to four. */
const backTestOf = (cohorts: readonly Cohort[], last: number, seed: string): BackTest => {
  const actualOf = (week: number) => sum(cohorts.map((it) => it.events[week - it.week] ?? 0));
  const tests = Array.from({ length: heldOut }, (_, at) => last - at - 1).flatMap((origin) => {
    const known = knownBy(cohorts, origin);
    if (known.length < fewest.weeks) return [];
    const ahead = Math.min(4, last - origin);
    const runs = simulate(known, { last: origin, ahead, times: simulations.backTest, draws: drawsOf(seedOf(`${seed} back ${origin}`)) });
    return Array.from({ length: ahead }, (_, at) => ({ ...rangeOf(runs.map((run) => run[at] ?? 0)), actual: actualOf(origin + 1 + at) }));
  });
  return {
    weeks: tests.length,
    within: tests.filter((it) => it.actual >= it.low && it.actual <= it.high).length,
    actual: sum(tests.map((it) => it.actual)),
    expected: tenth(sum(tests.map((it) => it.expected))),
  };
};

const doubtsOf = ({ events, weeks }: Forecast['madeFrom'], { weeks: tested, within }: BackTest): readonly string[] => [
  ...(events < fewest.events ? [`only ${events} in the weeks that it is made from; it takes ${fewest.events}`] : []),
  ...(weeks < fewest.weeks ? [`only ${weeks} whole weeks are known; it takes ${fewest.weeks}`] : []),
  ...(tested < fewest.heldOut ? [`only ${tested} past weeks could be held out to try it on; it takes ${fewest.heldOut}`] : []),
  ...(tested > 0 && within / tested < fewest.within
    ? [`of ${tested} past weeks that were held out only ${within} lay within their range`]
    : []),
];

const rangeOf = (counts: readonly number[]): Range => {
  const sorted = counts.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { expected: tenth(sum(counts) / Math.max(1, counts.length)), low: at((1 - level) / 2), high: at((1 + level) / 2) };
};

const seedOf = (text: string): number => Math.floor(fractionOf(text) * 2 ** 32);
const sum = (values: readonly number[]): number => values.reduce((all, it) => all + it, 0);
const tenth = (value: number): number => Math.round(value * 10) / 10;
