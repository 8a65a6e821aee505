import { Temporal } from 'temporal-polyfill';
import type { LiveConfig } from '#core/config';
import { oneLine } from '#core/email';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { History } from '#core/ports';
import { engagementAt } from '#core/scoring';

/** `words`: how a mail or a call may begin. `advice`: whether this is the hour for a call. */
export type Opening = { readonly words: string; readonly advice: string };
/** What a template in sales.yaml (`opener`) may say beside the lead's own fields. */
export type OpenerData = {
  readonly greeting: string;
  readonly 'first-name': string;
  readonly company: string;
  /** What it did that counts most, e.g. `looked at prices`. */
  readonly reason: string;
  readonly 'local-time': string;
};

export type OpeningParts = {
  readonly lead: Lead;
  readonly history: History;
  readonly live: LiveConfig;
  readonly now: Instant;
  readonly zone: string;
  readonly doNotEmail: boolean;
};

/** By rule: the strongest thing that the lead did lately, the hour where it is, and how it may be reached. */
export const openingOf = (parts: OpeningParts): Opening => {
  const { greeting, reason, 'first-name': name } = openerData(parts);
  const did = reason === '' ? 'You have been looking at what we do.' : `I am writing because you ${reason}.`;
  return {
    words: `${greeting}${name === '' ? '' : ` ${name}`}. ${did} What would you like to have solved first?`,
    advice: adviceFor(parts),
  };
};

export const openerData = ({ lead, history, live, now, zone }: Omit<OpeningParts, 'doNotEmail'>): OpenerData => {
  const text = (field: string) => oneLine(String(lead.fields[field] ?? ''));
  const time = localOf(now, zone);
  return {
    greeting: time.hour < 5 || time.hour >= 18 ? 'Good evening' : time.hour < 12 ? 'Good morning' : 'Good afternoon',
    'first-name': text('first-name'),
    company: text('company'),
    reason: strongestOf(history, live, now),
    'local-time': time.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
};

/** What is left of all hits of a rule, now; what a person is did not happen, so fit opens no talk. */
const strongestOf = (history: History, { scoring, brand }: LiveConfig, now: Instant): string => {
  const points = new Map<string, number>();
  for (const { because, now: left } of engagementAt(history, scoring, brand.timeZone, now).lines)
    points.set(because, (points.get(because) ?? 0) + left);
  const [strongest] = [...points].filter(([, it]) => it > 0).sort(([one, of], [other, than]) => than - of || (one < other ? -1 : 1));
  return oneLine(strongest?.[0] ?? '');
};

const adviceFor = ({ lead, now, zone, doNotEmail }: OpeningParts): string => {
  const time = localOf(now, zone);
  const isOfficeTime = time.dayOfWeek <= 5 && time.hour >= 9 && time.hour < 17;
  const clock = time.toPlainTime().toString({ smallestUnit: 'minute' });
  const hasPhone = lead.fields.phone !== undefined && lead.fields.phone !== '';
  if (doNotEmail) return `It is ${clock} there. The lead left our mail: ${hasPhone ? 'call' : 'reach it another way'}, and do not write.`;
  if (!hasPhone) return `It is ${clock} there; there is no phone number, so write.`;
  return isOfficeTime ? `It is ${clock} there: a good hour to call.` : `It is ${clock} there: write now, and call in their office hours.`;
};

const localOf = (now: Instant, zone: string) => Temporal.Instant.from(now).toZonedDateTimeISO(zone);
