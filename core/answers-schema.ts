import * as z from 'zod';
import { StageWord, stageOf } from './condition-schema.ts';
import { type SalesAnswers, salesDefaults, scoreRules } from './config.ts';
import { durationRule, parseDuration } from './duration.ts';
import { nurtureStages } from './lead.ts';
import type { Report, YamlPath } from './problems.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name in lower case, such as no-budget-yet');
const reasons = z.array(name).min(1).max(20).describe('Reasons to choose from');
const score = z
  .enum(scoreRules)
  .optional()
  .describe('What is left of its engagement: reset (nothing; so when not given), half or keep. Fit stays what it is');
const stopList = z
  .array(name)
  .optional()
  .describe('Reasons that put the company on the stop list: none of its people reaches sales again (docs/answers.md)');

export const AnswersShape = z.strictObject({
  accept: z.strictObject({}).optional().describe('Takes the lead on; nothing to say about it'),
  reject: z
    .strictObject({
      reasons,
      to: StageWord.optional().describe('Where the lead stands then; lead when not given'),
      score,
      'stop-list': stopList,
    })
    .optional()
    .describe('Not a lead for sales'),
  recycle: z
    .strictObject({
      reasons,
      into: z.string().optional().describe('The sequence that the lead goes on in when its time has come'),
      at: z.string().optional().describe('The step there; the first one when not given'),
      score,
    })
    .optional()
    .describe('A lead for later'),
  lost: z.strictObject({ reasons, 'stop-list': stopList }).optional().describe('The deal did not come about'),
  links: z.string().optional().describe('How long the link in a brief works, e.g. 30 days; then it offers to send a new one'),
});
type Data = z.output<typeof AnswersShape>;

export const readAnswers = (data: Data, report: Report): SalesAnswers => {
  const { reject, recycle, lost } = salesDefaults.answers;
  return {
    reject: data.reject ? readReject(data.reject, report) : reject,
    recycle: data.recycle ? readRecycle(data.recycle, report) : recycle,
    lost: data.lost
      ? { reasons: data.lost.reasons, stopList: known(data.lost['stop-list'] ?? [], data.lost.reasons, ['answers', 'lost'], report) }
      : lost,
    linkSeconds: readLinks(data.links, report),
  };
};

const readReject = (data: NonNullable<Data['reject']>, report: Report): SalesAnswers['reject'] => {
  const to = stageOf(data.to ?? 'lead');
  if (!nurtureStages.includes(to) && to !== 'lost') {
    report(['answers', 'reject', 'to'], {
      code: 'not-allowed',
      what: 'a lead that sales did not want cannot stand there',
      got: to,
      allowed: [...nurtureStages, 'lost'].join(', '),
    });
  }
  const stopList = data['stop-list'] ?? data.reasons.filter((it) => it === 'competitor');
  return {
    reasons: data.reasons,
    to,
    score: data.score ?? 'reset',
    stopList: known(stopList, data.reasons, ['answers', 'reject'], report),
  };
};

const readRecycle = ({ reasons, into, at, score = 'reset' }: NonNullable<Data['recycle']>, report: Report): SalesAnswers['recycle'] => {
  if (at !== undefined && into === undefined)
    report(['answers', 'recycle', 'at'], { code: 'missing', what: 'a step of which sequence? `into` names it', got: at });
  return { reasons, ...(into !== undefined && { into }), ...(at !== undefined && { at }), score };
};

const known = (stopList: readonly string[], reasons: readonly string[], path: YamlPath, report: Report): readonly string[] => {
  for (const [at, reason] of stopList.entries()) {
    if (reasons.includes(reason)) continue;
    report([...path, 'stop-list', at], {
      code: 'unknown-reason',
      what: 'no reason has this name, so that nobody could choose it',
      got: reason,
      allowed: reasons.join(', '),
    });
  }
  return stopList;
};

const readLinks = (text: string | undefined, report: Report): number => {
  if (text === undefined) return salesDefaults.answers.linkSeconds;
  const read = parseDuration(text);
  if (read) return read.seconds;
  report(['answers', 'links'], { code: 'bad-duration', what: 'this is not a duration', got: text, allowed: durationRule });
  return salesDefaults.answers.linkSeconds;
};
