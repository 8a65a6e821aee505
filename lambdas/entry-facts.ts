import { type Condition, leavesOf } from '#core/condition';
import type { LiveConfig } from '#core/config';
import { type Facts, needsLedger, trackedKeys } from '#core/evaluate-condition';
import { eventMatches } from '#core/event-keys';
import { type Instant, toEpoch, toInstant } from '#core/instant';
import type { Lead } from '#core/lead';
import { emptyLedger, type Ledger } from '#core/ledger';
import type { Ports } from '#core/ports';
import { hitsOf, type JudgedEvent, judgedInOrder } from '#core/scoring';
import { factsOn } from './facts.ts';

export type EntryFacts = {
  readonly facts: Facts;
  /** As they were right before each thing that earned or lost points since then. */
  readonly factsSince: (at: Instant) => readonly Facts[];
  readonly lastEventAt?: Instant;
};

type Asking = { readonly lead: Lead; readonly live: LiveConfig; readonly now: Instant };

/**
 * What conditions under `enter` are evaluated on: there is no run yet, so what the lead did counts whenever it did it. The history
 * is read only when one of them goes by it.
 */
export const loadEntryFacts = async (
  use: { readonly histories: Pick<Ports['histories'], 'ofLead'> },
  asking: Asking,
  conditions: readonly (Condition | undefined)[],
): Promise<EntryFacts> => {
  const all = conditions.filter((it) => it !== undefined);
  const isNeeded = all.some((it) => needsLedger(it) || leavesOf(it).some((leaf) => leaf.kind === 'event'));
  const ledger: Ledger = isNeeded ? await use.histories.ofLead(asking.lead.leadId) : emptyLedger;
  const done = judgedInOrder(ledger, asking.live.scoring).filter((it) => it.verdict.by === 'human');
  const keys = all.flatMap(trackedKeys);
  const factsAt = (at: Instant) => factsOn(ledger, { ...asking, seen: seenBy(done, keys, toEpoch(at)), now: at });
  const last = done.at(-1);
  return {
    facts: factsAt(asking.now),
    factsSince: (at) =>
      done
        .filter((it) => it.epoch > toEpoch(at) && it.epoch <= toEpoch(asking.now) && hitsOf(it, asking.live.scoring).length > 0)
        .map((it) => factsAt(toInstant(it.epoch - 1))),
    ...(last && { lastEventAt: last.at }),
  };
};

const seenBy = (done: readonly JudgedEvent[], keys: readonly string[], until: number): Facts['seen'] =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const first = done.find((it) => it.epoch <= until && eventMatches(it, key));
      return first ? [[key, first.at] as const] : [];
    }),
  );
