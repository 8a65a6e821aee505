import type { EventRow } from './events.ts';
import type { MailFacts } from './humans.ts';
import type { Instant } from './instant.ts';

/** Sales gave the lead back: what was earned until then counts `keeps` of what it did, 0 to 1. */
export type ScoreCut = { readonly id: string; readonly at: Instant; readonly answer?: { readonly keeps?: number } };

/**
 * What a score is made of: everything that happened to a lead, how its mails travelled, and what sales did with it. Order does not
 * matter.
 */
export type Ledger = {
  readonly events: readonly EventRow[];
  readonly sends: readonly MailFacts[];
  readonly moves?: readonly ScoreCut[];
};
export const emptyLedger: Ledger = { events: [], sends: [] };

type WithEvents = { readonly events: readonly EventRow[] };

/**
 * The same without what is still in work, and without what is yet to come. Of a history that has neither, the very same one: what was
 * found out about it is remembered by its identity, and holds on.
 */
export const settled = <History extends WithEvents>(history: History, upTo?: Instant): History => {
  const isSettled = (it: EventRow): boolean => it.done && (upTo === undefined || it.at <= upTo);
  return history.events.every(isSettled) ? history : { ...history, events: history.events.filter(isSettled) };
};
