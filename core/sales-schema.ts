import * as z from 'zod';
import { AnswersShape, readAnswers } from './answers-schema.ts';
import { briefParts, type Holding, type Sales, salesDefaults } from './config.ts';
import { meantHint } from './did-you-mean.ts';
import { durationRule, parseDuration } from './duration.ts';
import type { Report } from './problems.ts';
import { checkTeam, FieldName, RepShape, reading, toRep } from './rep-schema.ts';
import { DigestShape, readDigest } from './report/digest-schema.ts';
import {
  breachRule,
  gentleRule,
  notifyRule,
  parseBreach,
  parseGentle,
  parseNotify,
  parsePerDay,
  parseWorkTime,
  perDayRule,
  routeWords,
  toRouteRule,
  usualGentle,
  workTimeRule,
} from './sales-words.ts';

export const HoldingShape = z.strictObject({
  nurture: z
    .enum(['as before', 'gently', 'pause'])
    .optional()
    .describe('Mail while a lead waits for sales: as before; gently, that is within `at-most`; or none'),
  'at-most': z.string().optional().describe('For `nurture: gently`; 1 e-mail per week'),
  longest: z.string().optional().describe('How long a lead is held at most, up to 30 days; 14 days'),

  'after-that': z.enum(['manager', 'nurture']).optional().describe('Where it goes after that: manager when not given'),
});

export const SalesShape = z.strictObject({
  team: z.array(RepShape).min(1).describe('Who takes tasks'),
  mql: z.string().min(1).max(2000).optional().describe('What an MQL is, in the words that both teams agreed on; reports show it'),
  route: z
    .array(z.union([z.enum(routeWords), z.strictObject({ field: FieldName })]))
    .min(1)
    .describe(`Rules for who gets a lead, tried in this order; then the manager. Words: ${routeWords.join(', ')}, { field: <name> }`),
  'at-most': z
    .union([z.string(), z.number()])
    .optional()
    .describe('What the whole team can take, e.g. 40 per day, best first; the others are held'),
  holding: HoldingShape.optional().describe('What becomes of leads that sales has no room for; see below'),
  'accept-within': z.string().optional().describe('A rep answers within so much of their working time, e.g. 4 business hours'),
  'on-breach': z
    .array(z.string())
    .max(3)
    .optional()
    .describe('What happens when nobody answered in time, each once, in this order: remind, reassign, escalate to <rep>'),
  'on-unsubscribe': z
    .enum(['keep', 'drop'])
    .optional()
    .describe('A lead leaves our mail while sales has it: keep the task, marked "do not e-mail" (as when not given), or drop it'),
  notify: z.array(z.string()).min(1).optional().describe('How reps hear of a task: email, slack, slack to <channel>; email'),
  brief: z.array(z.enum(briefParts)).min(1).optional().describe('What a brief holds; all of it when not given'),
  opener: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe(
      'How a rep may begin, as Liquid: {{ greeting }}, {{ first-name }}, {{ company }}, {{ reason }}, {{ local-time }}, {{ lead.<field> }}; our own words when not given',
    ),
  answers: AnswersShape.optional().describe('What sales may answer, and the reasons to choose from'),
  outcomes: z
    .array(z.enum(['won', 'lost']))
    .min(1)
    .optional()
    .describe('How an accepted lead may end; both when not given'),
  digest: DigestShape.optional().describe('The weekly mail with the figures of both teams; see below'),
});

type Data = z.output<typeof SalesShape>;

export const readSales = (data: Data, report: Report): Sales => {
  const names = data.team.map((it) => it.rep);
  checkTeam(data, report);
  checkRoute(data, report);
  const read = reading(report);
  const breaches = data['on-breach']?.flatMap((it, at) => readBreach(it, at, data, names, report));
  const acceptWithin = read(['accept-within'], data['accept-within'], parseWorkTime, workTimeRule);
  const perDay = read(['at-most'], data['at-most'], parsePerDay, perDayRule);
  const notify = data.notify?.flatMap((it, at) => read(['notify', at], it, parseNotify, notifyRule) ?? []);
  return {
    team: data.team.map((it, at) => toRep(it, at, report)),
    route: data.route.map(toRouteRule),
    answers: readAnswers(data.answers ?? {}, report),
    ...only({
      mql: data.mql,
      atMostPerDay: perDay,
      holding: data.holding && readHolding(data.holding, report),
      acceptWithinSeconds: acceptWithin,
      onBreach: breaches,
      onUnsubscribe: data['on-unsubscribe'],
      notify,
      brief: data.brief,
      opener: data.opener,
      outcomes: data.outcomes,
      digest: data.digest && readDigest(data.digest, report),
    }),
  };
};

/** Without what is not given. */
const only = <Given extends object>(given: Given) =>
  Object.fromEntries(Object.entries(given).filter(([, it]) => it !== undefined)) as {
    [Key in keyof Given]: Exclude<Given[Key], undefined>;
  };

/** A rule that covers nobody does nothing. */
const checkRoute = (data: Data, report: Report): void => {
  data.route.forEach((rule, at) => {
    const field = typeof rule === 'string' ? undefined : rule.field;
    const isCovered =
      field !== undefined ? data.team.some((it) => it.takes?.[field]) : rule !== 'language' || data.team.some((it) => it.languages);
    if (isCovered) return;
    report(['route', at], {
      code: 'covers-nobody',
      severity: 'warning',
      what: field === undefined ? 'nobody in the team has `languages`' : `nobody in the team \`takes\` the field ${field}`,
    });
  });
};

const readBreach = (text: string, at: number, data: Data, names: readonly string[], report: Report) => {
  const path = ['on-breach', at];
  const action = reading(report)(path, text, parseBreach, breachRule);
  if (!action) return [];
  const before = (data['on-breach'] ?? []).slice(0, at).map((it) => parseBreach(it)?.do);
  if (before.includes(action.do)) report(path, { code: 'duplicate', what: 'each of these happens once', got: text, allowed: breachRule });
  if (action.do === 'escalate' && action.to !== undefined && !names.includes(action.to))
    report(path, {
      code: 'unknown-rep',
      what: 'nobody in the team has this name',
      got: action.to,
      allowed: names.join(', '),
      ...meantHint(action.to, names),
    });
  if (at === 0 && data['accept-within'] === undefined)
    report(['on-breach'], { code: 'missing', what: '`on-breach` needs `accept-within`: nothing is late without it', at: 'key' });
  return [action];
};

const longestHoldingSeconds = 30 * 86_400;

const readHolding = (data: z.output<typeof HoldingShape>, report: Report): Holding => {
  const read = reading(report);
  const usual = salesDefaults.holding;
  const longest = read(['holding', 'longest'], data.longest, parseLongest, `${durationRule}; here at most 30 days`);
  const gentle = read(['holding', 'at-most'], data['at-most'], parseGentle, gentleRule);
  if (data['at-most'] !== undefined && data.nurture !== 'gently')
    report(['holding', 'at-most'], { code: 'not-allowed', what: '`at-most` goes with `nurture: gently`', at: 'key' });
  return {
    nurture: data.nurture === undefined || data.nurture === 'as before' ? 'as-before' : data.nurture,
    ...(data.nurture === 'gently' && { caps: gentle ?? usualGentle }),
    longestSeconds: longest ?? usual.longestSeconds,
    afterwards: data['after-that'] ?? usual.afterwards,
  };
};

const parseLongest = (text: string): number | undefined => {
  const { seconds = 0 } = parseDuration(text) ?? {};
  return seconds >= 3600 && seconds <= longestHoldingSeconds ? seconds : undefined;
};
