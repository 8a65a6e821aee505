import type { LiveConfig } from '#core/config';
import { fractionOf } from '#core/hash';
import type { Instant } from '#core/instant';
import type { History, SalesTasks } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { addCells, type Cells, type Window, windowCells } from './cells.ts';
import type { LeadFacts } from './facts.ts';
import { factsOf, taskIdsOf } from './facts-of.ts';
import { weekCells } from './week-cells.ts';

type Tasks = Pick<SalesTasks, 'find'>;
type Around = { readonly salesTasks: Tasks; readonly live: Pick<LiveConfig, 'scoring' | 'brand'>; readonly now: Instant };

type MaybeFacts = LeadFacts | undefined;

/** A lead's facts, its tasks read along: most leads have none, cost no read, and are told at once. */
export const factsWithTasks = (history: History, { salesTasks, live, now }: Around): MaybeFacts | Promise<MaybeFacts> => {
  if (!history.lead) return undefined;
  const taskIds = taskIdsOf(history);
  return taskIds.length === 0 ? factsOf({ history, tasks: [], live, now }) : readTasks(history, taskIds, { salesTasks, live, now });
};

const readTasks = async (history: History, taskIds: readonly string[], { salesTasks, live, now }: Around): Promise<MaybeFacts> => {
  const found = await Promise.all(taskIds.map((taskId) => salesTasks.find(taskId)));
  return factsOf({ history, tasks: found.filter((it): it is SalesTask => it !== undefined), live, now });
};

/** Adds up all leads, each once, though one that changes its stage meanwhile may come twice. Holds no lead longer than it takes. */
export const gather = async (
  histories: AsyncIterable<History & { readonly leadId: string }>,
  window: Window,
  around: Around,
): Promise<{ readonly cells: Cells; readonly leads: number }> => {
  const cells: Record<string, number> = {};
  // A number a lead: a million leads take some tens of megabytes.
  const seen = new Set<number>();
  for await (const history of histories) {
    const mark = fractionOf(history.leadId);
    if (seen.has(mark)) continue;
    const facts = await factsWithTasks(history, around);
    if (!facts) continue;
    seen.add(mark);
    addCells(cells, windowCells(facts, window));
    addCells(cells, weekCells(facts, around.now));
  }
  return { cells, leads: seen.size };
};
