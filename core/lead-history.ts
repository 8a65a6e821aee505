import type { Enrolment } from './enrolment.ts';
import { addSeconds, type Instant } from './instant.ts';
import { shardOf, unsettledPk } from './keys.ts';
import type { SendRecord } from './sending.ts';
import type { Item } from './table.ts';

/** Beginnings of the sort keys of what happened to a lead. */
export const historyKinds = ['EVENT#', 'STAGE#', 'DECISION#', 'CONSENT#', 'ENROLMENT#', 'SEND#', 'MAILS#'] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** A row of a former lead as the other lead keeps it: the same, under its own id. Pure. */
export const inNewHands = (kind: HistoryKind, row: Item, { at }: { readonly at: Instant }, leadId: string): Item => {
  const owned: Item = row.leadId === undefined ? row : { ...row, leadId };
  switch (kind) {
    case 'ENROLMENT#':
      return endedRun(owned as unknown as Enrolment, at) as unknown as Item;
    case 'SEND#':
      return oldSend(owned as unknown as SendRecord) as unknown as Item;
    case 'EVENT#':
      return isFresh(owned, at) ? { ...owned, done: false } : owned;
    case 'STAGE#':
    case 'DECISION#':
    case 'CONSENT#':
    case 'MAILS#':
      return owned;
  }
};

/** Longer than a function may run: whoever was at work on it then has ended. */
const freshSeconds = 900;

/** It may have been in work when its lead was closed: then what it leads to may have gone to the former lead. */
export const isFresh = (event: Item, closedAt: Instant): boolean =>
  event.done !== true || (typeof event.notedAt === 'string' && event.notedAt > addSeconds(closedAt, -freshSeconds));

/** A run has ended at the latest when its lead did: no machine works on the copy. */
const endedRun = (run: Enrolment, at: Instant): Enrolment => {
  const { token: _token, step: _step, awaiting: _awaiting, sinceHere: _here, timed: _timed, entered: _entered, ...unparked } = run;
  const { gsi1pk: _pk, gsi1sk: _sk, waitSeconds: _wait, ...rest } = unparked;
  if (run.endedAt !== undefined && run.endedAt <= at) return rest;
  const stop = run.stop && run.stop.reason !== 'erased' && run.stop.at <= at ? run.stop : { reason: 'merged' as const, at };
  return { ...rest, stop, ending: 'stopped', endedAt: at };
};

/** One that nobody knows the fate of is looked for under its new owner too. */
const oldSend = (record: SendRecord): SendRecord =>
  record.gsi1pk === undefined ? record : { ...record, gsi1pk: unsettledPk(shardOf(record.leadId)) };
