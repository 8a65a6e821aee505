import * as z from 'zod';
import { ConditionShape, parseCondition } from './condition-schema.ts';
import type { EngagementRule, FitRule, Scoring } from './config.ts';
import { durationRule, parseDuration } from './duration.ts';
import type { Report, YamlPath } from './problems.ts';

const Points = z.number().int().min(-1000).max(1000);

export const FitShape = z.strictObject({
  if: ConditionShape.describe('Who gets the points'),
  points: Points.describe('Whole points, may be negative'),
  because: z.string().min(1).describe('In words that sales reads'),
});
export const EngagementShape = z.strictObject({
  on: z
    .string()
    .regex(/^[a-z][a-z0-9._-]*$/)
    .describe('visited, opened, clicked, or the name of an event'),
  where: z.strictObject({ path: z.string().min(1).describe('For visited: a path; * stands for any characters') }).optional(),
  points: Points.describe('Whole points, may be negative'),
  'at-most': z.string().optional().describe('Hits that count, e.g. 2 per day'),
  once: z.boolean().optional().describe('Counts a single time for each lead'),
  because: z.string().min(1).optional().describe('In words that sales reads'),
});
export const ScoringShape = z.strictObject({
  fit: z.array(z.unknown()).describe('Who the lead is: rules over fields'),
  engagement: z
    .strictObject({
      'half-life': z.string().describe('After this time a point is worth half, e.g. 21 days'),
      'at-most': z.string().optional().describe('Points of all rules together, e.g. 25 per day'),
      rules: z.array(z.unknown()).describe('What the lead does'),
    })
    .describe('What the lead does, fading with time'),
  qualified: z.unknown().describe('The condition for sales, with `hold`: how long it must stay true'),
});

export type ReadWith = <T extends z.ZodType>(shape: T, raw: unknown, path: YamlPath) => z.output<T> | undefined;

export const readScoring = (data: z.output<typeof ScoringShape>, report: Report, read: ReadWith): Scoring => {
  const fit = data.fit.flatMap((raw, at): FitRule[] => {
    const path = ['fit', at];
    const rule = read(FitShape, raw, path);
    const condition = rule && parseCondition(rule.if, [...path, 'if'], report);
    return rule && condition ? [{ id: `fit:${at + 1}`, if: condition, points: rule.points, because: rule.because }] : [];
  });
  const halfLife = parseDuration(data.engagement['half-life']);
  if (!halfLife) notUnderstood(report, ['engagement', 'half-life'], data.engagement['half-life'], durationRule);
  const perDay = data.engagement['at-most'];
  const atMostPerDay = perDay === undefined ? undefined : countPerDay(perDay, ['engagement', 'at-most'], report);
  return {
    fit,
    engagement: {
      halfLifeSeconds: halfLife?.seconds ?? 1,
      ...(atMostPerDay !== undefined && { atMostPerDay }),
      rules: uniqueIds(data.engagement.rules.flatMap((raw, at) => readRule(raw, ['engagement', 'rules', at], report, read))),
    },
    qualified: readQualified(data.qualified, report),
  };
};

const readRule = (raw: unknown, path: YamlPath, report: Report, read: ReadWith): EngagementRule[] => {
  const rule = read(EngagementShape, raw, path);
  if (!rule) return [];
  if (rule.where && rule.on !== 'visited')
    report([...path, 'where'], { code: 'not-allowed', what: '"where" goes with `on: visited`', got: rule.on, at: 'key' });
  const atMostPerDay = rule['at-most'] === undefined ? undefined : countPerDay(rule['at-most'], [...path, 'at-most'], report);
  const what = rule.where ? `${rule.on}:${rule.where.path}` : rule.on;
  return [
    {
      id: what,
      on: rule.on,
      points: rule.points,
      once: rule.once ?? false,
      because: rule.because ?? wordsFor(rule.on, rule.where?.path),
      ...(rule.where && { path: rule.where.path }),
      ...(atMostPerDay !== undefined && { atMostPerDay }),
    },
  ];
};

const wordsFor = (on: string, path: string | undefined): string => {
  if (on === 'visited') return path === undefined ? 'visited the site' : `looked at ${path.replace(/\*$/, '')}`;
  if (on === 'opened') return 'opened a mail';
  return on === 'clicked' ? 'clicked in a mail' : on;
};

/** Two rules on the same thing get names of their own. */
const uniqueIds = (rules: readonly EngagementRule[]): readonly EngagementRule[] => {
  const seen = new Map<string, number>();
  return rules.map((rule) => {
    const count = (seen.get(rule.id) ?? 0) + 1;
    seen.set(rule.id, count);
    return count === 1 ? rule : { ...rule, id: `${rule.id}~${count}` };
  });
};

const readQualified = (raw: unknown, report: Report): Scoring['qualified'] => {
  const { hold, ...rest } = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Record<string, unknown>) : {};
  const held = hold === undefined ? undefined : parseDuration(String(hold));
  if (hold !== undefined && !held) notUnderstood(report, ['qualified', 'hold'], String(hold), durationRule);
  const condition = parseCondition(Object.keys(rest).length === 0 ? raw : rest, ['qualified'], report);
  return { if: condition ?? { kind: 'any', of: [] }, holdSeconds: held?.seconds ?? 1 };
};

const countPerDay = (text: string, path: YamlPath, report: Report): number | undefined => {
  const [, count] = /^(\d{1,6}) per day$/.exec(text.trim()) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count);
  notUnderstood(report, path, text, 'a count a day, e.g. "2 per day"');
  return undefined;
};

const notUnderstood = (report: Report, path: YamlPath, got: string, allowed: string) =>
  report(path, { code: 'not-understood', what: `"${String(path.at(-1))}" is not understood`, got, allowed });
