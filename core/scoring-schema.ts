import * as z from 'zod';
import type { Condition } from './condition.ts';
import { ConditionLater, parseCondition } from './condition-schema.ts';
import type { EngagementRule, FitRule, Scoring } from './config.ts';
import { didYouMean } from './did-you-mean.ts';
import { durationRule, parseDuration } from './duration.ts';
import { needsLedger } from './evaluate-condition.ts';
import { eventRule, isPathPattern, notAPath } from './event-words.ts';
import { HumansShape, readHumans } from './humans-schema.ts';
import { PredictionShape, readPrediction } from './predict/prediction-schema.ts';
import type { Report, YamlPath } from './problems.ts';
import { readStageRule } from './stage-rules.ts';

/** How often a rule counts, or what it is worth at most. */
const capRule = 'a count a day, e.g. "2 per day", or what it may be worth at a time, e.g. "30 points"';

const Points = z.number().int().min(-1000).max(1000);

export const FitShape = z.strictObject({
  if: ConditionLater.describe('Who gets the points'),
  points: Points.describe('Whole points, may be negative'),
  because: z.string().min(1).describe('In words that sales reads'),
});
export const EngagementShape = z.strictObject({
  on: z
    .string()
    .regex(/^[a-z][a-z0-9._-]*$/, eventRule)
    .describe('visited, opened, clicked, or the name of an event'),
  where: z.strictObject({ path: z.string().min(1).describe('For visited: a path; * stands for any characters') }).optional(),
  points: Points.describe('Whole points, may be negative'),
  'at-most': z
    .union([z.string(), z.array(z.string()).min(1)], capRule)
    .optional()
    .describe('Hits that count, e.g. 2 per day; or what the rule may be worth at any time, e.g. 30 points; or a list of both'),
  once: z.boolean().optional().describe('Counts a single time for each lead'),
  because: z.string().min(1).optional().describe('In words that sales reads'),
});
export const DisqualifyShape = z.strictObject({
  if: ConditionLater.describe('Who never goes to sales, whatever the points'),
  because: z.string().min(1).describe('In words that people read'),
});
const Least = z.number().int().min(-1000).max(10_000);
export const GradesShape = z.strictObject({
  fit: z.strictObject({ A: Least, B: Least, C: Least }).describe('Least points of fit for each letter; below C it is D'),
  engagement: z.strictObject({ 1: Least, 2: Least, 3: Least }).describe('Least points of engagement for each number; below 3 it is 4'),
});
export const ScoringShape = z.strictObject({
  fit: z.array(z.unknown()).describe('Who the lead is: rules over fields'),
  disqualify: z.array(z.unknown()).optional().describe('Who never goes to sales: competitors, private addresses, posts instead of people'),
  lists: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name in lower case, such as competitors'), z.array(z.string().min(1)).min(1))
    .optional()
    .describe('Lists that conditions name, e.g. competitors: [rival.example]; free-mail and role-names come with Baton'),
  humans: HumansShape.optional().describe('How machines that open and click are told from people'),
  grades: GradesShape.optional().describe('Fit as a letter and engagement as a number, A1 to D4'),
  prediction: PredictionShape.optional().describe('What marketing/prediction.json is used for'),
  stages: z.array(z.unknown()).optional().describe('Rules by which a lead moves from stage to stage'),
  engagement: z
    .strictObject({
      'humans-only': z.literal(true).optional().describe('What machines open and click never counts; it cannot be turned off'),
      'half-life': z.string().describe('After this time a point is worth half, e.g. 21 days'),
      'at-most': z.string().optional().describe('Points of all rules together, e.g. 25 per day'),
      rules: z.array(z.unknown()).describe('What the lead does'),
    })
    .describe('What the lead does, fading with time'),
  qualified: z
    .unknown()
    .describe('The condition for sales, with `hold`: how long it must stay true, and `hysteresis`: points that it may then fall short'),
});

export type ReadWith = <T extends z.ZodType>(shape: T, raw: unknown, path: YamlPath) => z.output<T> | undefined;

export const readScoring = (data: z.output<typeof ScoringShape>, report: Report, read: ReadWith): Scoring => {
  const fit = data.fit.flatMap((raw, at): FitRule[] => {
    const path = ['fit', at];
    const rule = read(FitShape, raw, path);
    const condition = rule && parseCondition(rule.if, [...path, 'if'], report);
    return rule && condition ? [{ id: `fit:${at + 1}`, if: condition, points: rule.points, because: rule.because }] : [];
  });
  const disqualify = (data.disqualify ?? []).flatMap((raw, at): FitRule[] => {
    const path = ['disqualify', at];
    const rule = read(DisqualifyShape, raw, path);
    const condition = rule && parseCondition(rule.if, [...path, 'if'], report);
    if (condition && needsLedger(condition))
      report([...path, 'if'], { code: 'not-allowed', what: 'here it is about who the lead is, not about what it does' });
    return rule && condition ? [{ id: `disqualify:${at + 1}`, if: condition, points: 0, because: rule.because }] : [];
  });
  const halfLife = parseDuration(data.engagement['half-life']);
  if (!halfLife) notUnderstood(report, ['engagement', 'half-life'], data.engagement['half-life'], durationRule);
  const perDay = data.engagement['at-most'];
  const atMostPerDay =
    perDay === undefined ? undefined : countPerDay(perDay, ['engagement', 'at-most'], report, 'points a day, e.g. "25 per day"');
  return {
    fit,
    disqualify,
    humans: readHumans(data.humans, ['humans'], report),
    stages: (data.stages ?? []).flatMap((raw, at) => readStageRule(raw, ['stages', at], report, read)),
    lists: Object.fromEntries(Object.entries(data.lists ?? {}).map(([name, list]) => [name, list.map((it) => it.toLowerCase())])),
    ...(data.prediction && { prediction: readPrediction(data.prediction) }),
    ...(data.grades && { grades: readGrades(data.grades, report) }),
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
  if (rule.where && !isPathPattern(rule.where.path)) report([...path, 'where', 'path'], notAPath(rule.where.path));
  const meant = nearlyTracked(rule.on);
  if (meant !== undefined)
    report([...path, 'on'], {
      severity: 'warning',
      code: 'nearly-an-event-of-ours',
      what: 'this is an event of your own; what Baton sees itself is called otherwise',
      got: rule.on,
      hint: `did you mean "${meant}"?`,
    });
  const caps = [rule['at-most'] ?? []].flat().map((it) => readCap(it, [...path, 'at-most'], report));
  const what = rule.where ? `${rule.on}:${rule.where.path}` : rule.on;
  return [
    {
      id: what,
      on: rule.on,
      points: rule.points,
      once: rule.once ?? false,
      because: rule.because ?? wordsFor(rule.on, rule.where?.path),
      ...(rule.where && { path: rule.where.path }),
      ...Object.assign({}, ...caps),
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
  const { hold, hysteresis, ...rest } =
    typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Record<string, unknown>) : {};
  const held = hold === undefined ? undefined : parseDuration(String(hold));
  if (hold !== undefined && !held) notUnderstood(report, ['qualified', 'hold'], String(hold), durationRule);
  const condition = parseCondition(Object.keys(rest).length === 0 ? raw : rest, ['qualified'], report);
  const slack = hysteresis === undefined ? 0 : countOf(String(hysteresis), 'point');
  if (slack === undefined) notUnderstood(report, ['qualified', 'hysteresis'], String(hysteresis), 'points, e.g. "2 points"');
  const least = leastAsked(condition);
  if (slack !== undefined && least !== undefined && slack >= least)
    report(['qualified', 'hysteresis'], {
      code: 'no-threshold-left',
      what: 'with so much slack the rule would go on to hold for leads with no points',
      got: String(hysteresis),
      allowed: `less than the ${least} points that are asked for`,
    });
  return { if: condition ?? { kind: 'any', of: [] }, holdSeconds: held?.seconds ?? 1, hysteresis: slack ?? 0 };
};

/** The smallest number of points that a condition asks for. */
const leastAsked = (condition: Condition | undefined): number | undefined => {
  switch (condition?.kind) {
    case 'all':
    case 'any': {
      const asked = condition.of.flatMap((it) => leastAsked(it) ?? []);
      return asked.length === 0 ? undefined : Math.min(...asked);
    }
    case 'fit':
    case 'engagement':
      return condition.atLeast !== undefined && condition.atLeast > 0 ? condition.atLeast : undefined;
    default:
      return undefined;
  }
};

/** `click` for `clicked`: a rule that nothing would ever meet. */
const nearlyTracked = (on: string): string | undefined =>
  ['visited', 'opened', 'clicked', 'replied'].find((it) => it !== on && it.slice(0, 4) === on.slice(0, 4) && didYouMean(on, [it]) === it);

const readGrades = ({ fit, engagement }: z.output<typeof GradesShape>, report: Report): NonNullable<Scoring['grades']> => {
  const grades = { fit: [fit.A, fit.B, fit.C], engagement: [engagement[1], engagement[2], engagement[3]] };
  for (const [name, least] of Object.entries(grades)) {
    if (least.some((it, at) => at > 0 && it >= (least[at - 1] ?? 0)))
      report(['grades', name], {
        code: 'not-falling',
        what: `the better grade under "${name}" must need more points`,
        got: least.join(', '),
      });
  }
  return grades;
};

/** `2 per day` or `30 points`. */
const readCap = (text: string, path: YamlPath, report: Report): Pick<EngagementRule, 'atMostPerDay' | 'atMostPoints'> => {
  const atMostPoints = countOf(text, 'point');
  if (atMostPoints !== undefined && atMostPoints > 0) return { atMostPoints };
  const atMostPerDay = countPerDay(text, path, report, capRule);
  return atMostPerDay === undefined ? {} : { atMostPerDay };
};

const countOf = (text: string, noun: string): number | undefined => {
  const [, count] = new RegExp(`^(\\d{1,6}) ${noun}s?$`).exec(text.trim()) ?? [];
  return count === undefined ? undefined : Number(count);
};

const countPerDay = (text: string, path: YamlPath, report: Report, allowed: string): number | undefined => {
  const [, count] = /^(\d{1,6}) per day$/.exec(text.trim()) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count);
  notUnderstood(report, path, text, allowed);
  return undefined;
};

const notUnderstood = (report: Report, path: YamlPath, got: string, allowed: string) =>
  report(path, { code: 'not-understood', what: `"${String(path.at(-1))}" is not understood`, got, allowed });
