import { memoryTable } from '#adapters/memory/memory-table';
import { cardStore } from '#adapters/stores/cards';
import { isConfirmation } from '#core/consent';
import { type Card, cardsOf } from '#core/console/cards';
import { runCellsOf, summaryDays, sumsOf } from '#core/console/run-cells';
import { reportDays } from '#core/console/views';
import { utcDayOf } from '#core/counters';
import { countsOf } from '#core/counts-of';
import type { Instant } from '#core/instant';
import type { History, Ports, RunSummary } from '#core/ports';
import { addCells, type Cells, windowCells, windowUpTo } from '#core/report/cells';
import { factsWithTasks } from '#core/report/gather';
import { weekCells } from '#core/report/week-cells';
import type { Artifact } from '#core/sequences/model';
import { everyTaskOfLead } from '#lambdas/tasks-of-lead';
import type { DevWorld } from './dev-world.ts';

type ReadModels = Pick<Ports, 'cards' | 'runFigures' | 'recounts'>;

/**
 * What the nightly recount keeps for the console on AWS, made here from the same rows by the same functions whenever something changed:
 * in a world where a month passes in a minute nobody waits for the night. Some thousand leads are meant; more take longer.
 */
export const devReadModels = (dev: DevWorld): ReadModels => {
  const { world } = dev;
  const cards = cardStore(memoryTable(), async () => true);
  const kept = new Map<string, readonly Card[]>();
  const counted = oncePerState(
    () => dev.revision(),
    () => countAll(dev, cards, kept),
  );
  return {
    cards: {
      ...cards,
      page: async (...asked) => {
        await counted();
        return cards.page(...asked);
      },
    },
    runFigures: {
      ...world.ports.runFigures,
      all: async () => {
        const { asOf, stages, summaries } = await counted();
        return { asOf, stages, sequences: summaries };
      },
      ofSequence: async (sequence) => {
        const { asOf, runs } = await counted();
        return { asOf, cells: runs[sequence] ?? {} };
      },
    },
    recounts: {
      ...world.ports.recounts,
      report: async () => {
        const { asOf, weeks } = await counted();
        return { asOf, cells: weeks };
      },
      window: async (days) => {
        const { asOf, windows } = await counted();
        return { asOf, cells: windows[days] ?? {} };
      },
    },
  };
};

/** Pages ask every second: while the world runs they get what was so a moment ago, and most of the time is left to the world. */
const restsFor = 4;
const oncePerState = <T>(revisionOf: () => number, count: () => Promise<T>): (() => Promise<T>) => {
  let made: { revision: number; value: Promise<T>; isDone: boolean; againAt: number } | undefined;
  return () => {
    const revision = revisionOf();
    if (made && (made.revision === revision || !made.isDone || performance.now() < made.againAt)) return made.value;
    const begun = performance.now();
    const mine = { revision, value: count(), isDone: false, againAt: 0 };
    made = mine;
    const done = () => {
      mine.isDone = true;
      mine.againAt = performance.now() + restsFor * (performance.now() - begun);
    };
    mine.value.then(done, () => {
      made = undefined;
    });
    return mine.value;
  };
};

type Counted = {
  readonly asOf: Instant;
  readonly stages: { readonly [stage: string]: number };
  readonly summaries: readonly RunSummary[];
  readonly runs: { readonly [sequence: string]: Cells };
  readonly weeks: Cells;
  readonly windows: { readonly [days: number]: Cells };
};

const countAll = async (dev: DevWorld, cards: Ports['cards'], kept: Map<string, readonly Card[]>): Promise<Counted> => {
  const { world, live, leads, profiles } = dev;
  const asOf = world.clock.now();
  const artifacts = new Map((await everyArtifact(dev)).map((it) => [`${it.sequence}@${it.version}`, it]));
  const stages: Record<string, number> = {};
  const runs: Record<string, Record<string, number>> = {};
  const mails: Record<string, Record<string, number>> = {};
  const weeks: Record<string, number> = {};
  const windows = Object.fromEntries(reportDays.map((days) => [days, {} as Record<string, number>]));
  const { since, until } = windowUpTo(asOf, summaryDays);
  const ids = [...leads.entries()].map(([leadId]) => leadId);
  for (const [at, history] of (await profiles.ofAll(ids)).entries()) {
    const leadId = ids[at] ?? '';
    const one = await countOne(dev, history, artifacts, asOf);
    await cards.put(leadId, kept.get(leadId) ?? [], one.cards);
    kept.set(leadId, one.cards);
    if (!history.lead) continue;
    addCells(stages, { [history.lead.stage]: 1 });
    for (const [sequence, cells] of Object.entries(one.runs)) addCells(of(runs, sequence), cells);
    for (const it of countsOf({ history, live, now: asOf }))
      if (it.day >= since && it.day < until) addCells(of(mails, it.sequence), { [it.metric]: it.count });
    addCells(weeks, one.weeks);
    for (const days of reportDays) addCells(windows[days] ?? {}, one.windows[days] ?? {});
  }
  const summaries = [...new Set([...artifacts.values()].map((it) => it.sequence))]
    .filter((it) => !isConfirmation(it))
    .map((sequence) => ({ sequence, asOf, ...sumsOf(runs[sequence] ?? {}, summaryDays), mails: mails[sequence] ?? {} }));
  return { asOf, stages, summaries, runs, weeks, windows };
};

type One = Pick<Counted, 'weeks' | 'windows' | 'runs'> & { readonly cards: readonly Card[]; readonly day: string };

/** A lead to whom nothing happened adds the same all day; a task may change hands without a word in its lead's rows. */
const countOne = async (dev: DevWorld, history: History, artifacts: ReadonlyMap<string, Artifact>, now: Instant): Promise<One> => {
  const day = utcDayOf(now);
  const known = counts.get(history);
  if (known?.day === day) return known;
  const { ports } = dev.world;
  const { lead } = history;
  const tasks = lead ? await everyTaskOfLead(ports, lead, ports.ids.taskId) : [];
  const facts = await factsWithTasks(history, { salesTasks: ports.salesTasks, live: dev.live, now });
  const one: One = {
    day,
    cards: cardsOf({ history, tasks, live: dev.live, now }),
    runs: runCellsOf(history, (id, version) => artifacts.get(`${id}@${version}`), now),
    weeks: facts ? weekCells(facts, now) : {},
    windows: Object.fromEntries(reportDays.map((days) => [days, facts ? windowCells(facts, windowUpTo(now, days)) : {}])),
  };
  if (tasks.length === 0) counts.set(history, one);
  return one;
};
const counts = new WeakMap<History, One>();

const of = (all: Record<string, Record<string, number>>, name: string): Record<string, number> => {
  const known = all[name] ?? {};
  all[name] = known;
  return known;
};

/** Of the versions that somebody is on. */
const everyArtifact = async ({ world, enrolments, leads }: DevWorld) => {
  const ids = [...leads.entries()].map(([leadId]) => leadId);
  const met = new Map((await enrolments.ofAll(ids)).flat().map((it) => [`${it.sequence}@${it.version}`, it]));
  const older = await Promise.all([...met.values()].map((it) => world.ports.artifacts.get(it.sequence, it.version).catch(() => undefined)));
  return [...(await world.ports.artifacts.current()), ...older.filter((it) => it !== undefined)];
};
