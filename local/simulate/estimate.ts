import { jackknifeMargin, leastMargin, type Without } from '#core/margins';
import type { Plan } from './plan.ts';
import { fewestBlocks, isSample, scaleOf } from './sample.ts';
import type { Counts, Simulated } from './simulate.ts';
import type { Tally } from './tally.ts';

/** Beside each figure how far the whole may be from it, with 95 %; where nothing stands, nobody can say. */
export type Margins<Figures> = { readonly [Name in keyof Figures]?: Figures[Name] extends number ? number : Margins<Figures[Name]> };

/** What was counted of a sample that was run to its end, so that it can stand for all; undefined: it was no sample, or interrupted. */
export type Sampling = Counts & { readonly of: number; readonly scale: number; readonly groups: readonly Counts[] };

export const samplingOf = (plan: Plan, simulated: Pick<Simulated, keyof Counts | 'groups'>): Sampling | undefined => {
  if (!isSample(plan)) return undefined;
  const scale = scaleOf(plan);
  return Math.round(simulated.leads * scale) < plan.leads ? undefined : { ...simulated, of: plan.leads, scale };
};

/** The figures of all leads, as the sample has them; margins only where there are groups enough to tell. */
export const estimate = <Figures>(
  sampling: Sampling,
  figures: (counts: Counts) => Figures,
): { readonly figures: Figures; readonly margins: Margins<Figures> | undefined } => {
  const { groups, of, scale, leads } = sampling;
  const all = figures(scaled(sampling, of));
  if (groups.length < fewestBlocks) return { figures: all, margins: undefined };
  const without = groups.map((it) => ({ figures: figures(scaled(sampling, of, it)), share: it.leads / leads }));
  return { figures: all, margins: marginsOf(all, without, { scale, sampled: leads / of }) as Margins<Figures> };
};

/** As if all leads were as those of the sample are; without a group: as the others are. Whole numbers, as counts are. */
const scaled = ({ tallies, difference, leads }: Counts, of: number, without?: Counts): Counts => {
  const scale = of / (leads - (without?.leads ?? 0));
  const scaledTally = (tally: Tally, less: Tally = new Map()): Tally =>
    new Map([...tally].map(([name, count]) => [name, Math.round((count - (less.get(name) ?? 0)) * scale)]));
  return {
    tallies: tallies.map((it, at) => scaledTally(it, without?.tallies[at])),
    difference: scaledTally(difference, without?.difference),
    leads: of,
  };
};

type Part = { readonly scale: number; readonly sampled: number };
type Other = { readonly figures: unknown; readonly share: number };

/** Given, not counted. */
const given = ['days', 'quota', 'warmUp', 'atMostPerDay', 'acceptWithinHours', 'atMostOpen', 'capacity', 'slaHours', 'ofLeads'];
/** Nothing smooth: what a group changes tells nothing of what chance does to it. */
const jumps = [
  'medianDaysToQualify',
  'medianAnswerHours',
  'medianWaitHours',
  'daysHeldWithRoom',
  'daysOverQuota',
  'pauses',
  'samples',
  'neverReached',
];
/** Not counts of what happens to leads one by one. */
const amounts = ['costUsd', 'usage', 'worth', 'share', 'costPerLead', 'costPerQualified', 'perWorkingDay', 'callsByHandler', 'imported'];

const isAmount = (name: string): boolean => amounts.includes(name) || /^(AWS cost|won, in )/.test(name);

const marginsOf = (all: unknown, without: readonly Other[], part: Part, isCount = true, isTop = true): unknown => {
  if (typeof all === 'number') {
    const others = without.map((it): Without => ({ value: numberIn(it.figures), share: it.share }));
    const least = isCount ? leastMargin(Math.round(Math.abs(all) / part.scale)) * part.scale * Math.sqrt(1 - part.sampled) : 0;
    return roundedUp(Math.max(jackknifeMargin(all, others, part.sampled), least), isCount);
  }
  if (Array.isArray(all)) {
    const found = without.map(({ figures, share }) => {
      const items = Array.isArray(figures) ? figures : [];
      return { share, byName: new Map(items.map((it) => [nameOf(it), it] as const)) };
    });
    return all.map((item) =>
      marginsOf(
        item,
        found.map(({ byName, share }) => ({ figures: byName.get(nameOf(item)), share })),
        part,
        isCount,
        false,
      ),
    );
  }
  if (typeof all !== 'object' || all === null) return undefined;
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => {
      if (given.includes(name) || jumps.includes(name) || isNameOf(all, name)) return [];
      // How many leads there are is known, but for rows of a list that are refused.
      const counts = isCount && !isAmount(name) && !(name === 'leads' && isTop && typeof value === 'number');
      const isReport = isTop && (name === 'before' || name === 'after');
      const inner = without.map(({ figures, share }) => ({ figures: fieldOf(figures, name), share }));
      const margins = marginsOf(value, inner, part, counts, isReport);
      return margins === undefined ? [] : [[name, margins] as const];
    }),
  );
};

const numberIn = (figures: unknown): number => (typeof figures === 'number' ? figures : 0);
const fieldOf = (figures: unknown, name: string): unknown =>
  typeof figures === 'object' && figures !== null ? (figures as Record<string, unknown>)[name] : undefined;

/** An item of a list is itself by its texts; one of a histogram by where it stands in it. */
const nameOf = (item: unknown): string =>
  typeof item === 'object' && item !== null
    ? Object.entries(item)
        .filter(([name, value]) => typeof value === 'string' || isNameOf(item, name))
        .map(([name, value]) => `${name} ${value}`)
        .join('\t')
    : String(item);

/** `{ emails: 3, leads: 120 }`, `{ days: 2, leads: 7 }`. */
const isNameOf = (item: object, name: string): boolean =>
  (name === 'emails' || name === 'days') && 'leads' in item && Object.keys(item).length === 2;

const roundedUp = (margin: number, isCount: boolean): number => (isCount ? Math.ceil(margin) : Number(margin.toPrecision(4)));
