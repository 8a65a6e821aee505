import { consentColumns } from '#core/consent-columns';
import { readTime } from '#core/import-time';
import { fieldName } from '#core/lead-import';
import type { SuppressionItem } from '#core/suppression-import';
import type { Cells, ConsentRow, ExportFormat, SuppressionRow } from './format.ts';

const reasons: readonly string[] = ['unsubscribed', 'bounced', 'complained', 'cleaned', 'other'];

export const hasAddress = (headers: readonly string[]): boolean => headers.some((it) => fieldName(it) === 'email');

const addressOf = (cells: Cells): string => [...cells].find(([header]) => fieldName(header) === 'email')?.[1] ?? '';

/** Columns email, reason, at, topic; only the first is needed. Whoever stands in it without a reason has left. */
export const plainSuppressions: ExportFormat<SuppressionRow> = {
  name: 'CSV with email, reason, at, topic',
  read: (cells, options) => {
    const reason = (cells.get('reason') || 'unsubscribed').toLowerCase();
    if (!reasons.includes(reason)) return { rejected: { column: 'reason', reason: `it is one of ${reasons.join(', ')}` } };
    const time = cells.get('at') ?? '';
    const at = time === '' ? options.fileTime : readTime(time);
    if (at === undefined) return { rejected: { column: 'at', reason: 'this is not a time such as 2026-03-14T09:30:00Z' } };
    const topic = cells.get('topic') || (reason === 'unsubscribed' ? options.topic : undefined);
    const item = { email: addressOf(cells), reason: reason as SuppressionItem['reason'], at, ...(topic !== undefined && { topic }) };
    return { items: [item] };
  },
};

/** The columns of a list of leads, of which only the consent is taken. */
export const plainConsents: ExportFormat<ConsentRow> = {
  name: 'CSV with email, consent-at, consent-source',
  read: (cells, { topic = '', source = '' }) => {
    const known: readonly string[] = consentColumns;
    const given = [...cells].flatMap(([header, value]) => {
      const field = fieldName(header) ?? '';
      return known.includes(field) && value !== '' ? [[field, value] as const] : [];
    });
    return { columns: { email: addressOf(cells), 'consent-source': source, ...Object.fromEntries(given), 'consent-topics': topic } };
  },
};
