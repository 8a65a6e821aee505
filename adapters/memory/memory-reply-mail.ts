import { readMail } from '#adapters/email/read-mail';
import type { ReplyMail } from '#core/ports';

/** Raw mail by its key. */
export const memoryReplyMail = (kept: ReadonlyMap<string, Uint8Array>): ReplyMail => ({
  read: async (key) => {
    const raw = kept.get(key);
    return raw && readMail(raw);
  },
});
