import type { MailQuota } from '#core/ports';
import type { SignedFetch } from './signed-fetch.ts';

/** SES's GetAccount, by a signed request: the watchdog needs no client of SES for one question. */
export const sesMailQuota = (fetch: () => SignedFetch): MailQuota => ({
  read: async () => {
    const { SendQuota } = (await fetch().getSendingAccount()) as { SendQuota?: { Max24HourSend?: number; SentLast24Hours?: number } };
    const { Max24HourSend: most = -1, SentLast24Hours: sent = 0 } = SendQuota ?? {};
    // SES says -1 when nothing limits it.
    return { sent, ...(most > 0 && { most }) };
  },
});
