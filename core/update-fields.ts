import type { Instant } from './instant.ts';
import type { Lead, LeadFields } from './lead.ts';

/**
 * What happens to a field that has a value already. newest: the later of two times wins, whatever comes in first. theirs: the
 * source wins. ours: only what is empty is filled. An empty value never overwrites.
 */
export const updateRules = ['newest', 'theirs', 'ours'] as const;
export type UpdateRule = (typeof updateRules)[number];

/** How a source changes fields. `at`: when it last changed the row; without it `newest` is older than everything. */
export type FieldUpdate = {
  readonly otherwise: UpdateRule;
  readonly rules?: { readonly [field: string]: UpdateRule };
  readonly at?: Instant;
  /** Fields whose value the source did not say itself: older than everything. */
  readonly defaults?: readonly string[];
};

/** When a field was last written, where that is another time than the lead's creation. `email`: when its address was. */
export type FieldTimes = { readonly [field: string]: Instant };

type Known = Pick<Lead, 'fields' | 'fieldTimes' | 'createdAt'>;
export type Fields = { readonly fields: LeadFields; readonly fieldTimes: FieldTimes };

/** Older than every time that a source can name. */
const noTime: Instant = '1970-01-01T00:00:00.000Z';

/** When what stands there was written; undefined: nothing does. */
export const fieldTime = ({ fields, fieldTimes, createdAt }: Known, field: string): Instant | undefined =>
  field !== 'email' && isEmpty(fields[field]) ? undefined : (fieldTimes?.[field] ?? createdAt);

/** The fields after these came in, with their times; undefined: nothing is new. Pure. */
export const updateFields = (known: Known | undefined, given: LeadFields, update: FieldUpdate | undefined, now: Instant) => {
  const before: Known = known ?? { fields: {}, createdAt: now };
  const news = Object.entries(given).flatMap(([field, value]) => {
    if (isEmpty(value)) return [];
    const isDefault = update?.defaults?.includes(field) ?? false;
    const rule = isDefault ? 'newest' : (update?.rules?.[field] ?? update?.otherwise ?? 'theirs');
    const at = (isDefault ? undefined : update?.at) ?? (rule === 'newest' ? noTime : now);
    return isNews(before, field, value, rule, at) ? [{ field, value, at }] : [];
  });
  if (news.length === 0) return undefined;
  // Who is new and says no time has one already: that of the creation.
  const timed = news.filter(({ field, at }) => at !== before.createdAt || before.fieldTimes?.[field] !== undefined);
  return {
    fields: { ...before.fields, ...Object.fromEntries(news.map(({ field, value }) => [field, value])) },
    fieldTimes: { ...before.fieldTimes, ...Object.fromEntries(timed.map(({ field, at }) => [field, at])) },
  } satisfies Fields;
};

/** Whether one value is newer than another. Of two with one time the larger text wins, so that their order decides nothing. */
export const isNewer = (value: Value, at: Instant, than: Value, thanAt: Instant): boolean =>
  at === thanAt ? textOf(value) > textOf(than) : at > thanAt;

type Value = LeadFields[string];

const isNews = (known: Known, field: string, value: Value, rule: UpdateRule, at: Instant): boolean => {
  const standing = known.fields[field];
  const since = fieldTime(known, field);
  if (standing === undefined || since === undefined) return true;
  switch (rule) {
    case 'ours':
      return false;
    case 'theirs':
      return standing !== value;
    case 'newest':
      // The same value at a later time is news: what is older than that must not come back.
      return standing === value ? at > since : isNewer(value, at, standing, since);
  }
};

const isEmpty = (value: Value | undefined): boolean => value === undefined || value === '';
const textOf = (value: Value): string => `${typeof value}:${value}`;
