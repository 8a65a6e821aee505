import { mostMailBytes, readMail } from '#adapters/email/read-mail';
import type { ReplyMail } from '#core/ports';
import type { SignedFetch } from './signed-fetch.ts';

/** Mail as SES put it into the bucket. One byte more is asked for than is read, to see that there is more. */
export const s3ReplyMail = ({ getBytes, removeObject }: Pick<SignedFetch, 'getBytes' | 'removeObject'>, bucket: string): ReplyMail => ({
  read: async (key) => {
    const raw = await getBytes(bucket, key, mostMailBytes + 1);
    return raw && readMail(raw);
  },
  remove: (key) => removeObject(bucket, key),
});
