import type { OwnEvent } from '#core/events';
import type { Use } from '#core/handlers';

const atOnce = 10;

export type Numbered = { readonly index: number; readonly event: OwnEvent };

/**
 * Queues events some at a time and returns the indexes of those that were not taken. A queue that refuses one is not asked for the
 * rest: whoever sent them sends them again, and a repeat of those that were taken changes nothing.
 */
export const pushEvents = async (
  use: Pick<Use<'ingest'>, 'eventQueue'>,
  events: readonly Numbered[],
): Promise<{ readonly taken: number; readonly notTaken: readonly number[] }> => {
  for (let from = 0; from < events.length; from += atOnce) {
    const some = events.slice(from, from + atOnce);
    const done = await Promise.allSettled(some.map(({ event }) => use.eventQueue.push(event)));
    const refused = some.filter((_, at) => done[at]?.status === 'rejected');
    if (refused.length === 0) continue;
    const notTaken = [...refused, ...events.slice(from + atOnce)].map((it) => it.index);
    return { taken: events.length - notTaken.length, notTaken };
  }
  return { taken: events.length, notTaken: [] };
};
