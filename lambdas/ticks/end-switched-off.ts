import type { Enrolment } from '#core/enrolment';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import { shards } from '#core/keys';
import { type EndingWalk, leftSequences, mostLeaving, walkFor } from '#core/switched-off';

type Handler = Use<'watchdog'>;

type Limits = { readonly pageSize: number; readonly most: number };
const usual: Limits = { pageSize: 200, most: mostLeaving };
const pushedTogether = 25;
/** No wait is longer: this is every run that waits. */
const farSeconds = 400 * 86_400;
/** Every function has the new rules by then. */
const settledSeconds = 120;

/**
 * Ends the runs of sequences that are switched off with `inside: exit`, however long they would have waited: each of their leads is
 * woken, and what wakes asks the rules. Page by page through the due index, so many a tick; where it came to stands on a row, so that a
 * crash costs a page, and a repeat wakes who has left already.
 */
export const endSwitchedOff = async (use: Handler, until: Instant, limits = usual): Promise<void> => {
  const now = use.clock.now();
  const live = await use.config.live();
  const sequences = leftSequences(live.brand);
  const walk = await use.line.endingWalk();
  const rules = walkFor(sequences, live.hash, now);
  if ((walk?.rules ?? '') !== rules) return use.line.noteEndingWalk({ rules, since: now });
  if (!walk || walk.isDone || rules === '' || now < addSeconds(walk.since, settledSeconds)) return;
  await goOn(use, walk, sequences, { ...limits, until });
};

const goOn = async (
  use: Handler,
  from: EndingWalk,
  sequences: readonly string[],
  limits: Limits & { readonly until: Instant },
): Promise<void> => {
  let walk = from;
  let told = 0;
  while (!walk.isDone && told < limits.most && use.clock.now() <= limits.until) {
    const { rules, since, shard: at = 0, after } = walk;
    const shard = shards[at] ?? '0';
    const { runs, next } = await use.enrolments.overdue(shard, addSeconds(use.clock.now(), farSeconds), limits.pageSize, after);
    told += await wakeAll(use, runs, sequences);
    if (next) walk = { rules, since, shard: at, after: next };
    else walk = { rules, since, ...(at + 1 < shards.length ? { shard: at + 1 } : { isDone: true }) };
    await use.line.noteEndingWalk(walk);
  }
  if (told > 0) use.log.info('leads of switched-off sequences woken', { count: told, isDone: walk.isDone ?? false });
};

const wakeAll = async (use: Handler, runs: readonly Enrolment[], sequences: readonly string[]): Promise<number> => {
  const inside = runs.filter((it) => it.endedAt === undefined && !it.stop && sequences.includes(it.sequence));
  const leads = [...new Set(inside.map((it) => it.leadId))];
  for (let from = 0; from < leads.length; from += pushedTogether)
    await Promise.all(leads.slice(from, from + pushedTogether).map((leadId) => use.wakeQueue.push({ leadId, changed: [] })));
  return leads.length;
};
