import { mayReceive } from '#core/allow-list';
import type { Log, Mail } from '#core/ports';

/**
 * The last thing before SES, outside production: no call is made for an address that is not on the list. The sender has decided so
 * before (core/decide-send.ts); mail to one's own team (briefs, notices, digests) is withheld here, and what waits for it goes on.
 */
export const withinReach = (mail: Mail, allowed: readonly string[], log: Log): Mail => ({
  send: async (email) => {
    if (mayReceive(allowed, email.to)) return mail.send(email);
    if (email.tags.lead !== undefined) return { result: 'rejected', reason: 'not-on-allow-list' };
    log.warn('mail withheld', { kind: email.tags.kind ?? 'unknown', reason: 'not-on-allow-list' });
    return { result: 'accepted', messageId: 'withheld' };
  },
});
