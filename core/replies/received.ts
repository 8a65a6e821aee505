import { normaliseEmail } from '#core/address';
import { type Header, headerOf, headersOf } from './reply.ts';

const receivers = ['delivered-to', 'x-original-to', 'envelope-to', 'to', 'cc', 'received'];
const signedAddress = /\breply\+([a-z2-7]{52})@/gi;
const mostTokens = 20;

export const replyAddress = (token: string, domain: string): string => `reply+${token}@${domain}`;

/** Every token that an address among the receivers holds; whether it is ours its signature says. */
export const tokensIn = (headers: readonly Header[]): readonly string[] => {
  const all = receivers
    .flatMap((name) => headersOf(headers, name))
    .flatMap((it) => [...it.matchAll(signedAddress)].map((match) => match[1] ?? ''));
  return [...new Set(all.map((it) => it.toLowerCase()))].slice(0, mostTokens);
};

/** SES writes what it found above all else. GRAY and a check that failed to run are no reason to lose an answer. */
export const failedCheck = (headers: readonly Header[]): 'spam' | 'virus' | undefined => {
  if (headerOf(headers, 'x-ses-virus-verdict')?.toUpperCase() === 'FAIL') return 'virus';
  return headerOf(headers, 'x-ses-spam-verdict')?.toUpperCase() === 'FAIL' ? 'spam' : undefined;
};

/** Who says to have written. `isForged`: the domain that it names disowns it. */
export const writerOf = (headers: readonly Header[]): { readonly email: string | undefined; readonly isForged: boolean } => {
  const from = headerOf(headers, 'from') ?? '';
  const email = normaliseEmail(/<([^<>]*)>[^<>]*$/.exec(from)?.[1] ?? from);
  return { email, isForged: /\bdmarc=fail\b/i.test(headerOf(headers, 'authentication-results') ?? '') };
};
