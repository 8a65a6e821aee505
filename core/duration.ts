import type { WaitLength } from './sequences/model.ts';

const unitSeconds: { readonly [unit: string]: number } = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };
export const longestSeconds = 365 * 86_400;
const form = /^(\d{1,9})\s+(business\s+days?|seconds?|minutes?|hours?|days?|weeks?)$/i;

/** How a duration is written, for messages. */
export const durationRule = 'a number and a unit: seconds, minutes, hours, days or weeks, from 1 second to 1 year (e.g. "2 days")';

/** `90 seconds`, `2 days`, `1 week`. undefined: not a duration from one second to one year. */
export const parseDuration = (text: string): { readonly seconds: number } | undefined => {
  const [, count = '', unit = ''] = form.exec(text.trim()) ?? [];
  const one = unitSeconds[unit.toLowerCase().replace(/s$/, '')];
  if (one === undefined) return undefined;
  const seconds = Number(count) * one;
  return seconds >= 1 && seconds <= longestSeconds ? { seconds } : undefined;
};

/** A duration, or `3 business days`. */
export const parseWaitLength = (text: string): WaitLength | undefined => {
  const [, count = '', unit = ''] = form.exec(text.trim()) ?? [];
  if (!/^business/i.test(unit)) return parseDuration(text);
  const businessDays = Number(count);
  return businessDays >= 1 && businessDays <= 260 ? { businessDays } : undefined;
};
