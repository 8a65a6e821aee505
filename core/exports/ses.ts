import * as z from 'zod';
import { readTime } from '#core/import-time';
import { type Instant, toInstant } from '#core/instant';
import type { ExportOptions, SuppressionRow } from './format.ts';

/** An answer of `aws sesv2 list-suppressed-destinations`; version 1 of the CLI writes times as seconds, version 2 as text. */
export const SesPage = z.object({
  SuppressedDestinationSummaries: z.array(z.unknown()),
  NextToken: z.string().optional(),
});

const Summary = z.object({
  EmailAddress: z.string(),
  Reason: z.enum(['BOUNCE', 'COMPLAINT']),
  LastUpdateTime: z.union([z.number(), z.string()]).optional(),
});

export const readSesSummary = (given: unknown, { fileTime }: Pick<ExportOptions, 'fileTime'>): SuppressionRow => {
  const read = Summary.safeParse(given);
  if (!read.success) return { rejected: { reason: 'the entry lacks EmailAddress, or Reason is neither BOUNCE nor COMPLAINT' } };
  const { EmailAddress: email, Reason, LastUpdateTime: time } = read.data;
  const at = time === undefined ? fileTime : typeof time === 'number' ? instantOf(time) : readTime(time);
  if (at === undefined) return { rejected: { column: 'LastUpdateTime', reason: 'this is not a time' } };
  return { items: [{ email, reason: Reason === 'BOUNCE' ? 'bounced' : 'complained', at }] };
};

const instantOf = (seconds: number): Instant | undefined => (Math.abs(seconds) < 1e11 ? toInstant(Math.floor(seconds * 1000)) : undefined);
