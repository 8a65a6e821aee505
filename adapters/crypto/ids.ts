import { createHmac } from 'node:crypto';
import { base32nopad } from '@scure/base';
import type { Ids } from '#core/ports';

const bytes = 16;
const parting = '\u0000';

/** `key` never rotates and is backed up: with another key every lead is a stranger. At least 32 characters. */
export const createIds = (key: string): Ids => {
  if (key.length < 32) throw new Error('the identity key must have at least 32 characters');
  const id = (...parts: readonly string[]) =>
    base32nopad.encode(createHmac('sha256', key).update(parts.join(parting)).digest().subarray(0, bytes)).toLowerCase();
  return {
    leadId: (email) => id('lead', email),
    enrolmentId: (leadId, sequence, trigger) => id('enrolment', leadId, sequence, trigger),
    externalId: (system, external) => id('external', system, external),
    ipHash: (ip) => id('ip', ip),
    taskId: (leadId, handoffNumber) => id('task', leadId, String(handoffNumber)),
  };
};
