import * as z from 'zod';
import { ConditionLater, parseCondition, StageWord, stageOf } from './condition-schema.ts';
import type { StageRule } from './config.ts';
import { eventRule } from './event-words.ts';
import { handoffStages, type Stage, salesStages, stages } from './lead.ts';
import type { Report, YamlPath } from './problems.ts';
import type { ReadWith } from './scoring-schema.ts';

export const StageRuleShape = z.strictObject({
  from: z
    .union([StageWord, z.array(StageWord).min(1)])
    .optional()
    .describe('The stage, or stages, that the lead must be in; without it: any before sales'),
  to: StageWord.describe('The stage it moves to'),
  when: ConditionLater.optional().describe('It moves as soon as this holds'),
  on: z
    .string()
    .regex(/^[a-z][a-z0-9._-]*$/, eventRule)
    .optional()
    .describe('It moves when the lead does this; the name of an event'),
  because: z.string().min(1).optional().describe('In words that people read'),
});

export const readStageRule = (raw: unknown, path: YamlPath, report: Report, read: ReadWith): StageRule[] => {
  const rule = read(StageRuleShape, raw, path);
  if (!rule) return [];
  const to = stageOf(rule.to);
  if (handoffStages.includes(to)) {
    report([...path, 'to'], { code: 'not-allowed', what: 'who goes to sales is what `qualified` says', got: to });
    return [];
  }
  if ((rule.when === undefined) === (rule.on === undefined)) {
    report(path, { code: 'missing', what: 'a move needs either `when`, a condition, or `on`, an event' });
    return [];
  }
  const from: readonly Stage[] = rule.from === undefined ? beforeSales(to) : [rule.from].flat().map(stageOf);
  const move = { id: `stage:${path.at(-1)}`, from: from.filter((it) => it !== to), to };
  if (rule.on !== undefined) return [{ ...move, on: rule.on, because: rule.because ?? `did ${rule.on}` }];
  const when = parseCondition(rule.when, [...path, 'when'], report);
  return when ? [{ ...move, when, because: rule.because ?? 'the rule for this stage holds' }] : [];
};

const beforeSales = (to: Stage): readonly Stage[] =>
  to === 'won' || to === 'lost'
    ? stages.filter((it) => it !== to)
    : stages.filter((it) => !salesStages.includes(it) && it !== 'holding' && it !== 'won' && it !== 'lost');
