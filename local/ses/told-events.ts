import * as z from 'zod';
import type { LeadEvent, SesEvent } from '#core/events';

/** What was told by our own mail service, until it is taken from the queue the first time. */
export type ToldEvents = {
  /** `event`: what the message says, as `readBack` read it. */
  keep(message: string, event: SesEvent): void;
  /** What any look at each field would find too; undefined: that look is needed. */
  take(message: string): LeadEvent | undefined;
};

/** More than ever wait, unless a queue stands still. */
const most = 256;

/**
 * A message goes from our mail service to our queue and no further, so its text was read before it is taken: whoever takes it gets what
 * was read, if every field is as the schema wants it (core/events.ts). What comes again, or is anybody else's, is looked at as usual.
 */
export const toldEvents = (): ToldEvents => {
  const told = new Map<string, SesEvent>();
  return {
    keep: (message, event) => {
      if (told.size >= most) told.clear();
      if (isInOrder(event)) told.set(message, event);
    },
    take: (message) => {
      const event = told.get(message);
      if (event) told.delete(message);
      return event;
    },
  };
};

const isInOrder = (event: SesEvent): boolean => {
  const { eventId, messageId, leadId, at, sequence, enrolmentId, step, addressId, round, automated } = event;
  return (
    [eventId, messageId, leadId].every(isId) &&
    [sequence, enrolmentId, step, addressId].every((it) => it === undefined || isId(it)) &&
    (round === undefined || (Number.isSafeInteger(round) && round >= 1)) &&
    automated === undefined &&
    instant.test(at)
  );
};

const isId = (it: unknown): boolean => typeof it === 'string' && it.length >= 1 && it.length <= 200;
const instant = z.regexes.datetime({});
