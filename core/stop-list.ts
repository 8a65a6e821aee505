import type { Instant } from './instant.ts';

/** A company of whose people none reaches sales. The row STOP-LIST / DOMAIN#<domain>. */
export type StoppedCompany = {
  readonly domain: string;
  readonly at: Instant;
  /** The rep, or who wrote it by hand. */
  readonly by: string;
  /** Of the answer, or in words. */
  readonly reason: string;
  readonly taskId?: string;
};

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/** A domain as somebody writes it; undefined: it is none. */
export const readDomain = (text: string): string | undefined => {
  const domain = domainOf(text.trim());
  return /^(?=.{4,253}$)([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(domain) ? domain : undefined;
};
