import type { LiveConfig } from '#core/config';
import { isConfirmation } from '#core/consent';
import { cardsOf } from '#core/console/cards';
import { type Mover, moversIn, putBack } from '#core/console/moves';
import { placeOfCard } from '#core/console/positions';
import { runCellsOf, summaryDays, sumsOf } from '#core/console/run-cells';
import { reportDays } from '#core/console/views';
import { cellOf, type Sums } from '#core/counters';
import { isAslError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import type { History } from '#core/ports';
import type { RecountState } from '#core/recount';
import { addCells, byPane, type Cells, cell, windowCells, windowUpTo } from '#core/report/cells';
import type { LeadFacts } from '#core/report/facts';
import type { Artifact } from '#core/sequences/model';
import { everyTaskOfLead } from '#lambdas/tasks-of-lead';

type Handler = Use<'recount'>;

/** All that is added up for the console, by what it is for and its cell. */
export type Panes = { readonly cells: Record<string, number>; readonly asOf: Instant };

/** As far as the recount has come; undefined: there is no console, and nothing is kept for one. */
export const openPanes = async (use: Handler, held: RecountState): Promise<Panes | undefined> =>
  use.cards.areKept() ? { cells: { ...(await use.recounts.panes(held.panes)) }, asOf: held.startedAt } : undefined;

type Counted = { readonly history: History; readonly facts: LeadFacts; readonly live: LiveConfig; readonly now: Instant };

/**
 * One lead's part: its places in lists are written where they are not as they should be, the rest is added up. 'gone': it was erased
 * meanwhile, no place says where it was read, and nothing of it is added.
 */
export const keepForConsole = async (
  use: Handler,
  { cells, asOf }: Panes,
  { history, facts, live, now }: Counted,
): Promise<'kept' | 'gone'> => {
  const { lead } = history;
  if (!lead) return 'gone';
  const tasks = lead.handoffs > 0 || lead.handoff ? await everyTaskOfLead(use, lead, use.ids.taskId) : [];
  if ((await use.cards.put(lead.leadId, history.cards ?? [], cardsOf({ history, tasks, live, now }))) === 'gone') return 'gone';
  add(cells, 'stage', { [lead.stage]: 1 });
  for (const days of reportDays) add(cells, `window ${days}`, windowCells(facts, windowUpTo(asOf, days)));
  const runs = runCellsOf(history, await artifactsOf(use, history), asOf);
  for (const [sequence, of] of Object.entries(runs)) add(cells, `run ${sequence}`, of);
  return 'kept';
};

const add = (to: Record<string, number>, pane: string, cells: Cells): void => {
  for (const [name, count] of Object.entries(cells)) {
    const key = cell(pane, name);
    to[key] = (to[key] ?? 0) + count;
  }
};

/** A version that is kept nowhere any more has no diagram: its runs count without one. */
const artifactsOf = async (use: Handler, { enrolments }: History) => {
  const known = new Map<string, Artifact>();
  for (const { sequence, version } of enrolments) {
    const key = `${sequence}@${version}`;
    if (known.has(key) || isConfirmation(sequence)) continue;
    const artifact = await use.artifacts.get(sequence, version).catch((error: unknown) => {
      if (isAslError(error, 'PermanentError')) return undefined;
      throw error;
    });
    if (artifact) known.set(key, artifact);
  }
  return (sequence: string, version: string) => known.get(`${sequence}@${version}`);
};

/** What all leads came to, where the console reads it. Repeatable: a call that dies does it again. `truth`: mails, by day. */
export const publishForConsole = async (use: Handler, held: RecountState, truth: ReadonlyMap<string, Sums>): Promise<void> => {
  const asOf = held.startedAt;
  const panes = byPane(await use.recounts.panes(held.panes));
  for (const days of reportDays) await use.recounts.writeWindow(days, panes.get(`window ${days}`) ?? {}, asOf);
  const mails = mailsOf(truth, asOf);
  // Of one that was counted some night before there may be nobody left: it says so.
  const known = (await use.runFigures.all()).sequences.map((it) => it.sequence);
  const sequences = [...new Set([...[...panes.keys()].flatMap(sequenceIn), ...mails.keys(), ...known])].filter((it) => !isConfirmation(it));
  for (const sequence of sequences) {
    const cells = panes.get(`run ${sequence}`) ?? {};
    const summary = { sequence, asOf, ...sumsOf(cells, summaryDays), mails: mails.get(sequence) ?? {} };
    await use.runFigures.write(sequence, { cells, asOf, summary });
  }
  await use.runFigures.writeAll(panes.get('stage') ?? {}, asOf);
};

const sequenceIn = (pane: string): readonly string[] => (pane.startsWith('run ') ? [pane.slice('run '.length)] : []);

/** Of the days before the recount's own, which the console reads as they are. */
const mailsOf = (truth: ReadonlyMap<string, Sums>, asOf: Instant): ReadonlyMap<string, Record<string, number>> => {
  const { since, until } = windowUpTo(asOf, summaryDays);
  const found = new Map<string, Record<string, number>>();
  for (const sums of truth.values()) {
    for (const [text, count] of Object.entries(sums)) {
      const { sequence, day, metric } = cellOf(text);
      if (day < since || day >= until) continue;
      const of = found.get(sequence) ?? {};
      addCells(of, { [metric]: count });
      found.set(sequence, of);
    }
  }
  return found;
};

const atOnce = 25;
/**
 * Whoever moved while the walk read is put back to where they were when moves began to count: on top of that the moves come. Their cards
 * say where the walk read them; whom it did not read was nowhere in its sums. As many as there is time for.
 */
export const putMoversBack = async (
  use: Handler,
  held: RecountState,
  { until, wasRead }: { readonly until: Instant; readonly wasRead: (leadId: string) => boolean },
): Promise<{ readonly state: RecountState; readonly isDone: boolean }> => {
  const { startedAt, walkedAt = startedAt } = held;
  const movers = moversIn(await use.liveCounts.moves(startedAt), startedAt, walkedAt);
  const cells = { ...(await use.recounts.panes(held.panes)) };
  const from = held.putBack ?? 0;
  let at = from;
  for (; at < movers.length && use.clock.now() <= until; at += atOnce) {
    const some = movers.slice(at, at + atOnce);
    const read = await Promise.all(some.map(async (it) => (wasRead(it.leadId) ? placeRead(use, it) : undefined)));
    for (const [index, mover] of some.entries()) putBack(cells, mover, read[index]);
  }
  const isDone = at >= movers.length;
  return at === from
    ? { state: held, isDone }
    : { state: { ...held, panes: await use.recounts.writePanes(held.panes, cells), putBack: at }, isDone };
};
const placeRead = async (use: Handler, { leadId, name, card }: Mover) => {
  const found = await use.cards.find(leadId, name);
  if (found) return found.card && placeOfCard(found.card.list, found.card.version);
  // Erased, come again, and read after that, for it has a card of its stage anew: this one went before, and nobody read it.
  return card === undefined || (await use.cards.find(leadId, 'stage'))?.card ? undefined : card;
};
