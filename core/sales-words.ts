import type { BreachAction, DateRange, Holding, NotifyBy, RouteRule, WorkHours } from './config.ts';
import { parseWindow } from './send-window-text.ts';

/** How the values of sales.yaml are written, and what they mean. `undefined`: not understood. */

export const hoursRule = 'days and hours in the rep’s own time, e.g. "mon-fri 09:00-17:30"';
export const parseHours = (text: string): WorkHours | undefined => {
  const window = parseWindow(`${text} lead time`);
  return window && { days: window.days, fromMinute: window.fromMinute, toMinute: window.toMinute };
};

export const openRule = 'a number of tasks, e.g. "15 open"';
export const parseOpen = (text: string): number | undefined => numberIn(/^(\d{1,4}) open$/, text);

export const perDayRule = 'a number a day, e.g. "40 per day, best first"';
export const parsePerDay = (text: string): number | undefined => numberIn(/^(\d{1,5}) (?:per|a) day(?:, best first)?$/, text);

export const awayRule = 'a date or two, both included, e.g. 2026-12-21..2027-01-04';
/** Dates that are on the calendar, the first not after the last. */
export const parseAway = (text: string): DateRange | undefined => {
  const [from = '', upTo = from, ...more] = text.split('..').map((it) => it.trim());
  return more.length === 0 && isDate(from) && isDate(upTo) && from <= upTo ? { from, upTo } : undefined;
};

export const routeWords = ['existing owner', 'company owner', 'country', 'language', 'at work', 'weighted round-robin'] as const;
export const toRouteRule = (it: (typeof routeWords)[number] | { readonly field: string }): RouteRule => {
  if (typeof it !== 'string') return it;
  return it === 'weighted round-robin' ? 'weighted' : (it.replace(' ', '-') as Exclude<RouteRule, { readonly field: string }>);
};

export const workTimeRule = 'a number of business hours or minutes, from 5 minutes to 80 hours, e.g. "4 business hours"';
const longestWorkSeconds = 80 * 3600;
export const parseWorkTime = (text: string): number | undefined => {
  const [, count = '', unit] = /^(\d{1,4}) business (hour|minute)s?$/.exec(tidy(text)) ?? [];
  const seconds = Number(count) * (unit === 'hour' ? 3600 : 60);
  return seconds >= 300 && seconds <= longestWorkSeconds ? seconds : undefined;
};

export const breachRule = 'remind, reassign, escalate, or "escalate to <rep>"';
export const parseBreach = (text: string): BreachAction | undefined => {
  const [, what, to] = /^(remind|reassign|escalate)(?: to (\S+))?$/.exec(tidy(text)) ?? [];
  if (what === 'escalate') return to === undefined ? { do: 'escalate' } : { do: 'escalate', to };
  return (what === 'remind' || what === 'reassign') && to === undefined ? { do: what } : undefined;
};

export const notifyRule = 'email, slack, or "slack to <channel>"; a channel as the outside secret names it';
const usualChannel = 'sales';
export const parseNotify = (text: string): NotifyBy | undefined => {
  if (tidy(text) === 'email') return { by: 'email' };
  const [slack, channel = usualChannel] = /^slack(?: to (\S{1,80}))?$/.exec(tidy(text)) ?? [];
  return slack === undefined ? undefined : { by: 'slack', channel };
};

const weekSeconds = 7 * 86_400;
export const gentleRule = 'a number of e-mails a week or a day, e.g. "1 e-mail per week"';
export const parseGentle = (text: string): Holding['caps'] => {
  const [, count = '', unit] = /^(\d{1,2}) e-?mails? (?:per|a) (day|week)$/.exec(tidy(text)) ?? [];
  return Number(count) >= 1 ? { cap: { emails: Number(count), perSeconds: unit === 'day' ? 86_400 : weekSeconds } } : undefined;
};
export const usualGentle = { cap: { emails: 1, perSeconds: weekSeconds } } as const;

const numberIn = (form: RegExp, text: string): number | undefined => {
  const found = Number(form.exec(tidy(text))?.[1] ?? 0);
  return found >= 1 ? found : undefined;
};

const tidy = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();

const isDate = (text: string): boolean => {
  const epoch = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(epoch) && new Date(epoch).toISOString().startsWith(text);
};
