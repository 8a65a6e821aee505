import { readMail } from '#adapters/email/read-mail';
import type { ReplyMail } from '#core/ports';

/** Raw mail by its key. */
export const memoryReplyMail = (kept: Map<string, Uint8Array>): ReplyMail => ({
  read: async (key) => {
    const raw = kept.get(key);
    return raw && readMail(raw);
  },
  remove: async (key) => void kept.delete(key),
});
