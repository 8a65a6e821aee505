import { hashText } from './hash.ts';

/** What a task token names: one attempt at one task. */
export type TokenClaims = { readonly executionArn: string; readonly number: number };

/** Opaque to handlers, as on AWS. The check sum tells a mangled token from one whose execution is unknown. */
export const mintToken = ({ executionArn, number }: TokenClaims): string => {
  const text = `${executionArn} ${number}`;
  return Buffer.from(`${text} ${checkSum(text)}`).toString('base64url');
};

/** undefined: we never made this. */
export const readToken = (token: string): TokenClaims | undefined => {
  const [executionArn, number, check] = Buffer.from(token, 'base64url').toString().split(' ');
  if (!executionArn || !number || check !== checkSum(`${executionArn} ${number}`)) return undefined;
  return { executionArn, number: Number(number) };
};

const checkSum = (text: string) => hashText(text).toString(36);
