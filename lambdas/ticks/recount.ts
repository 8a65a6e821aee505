import { markOf } from '#core/base36';
import type { LiveConfig } from '#core/config';
import { toldBy, walksFrom } from '#core/console/moves';
import { daysUpTo, utcDayOf } from '#core/counters';
import { countsOf } from '#core/counts-of';
import { isAslError } from '#core/errors';
import { type Running, runningIn } from '#core/experiments/rows';
import { addTrials, figuresFrom, trialsOf } from '#core/experiments/trials';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import { statsVersionSk } from '#core/keys';
import { quietNights } from '#core/quiet-lead';
import {
  addTo,
  afterPage,
  begin,
  byDay,
  type CountedCell,
  cellsIn,
  dayKey,
  firstDayOf,
  isDue,
  leadsPerSlice,
  placeOf,
  type RecountSlice,
  type RecountState,
  recountLeaseSeconds,
  secondsPerSlice,
} from '#core/recount';
import { addCells, type Cells } from '#core/report/cells';
import { factsWithTasks } from '#core/report/gather';
import { weekCells } from '#core/report/week-cells';
import { isOverdue } from '#core/retention';
import { askToErase } from '#lambdas/erase-lead';
import { isElsewhere, putInStage } from '#lambdas/put-in-stage';
import { onTick } from '#lambdas/runtime';
import { tellOfChanges } from '#lambdas/tell-of-changes';
import { keepForConsole, openPanes, type Panes, publishForConsole, putMoversBack } from './recount-for-console.ts';

type Handler = Use<'recount'>;
type Limits = { readonly leads: number; readonly seconds: number };

const pageSize = 100;
const atOnce = 8;
/** Erased within the days that are recounted. */
const mostErased = 10_000;

/**
 * Every night the counters of the last weeks are made what the leads' own rows say, and leads whose stage has faded are moved.
 * A call does a slice of it; what it found is on record before the state says that it is done.
 */
export const recount =
  (use: Handler, limits: Limits = { leads: leadsPerSlice, seconds: secondsPerSlice }) =>
  async (): Promise<void> => {
    const now = use.clock.now();
    const before = await use.recounts.state();
    if (!isDue(before, now) || (before?.leaseUntil ?? '') > now) return;
    const started = before && before.phase !== 'done' ? before : begin(before, now, use.liveCounts.areKept());
    const held = { ...started, revision: started.revision + 1, leaseUntil: addSeconds(now, recountLeaseSeconds) };
    if ((await use.recounts.save(before, held)) === 'refused') return;
    const until = addSeconds(now, limits.seconds);
    const { leaseUntil: _lease, ...next } = held.phase === 'walk' ? await walk(use, held, limits, until) : await replace(use, held, until);
    await use.recounts.save(held, { ...next, revision: held.revision + 1 });
    if (next.phase === 'done') use.log.info('counters recounted', { startedAt: next.startedAt });
  };

const walk = async (use: Handler, held: RecountState, limits: Limits, until: Instant): Promise<RecountState> => {
  if (held.isLive && use.clock.now() < walksFrom(held.startedAt)) return held;
  const live = await use.config.live();
  const running = runningIn(await use.artifacts.current());
  const trials: Record<string, number> = {};
  const fromDay = firstDayOf(held);
  const visited = new Set((await use.recounts.slices(held.shardFrom, held.slices)).flatMap((it) => it.visited));
  const sums: Record<string, number> = {};
  const weeks: Record<string, number> = {};
  const panes = await openPanes(use, held);
  let found: string[] = [];
  let counted = 0;
  let state = held;
  while (state.phase === 'walk' && counted < limits.leads && use.clock.now() <= until) {
    const { leadIds, next } = await use.recounts.leadsIn(placeOf(state), Math.min(pageSize, limits.leads), state.after);
    const fresh = [...new Set(leadIds)].map((leadId) => ({ leadId, mark: markOf(leadId) })).filter((it) => !visited.has(it.mark));
    for (let from = 0; from < fresh.length; from += atOnce) {
      const some = await Promise.all(
        fresh.slice(from, from + atOnce).map(({ leadId }) => countLead(use, leadId, { live, running, asOf: held.startedAt, panes })),
      );
      for (const [at, it] of some.entries()) {
        if (!it) continue;
        if (!it.isGone) found.push((fresh[from + at] as (typeof fresh)[number]).mark);
        addTo(sums, it.cells, fromDay);
        addTrials(trials, it.trials);
        addCells(weeks, it.weeks);
      }
    }
    for (const { mark } of fresh) visited.add(mark);
    counted += fresh.length;
    const { shard } = state;
    state = afterPage(state, fresh.length, next);
    if (state.shard !== shard) {
      // Who moved meanwhile is asked of everybody who was read.
      if (!held.isLive) found = [];
      state = { ...state, shardFrom: held.slices };
    }
  }
  const written = panes && (await use.recounts.writePanes(held.panes, panes.cells));
  return {
    ...state,
    ...(state.phase === 'replace' && { walkedAt: use.clock.now() }),
    slices: await use.recounts.writeSlice(held.slices, { sums, visited: found, trials, weeks }),
    ...(written && { panes: written }),
  };
};

type Counting = {
  readonly live: LiveConfig;
  readonly running: readonly Running[];
  readonly asOf: Instant;
  readonly panes: Panes | undefined;
};
/** `isGone`: it was erased while it was read; its counts stay, but the console's sums are without it. */
type LeadCounts = {
  readonly cells: readonly CountedCell[];
  readonly trials: readonly string[];
  readonly weeks: Cells;
  readonly isGone: boolean;
};
const nights = quietNights<LeadCounts>();

/**
 * Read for half the price: what the read may miss was written a moment ago, so whoever counted it did so since a minute before the
 * recount began, or begins before it ends, and either keeps that item for the next night.
 */
const countLead = async (use: Handler, leadId: string, { live, running, asOf, panes }: Counting): Promise<LeadCounts | undefined> => {
  const now = use.clock.now();
  const history = await use.histories.ofLead(leadId, 'eventual');
  const given = { history, live, now };
  // A time that is over, or a place in a list, is no matter of what happens to the lead.
  const isPlain = panes === undefined && running.length === 0;
  const known = isPlain ? nights.of(given) : undefined;
  if (known) return known;
  const told = factsWithTasks(history, { salesTasks: use.salesTasks, live, now });
  const facts = told instanceof Promise ? await told : told;
  if (!history.lead || !facts) return undefined;
  const isGone = panes !== undefined && (await keepForConsole(use, panes, { history, facts, live, now })) === 'gone';
  const isMoved = isElsewhere(history, history.lead, live, now);
  if (isMoved) await moveLead(use, leadId, live);
  const { retention } = live.brand;
  if (retention && isOverdue(history.lead, history, retention, now)) await letGo(use, leadId);
  const found = {
    cells: cellsIn(countsOf(given)),
    trials: trialsOf({ history, live, running, asOf }),
    weeks: weekCells(facts, now),
    isGone,
  };
  if (isPlain && !isMoved) nights.keep(given, history.lead, facts, found);
  return found;
};

/** A lead whose stage is what it was only because nothing happened since is moved on the way: by what is so now, not a moment ago. */
const moveLead = async (use: Handler, leadId: string, live: LiveConfig): Promise<void> => {
  const history = await use.histories.ofLead(leadId);
  if (!history.lead) return;
  try {
    await putInStage(use, history, history.lead, live);
    await tellOfChanges(use, leadId, ['stage']);
  } catch (error) {
    // Somebody moved it this very moment, and knows where to.
    if (!isAslError(error, 'RetryableError')) throw error;
  }
};

/** The tick `erase-leads` erases the lead, unless something happens with it before. */
const letGo = async (use: Handler, leadId: string): Promise<void> => {
  try {
    await askToErase(use, leadId, 'retention');
  } catch (error) {
    if (!isAslError(error, 'RetryableError')) throw error;
  }
};

/** What leads added who were erased since: their rows are gone, and the sums of these days stay what they were. */
const ofErased = async (use: Handler, { startedAt }: RecountState): Promise<readonly RecountSlice[]> => {
  const erased = await use.erasures.due('9999', mostErased);
  return erased.filter((it) => it.erasedAt !== undefined && it.erasedAt <= startedAt).map(({ counts }) => ({ sums: counts, visited: [] }));
};

const replace = async (use: Handler, held: RecountState, until: Instant): Promise<RecountState> => {
  if (held.isLive && use.clock.now() < toldBy(held.walkedAt ?? held.startedAt)) return held;
  const slices = await use.recounts.slices(0, held.slices);
  if (held.replaced === 0) await putFigures(use, held, slices);
  const truth = byDay([...slices, ...(await ofErased(use, held))]);
  const known = [
    ...(await use.counters.versions()),
    ...[...truth.keys()].map((it) => it.split('\t')).map(([sequence = '', version = '']) => ({ sequence, version })),
  ];
  const versions = [...new Map(known.map((it) => [statsVersionSk(it.sequence, it.version), it])).entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, it]) => it);
  const days = daysUpTo(firstDayOf(held), utcDayOf(held.startedAt));
  const all = versions.flatMap((version) => days.map((day) => ({ version, day })));
  let { replaced } = held;
  for (; replaced < all.length && use.clock.now() <= until; replaced++) {
    const { version, day } = all[replaced] as (typeof all)[number];
    const ofDay = truth.get(dayKey(version.sequence, version.version, day)) ?? {};
    await use.counters.replace(version, day, ofDay, { startedAt: held.startedAt, now: use.clock.now() });
  }
  if (replaced < all.length) return { ...held, replaced };
  const weeks: Record<string, number> = {};
  for (const it of slices) addCells(weeks, it.weeks ?? {});
  await use.recounts.writeReport(weeks, held.startedAt);
  const { state, isDone } = held.isLive
    ? await putMoversBack(use, held, { until, wasRead: wasReadIn(slices) })
    : { state: held, isDone: true };
  if (!isDone) return { ...state, replaced };
  if (use.cards.areKept()) await publishForConsole(use, state, truth);
  return { ...state, replaced, phase: 'done', asOf: held.startedAt, ...(held.isLive && { liveAsOf: held.startedAt }) };
};

const wasReadIn = (slices: readonly RecountSlice[]): ((leadId: string) => boolean) => {
  const visited = new Set(slices.flatMap((it) => it.visited));
  return (leadId) => visited.has(markOf(leadId));
};

/** Of experiments nothing is counted in between: their figures are those of the last night. */
const putFigures = async (use: Handler, { startedAt }: RecountState, slices: readonly RecountSlice[]): Promise<void> => {
  const running = runningIn(await use.artifacts.current());
  const figures = figuresFrom(
    slices.map((it) => it.trials ?? {}),
    running,
    startedAt,
  );
  for (const [it, counted] of figures) await use.experiments.putFigures(it, counted);
};

export const handler = onTick(recount);
