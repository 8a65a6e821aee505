import { isPatient } from './holds.ts';
import { addSeconds, type Instant } from './instant.ts';
import { shardOf, unsettledPk } from './keys.ts';
import type { SendMessage } from './messages.ts';
import type { Reason } from './reasons.ts';
import type { SendRecord, StepAnswer } from './sending.ts';
import { withMore } from './with-more.ts';

/**
 * The life of one send record (DESIGN.md, "Sending: effectively once"). Every function returns the record to write next,
 * with its revision raised; the write is refused when somebody else wrote first, and then nothing happened.
 */

/** Longer than a sender may run, shorter than the queue's visibility times its receives. */
export const leaseSeconds = 120;
/** An UNKNOWN that no SES event settled counts as sent after this. */
export const assumeSentAfterSeconds = 24 * 3600;

export const firstClaim = (message: SendMessage, now: Instant): SendRecord => ({
  leadId: message.leadId,
  enrolmentId: message.enrolmentId,
  step: message.step,
  round: message.round,
  sequence: message.sequence,
  version: message.version,
  leg: message.leg,
  state: 'CLAIMED',
  revision: 1,
  claimedAt: now,
  leaseUntil: addSeconds(now, leaseSeconds),
  deferrals: 0,
});

export type Redelivery =
  /** Nobody works on it: write this claim, then go on as if it were the first. */
  | { readonly do: 'claim'; readonly record: SendRecord }
  /** It is decided: tell the machine the same again. */
  | { readonly do: 'repeat'; readonly answer: StepAnswer }
  | { readonly do: 'halt'; readonly reason: string }
  /** Another sender may still be at it: back to the queue. */
  | { readonly do: 'wait' }
  /** A sender died around its call to SES: write UNKNOWN, then repeat its answer. */
  | { readonly do: 'settle-unknown'; readonly record: SendRecord };

export const onRedelivery = (record: SendRecord, message: SendMessage, now: Instant): Redelivery => {
  switch (record.state) {
    case 'CLAIMED':
      return now < record.leaseUntil ? { do: 'wait' } : { do: 'claim', record: claimAgain(record, message, now) };
    case 'RELEASED':
      return { do: 'claim', record: claimAgain(record, message, now) };
    case 'CALLING':
      return now < record.leaseUntil ? { do: 'wait' } : { do: 'settle-unknown', record: toUnknown(record, 'sender-lost') };
    case 'CANCELLED':
      return message.leg === record.leg
        ? { do: 'halt', reason: record.reason ?? 'stopped' }
        : { do: 'claim', record: claimAgain(record, message, now) };
    case 'SENT':
    case 'ASSUMED_SENT':
    case 'UNKNOWN':
    case 'FAILED':
    case 'SKIPPED':
      return { do: 'repeat', answer: record.answer ?? { outcome: 'sent', due: {} } };
  }
};

const claimAgain = (record: SendRecord, message: SendMessage, now: Instant): SendRecord => ({
  ...record,
  revision: after(record),
  state: 'CLAIMED',
  leg: message.leg,
  version: message.version,
  claimedAt: now,
  leaseUntil: addSeconds(now, leaseSeconds),
});

/** What counted it, what the counters need to know of it, and whose words went. */
export type SendNotes = Pick<SendRecord, 'countedOn' | 'paidIn' | 'topic' | 'arm' | 'contentVersion' | 'contentKept'>;

/**
 * Just before the one call. `answer` is what the machine will be told if nobody ever learns more. In no index: the message
 * is still in the queue, and its redelivery finds a sender that died (two write units less for every mail).
 */
export const toCalling = (record: SendRecord, answer: StepAnswer, now: Instant, notes: SendNotes = {}): SendRecord =>
  withMore(record, {
    revision: after(record),
    state: 'CALLING',
    calledAt: now,
    leaseUntil: addSeconds(now, leaseSeconds),
    answer: { ...answer, outcome: 'unknown' },
    ...notes,
  });

/** From CALLING (SES answered), or from UNKNOWN (SES's own event came). */
export const toSent = (record: SendRecord, now: Instant, messageId: string): SendRecord =>
  withMore(settled(record), {
    revision: after(record),
    state: 'SENT',
    sentAt: record.calledAt ?? now,
    messageId,
    answer: { ...(record.answer ?? { due: {} }), outcome: 'sent' },
  });

/** From here on the reconciler looks for it, by the time of its call. */
export const toUnknown = (record: SendRecord, reason: string): SendRecord => ({
  ...record,
  revision: after(record),
  state: 'UNKNOWN',
  reason,
  gsi1pk: unsettledPk(shardOf(record.leadId)),
  gsi1sk: record.calledAt ?? record.claimedAt,
});

export const toAssumedSent = (record: SendRecord): SendRecord => ({
  ...settled(record),
  revision: after(record),
  state: 'ASSUMED_SENT',
  ...(record.calledAt && { sentAt: record.calledAt }),
  answer: { ...(record.answer ?? { due: {} }), outcome: 'assumed-sent' },
});

/** SES refused for good, or the e-mail cannot be made. */
export const toFailed = (record: SendRecord, reason: Reason, answer: StepAnswer): SendRecord => ({
  ...settled(record),
  revision: after(record),
  state: 'FAILED',
  reason,
  answer: { ...answer, outcome: 'failed', reason },
});

export const toSkipped = (record: SendRecord, reason: Reason, answer: StepAnswer): SendRecord => ({
  ...settled(record),
  revision: after(record),
  state: 'SKIPPED',
  reason,
  answer: { ...answer, outcome: 'skipped', reason },
});

/** A stop was found after the claim. */
export const toCancelled = (record: SendRecord, reason: Reason): SendRecord => ({
  ...settled(record),
  revision: after(record),
  state: 'CANCELLED',
  reason,
});

/** Not now: the machine plans anew and a later attempt claims again. */
export const toReleased = (record: SendRecord, reason: Reason, now: Instant): SendRecord => ({
  ...settled(record),
  revision: after(record),
  state: 'RELEASED',
  reason,
  ...(isPatient(reason)
    ? { holds: (record.holds ?? 0) + 1 }
    : { deferrals: record.deferrals + 1, firstDeferredAt: record.firstDeferredAt ?? now }),
});

/** SES did not take it (rate, circuit): the claim lapses at once, the message goes back to the queue. */
export const toGivenBack = (record: SendRecord, now: Instant): SendRecord => ({
  ...settled(record),
  revision: after(record),
  state: 'CLAIMED',
  leaseUntil: now,
});

const after = ({ revision }: SendRecord): number => revision + 1;

/** No longer looked for by the reconciler. */
const settled = (record: SendRecord): SendRecord => {
  if (record.gsi1pk === undefined && record.gsi1sk === undefined) return record;
  const { gsi1pk: _pk, gsi1sk: _sk, ...rest } = record;
  return rest;
};
