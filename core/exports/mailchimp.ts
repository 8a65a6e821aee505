import { readTime } from '#core/import-time';
import type { SuppressionItem } from '#core/suppression-import';
import { type Cells, type ConsentRow, cellOf, type ExportFormat, type ExportOptions, type SuppressionRow } from './format.ts';

const email = 'email address';

export const isMailchimp = (headers: readonly string[]): boolean =>
  headers.includes(email) && ['leid', 'euid', 'member_rating', 'optin_time', 'unsub_time', 'clean_time'].some((it) => headers.includes(it));
export const isUnsubscribed = (headers: readonly string[]): boolean => headers.includes('unsub_time');
export const isCleaned = (headers: readonly string[]): boolean => headers.includes('clean_time');

export const unsubscribedExport: ExportFormat<SuppressionRow> = {
  name: 'Mailchimp, unsubscribed',
  read: (cells, { topic }) => {
    const isComplaint = /abuse|spam/i.test(cells.get('unsub_reason') ?? '');
    const reason = isComplaint ? ('complained' as const) : ('unsubscribed' as const);
    return one(cells, 'unsub_time', { reason, ...(!isComplaint && topic !== undefined && { topic }) });
  },
};

export const cleanedExport: ExportFormat<SuppressionRow> = {
  name: 'Mailchimp, cleaned',
  read: (cells) => one(cells, 'clean_time', { reason: 'cleaned' }),
};

const one = (cells: Cells, time: string, what: Pick<SuppressionItem, 'reason' | 'topic'>): SuppressionRow => {
  const at = readTime(cells.get(time) ?? '');
  if (at === undefined) return { rejected: { column: time.toUpperCase(), reason: 'the time is missing or not a date' } };
  return { items: [{ email: cellOf(cells, email), at, ...what }] };
};

/**
 * OPTIN is the form, CONFIRM the link in the confirmation mail. Of one opt-in only CONFIRM is filled in; of a person that was
 * added by hand or from a list CONFIRM_TIME is too, but no IP address: that is when they were added, and proves nothing.
 */
export const subscribedExport: ExportFormat<ConsentRow> = {
  name: 'Mailchimp, subscribed',
  read: (cells, options) => {
    const opted = { time: cellOf(cells, 'optin_time'), ip: cellOf(cells, 'optin_ip') };
    const confirmed = { time: cellOf(cells, 'confirm_time'), ip: cellOf(cells, 'confirm_ip') };
    if (opted.time === '' && confirmed.ip === '') {
      return { rejected: { column: 'OPTIN_TIME', reason: 'without it and without CONFIRM_IP the person was added by others: no proof' } };
    }
    const agreed = opted.time === '' ? confirmed : opted;
    const isDouble = opted.time !== '' && confirmed.ip !== '' && isLater(confirmed.time, opted.time);
    return { columns: { ...consentOf(cells, agreed, options), ...(isDouble && confirmation(confirmed)) } };
  },
};

type Press = { readonly time: string; readonly ip: string };

const consentOf = (cells: Cells, { time, ip }: Press, { topic = '', source = 'Mailchimp sign-up form' }: ExportOptions) => ({
  email: cellOf(cells, email),
  'consent-topics': topic,
  'consent-at': time,
  'consent-source': source,
  'consent-ip': ip,
});

const confirmation = ({ time, ip }: Press) => ({ 'consent-confirmed-at': time, 'consent-confirmed-ip': ip });

const isLater = (one: string, other: string): boolean => (readTime(one) ?? '') > (readTime(other) ?? '9');
