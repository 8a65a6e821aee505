import { utcDayOf } from '#core/counters';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import { attributionModels, partsOf } from './attribution.ts';
import { type FunnelStep, funnelSteps, type LeadFacts, type Reached, type TaskFacts, type WinFacts } from './facts.ts';
import type { LeadTouch } from './touches.ts';

/**
 * A report's figures: whole numbers by the text of a cell. Adding two of them up, in whatever order, is the report of both; how many
 * cells there are depends on what marketing has, not on how many leads.
 */
export type Cells = { readonly [cell: string]: number };
export const parting = '\t';
export const cell = (...parts: readonly (string | number)[]): string => parts.join(parting);
export type Take = (name: string, count?: number) => void;

export const addCells = (to: Record<string, number>, more: Cells): void => {
  for (const name in more) to[name] = (to[name] ?? 0) + (more[name] as number);
};

/** By the first part of their names: what they are for. */
export const byPane = (cells: Cells): ReadonlyMap<string, Cells> => {
  const panes = new Map<string, Record<string, number>>();
  for (const [key, count] of Object.entries(cells)) {
    const cut = key.indexOf(parting);
    const pane = panes.get(key.slice(0, cut)) ?? {};
    pane[key.slice(cut + 1)] = count;
    panes.set(key.slice(0, cut), pane);
  }
  return panes;
};

/** Whoever had tasks, also who left since. */
export const repsIn = (cells: Cells): readonly string[] => {
  const places = Object.keys(cells).map((it) => it.split(parting));
  return [...new Set(places.flatMap(([what, dimension, rep]) => (what === 'task' && dimension === 'rep' && rep ? [rep] : [])))].sort();
};

export const collected = (tell: (take: Take) => void): Cells => {
  const cells: Record<string, number> = {};
  tell((name, count = 1) => {
    if (count !== 0) cells[name] = (cells[name] ?? 0) + count;
  });
  return cells;
};

/** Days (UTC), both included. */
export type Window = { readonly since: string; readonly until: string };
/** So many days, that of `at` the last. */
export const windowUpTo = (at: Instant, days: number): Window => ({
  since: utcDayOf(addSeconds(at, -(days - 1) * 86_400)),
  until: utcDayOf(at),
});
export const isIn = ({ since, until }: Window, at: Instant | undefined): boolean =>
  at !== undefined && at.slice(0, 10) >= since && at.slice(0, 10) <= until;

/**
 * What one lead adds to the report of a window. Who came in the window is followed to this day: leads by when they were made, runs by when
 * they began, tasks by when they were made; money by when it was won.
 */
export const windowCells = (facts: LeadFacts, window: Window): Cells =>
  collected((take) => {
    const { source } = facts;
    if (isIn(window, facts.reached.lead)) {
      for (const [dimension, value] of [
        ['all', ''],
        ['source', source],
      ] as const)
        takeFunnel(take, dimension, value, facts.reached, facts.lost);
      take(cell('mails'), facts.mails);
      for (const [name, count] of Object.entries(facts.usage)) if (name !== 'lambdaGbSeconds') take(cell('usage', name), count);
    }
    for (const run of facts.runs.filter((it) => isIn(window, it.reached.entered))) {
      takeFunnel(take, 'sequence', run.sequence, run.reached, run.lost);
      takeFunnel(take, 'version', `${run.sequence} ${run.version.slice(0, 12)}`, run.reached, run.lost);
      if (run.arm !== '') takeFunnel(take, 'arm', `${run.sequence} ${run.arm}`, run.reached, run.lost);
    }
    for (const task of facts.tasks.filter((it) => isIn(window, it.at))) {
      if (task.reached.mql !== undefined) takeFunnel(take, 'rep', task.rep, task.reached, task.lost);
      for (const [dimension, value] of placesOf(task, source)) takeTask(take, dimension, value, task);
    }
    for (const win of facts.wins.filter((it) => isIn(window, it.at))) takeMoney(take, win, source);
  });

/** When each step was reached or gone beyond; never later than the one after it. */
export const passed = (reached: Reached): Reached => {
  const found: { [step in FunnelStep]?: Instant } = {};
  let later: Instant | undefined;
  for (const step of funnelSteps.toReversed()) {
    const own = reached[step];
    if (own !== undefined && (later === undefined || own < later)) later = own;
    if (later !== undefined) found[step] = later;
  }
  return found;
};

const takeFunnel = (take: Take, dimension: string, value: string, reached: Reached, lost: Instant | undefined): void => {
  const all = passed(reached);
  const steps = funnelSteps.filter((it) => all[it] !== undefined && isOf(dimension, it));
  steps.forEach((step, at) => {
    take(cell('funnel', dimension, value, step));
    if (reached[step] !== undefined) take(cell('seen', dimension, value, step));
    const next = steps[at + 1];
    if (next !== undefined) take(cell('time', dimension, value, `${step}>${next}`, spanBin(all[step], all[next])));
  });
  if (all.sal !== undefined && all.won !== undefined) take(cell('time', dimension, value, 'sal>won', spanBin(all.sal, all.won)));
  for (const goal of ['mql', 'won'] as const) {
    const [first] = steps;
    if (first !== undefined && first !== goal && steps.includes(goal))
      take(cell('time', dimension, value, `start>${goal}`, spanBin(all[first], all[goal])));
  }
  if (lost !== undefined) take(cell('funnel', dimension, value, 'lost'));
};

/** A run begins when the lead enters; a rep's part begins with the task. */
const isOf = (dimension: string, step: FunnelStep): boolean => {
  const at = funnelSteps.indexOf(step);
  if (dimension === 'rep') return at >= funnelSteps.indexOf('mql');
  return dimension === 'all' || dimension === 'source' || at >= funnelSteps.indexOf('entered');
};

/** Whole hours up to two days, then whole days. */
const spanBin = (from: Instant | undefined, to: Instant | undefined): string => {
  const hours = Math.floor((toEpoch(to ?? '') - toEpoch(from ?? '')) / 3_600_000);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
};
export const hoursOfBin = (bin: string): number => Number.parseInt(bin, 10) * (bin.endsWith('d') ? 24 : 1);

export const placesOf = (task: TaskFacts, source: string): readonly (readonly [dimension: string, value: string])[] => [
  ['all', ''],
  ['rep', task.rep],
  ['source', source],
  ...(task.sequences.length > 0 ? task.sequences : ['no sequence']).map((it) => ['sequence', it] as const),
  ...task.rules.map((it) => ['rule', it] as const),
];

const takeTask = (take: Take, dimension: string, value: string, task: TaskFacts): void => {
  const say = (what: string) => take(cell('task', dimension, value, what));
  say('made');
  if (task.status === 'holding') say('held');
  if (task.status === 'cancelled') say('cancelled');
  if (task.verdict !== undefined) say(task.verdict);
  if (task.reached.won !== undefined) say('won');
  if (task.lost !== undefined) say('lost');
  if (task.sla !== 'none') say(`sla-${task.sla}`);
  if (task.verdict !== undefined && task.verdict !== 'accept') say(`${task.verdict}: ${task.reason ?? 'no reason given'}`);
  if (task.lostReason !== undefined) say(`lost: ${task.lostReason}`);
};

/** Who is given money without having done anything that we know of. */
const noTouch = '(no touch on record)';

const takeMoney = (take: Take, { cents, currency, touches }: WinFacts, source: string): void => {
  take(cell('deals', currency));
  take(cell('money', currency), cents);
  for (const model of attributionModels) {
    const give = (dimension: string, value: string, part: number) => take(cell('share', currency, dimension, value, model), part);
    give('source', source, cents);
    const parts = partsOf(model, cents, touches.length);
    touches.forEach((touch, at) => {
      give('sequence', touch.sequence ?? `(${touch.channel})`, parts[at] ?? 0);
      give('email', mailOf(touch), parts[at] ?? 0);
    });
    if (touches.length === 0) for (const dimension of ['sequence', 'email']) give(dimension, noTouch, cents);
  }
};

const mailOf = ({ sequence, step, channel }: LeadTouch): string =>
  sequence === undefined ? `(${channel})` : step === undefined ? sequence : `${sequence}/${step}`;
