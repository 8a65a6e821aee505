import * as z from 'zod';
import { emailDomain } from '#core/address';
import type { Brand } from '#core/config';
import type { Report } from '#core/problems';

export const RepliesShape = z.strictObject({
  at: z
    .string()
    .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, 'a host name in lower case')
    .describe('The domain that answers come to, e.g. reply.yourcompany.example; the same as in cdk.json'),
  'forward-to': z.email().optional().describe('Who reads answers of leads that nobody of sales has; otherwise the owner of the sequence'),
});

type Data = { readonly replies?: z.output<typeof RepliesShape> | undefined; readonly sender: { readonly 'reply-to'?: string | undefined } };

/** What we tell of an answer must not come back as one. */
export const readReplies = ({ replies, sender }: Data, report: Report): Pick<Brand, 'replies'> => {
  if (!replies) return {};
  const { at, 'forward-to': forwardTo } = replies;
  const loops = [
    { path: ['replies', 'forward-to'], address: forwardTo },
    { path: ['sender', 'reply-to'], address: sender['reply-to'] },
  ];
  for (const { path, address } of loops) {
    if (address === undefined || emailDomain(address.toLowerCase()) !== at) continue;
    report(path, {
      code: 'replies-loop',
      what: 'answers are taken in at this domain: mail to a person must go elsewhere',
      got: address,
      allowed: `an address that is not at ${at}`,
    });
  }
  return { replies: { at, ...(forwardTo !== undefined && { forwardTo }) } };
};
