import { inBase36 } from '#core/base36';
import { hashText } from './hash.ts';

/** What a task token names: one attempt at one task. */
export type TokenClaims = { readonly executionArn: string; readonly number: number };

/** Opaque to handlers, as on AWS. The check sum tells a mangled token from one whose execution is unknown. */
export const mintToken = (claims: TokenClaims): string => {
  const text = `${claims.executionArn} ${claims.number}`;
  const token = Buffer.from(`${text} ${checkSum(text)}`).toString('base64url');
  if (minted.size >= most) minted.clear();
  minted.set(token, claims);
  return token;
};

/** undefined: we never made this. */
export const readToken = (token: string): TokenClaims | undefined => {
  const known = minted.get(token);
  if (known) return known;
  const [executionArn, number, check] = Buffer.from(token, 'base64url').toString().split(' ');
  if (!executionArn || !number || check !== checkSum(`${executionArn} ${number}`)) return undefined;
  return { executionArn, number: Number(number) };
};

/** Those that were minted last need no reading when they come back. */
const minted = new Map<string, TokenClaims>();
const most = 4096;

const checkSum = (text: string) => inBase36(hashText(text));
