import type { EventRow } from './events.ts';
import type { MailFacts } from './humans.ts';

/** What a score is made of: everything that happened to a lead, and how its mails travelled. Order does not matter. */
export type Ledger = { readonly events: readonly EventRow[]; readonly sends: readonly MailFacts[] };
export const emptyLedger: Ledger = { events: [], sends: [] };
