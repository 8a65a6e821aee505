import * as z from 'zod';
import { StageWord, stageOf } from '#core/condition-schema';
import { type LeadFields, salesStages } from '#core/lead';
import type { Report, YamlPath } from '#core/problems';
import type { UpdateStep } from '#core/sequences/model';
import { actState } from './act-state.ts';
import { reportFieldNames } from './field-names.ts';
import { common, idPattern, idRule, readWith, type StepKind } from './step-kind.ts';

const Tags = z.array(z.string().max(28).regex(idPattern, idRule)).min(1).optional();

const schema = () =>
  z.strictObject({
    update: z
      .strictObject({
        stage: StageWord.optional().describe('The stage that the lead moves to; mql, sal and sql are for sales to say.'),
        fields: z
          .record(z.string(), z.union([z.string().min(1).max(1000), z.number(), z.boolean()]))
          .optional()
          .describe('Fields and their new values, e.g. { plan: pro }.'),
        tags: z
          .strictObject({ add: Tags, remove: Tags })
          .optional()
          .describe('Tags, e.g. { add: [webinar-2026] }; conditions ask for { tag: webinar-2026 }.'),
        leave: z.array(z.string()).min(1).optional().describe('Topics that the lead leaves; to join one is for the lead alone.'),
      })
      .describe('What changes about the lead.'),
    ...common,
  });

export const update: StepKind<UpdateStep> = {
  kind: 'update',
  help: 'Changes something about the lead: fields, tags, its stage, its topics.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(schema(), raw, path, report);
    if (!read) return undefined;
    const at = [...path, 'update'];
    const { stage: word, fields = {}, tags = {}, leave } = read.update;
    reportFieldNames(Object.keys(fields), (name) => [...at, 'fields', name], report);
    const stage = word === undefined ? undefined : stageOf(word);
    if (stage !== undefined && salesStages.includes(stage)) reportSalesStage(stage, [...at, 'stage'], report);
    const all: LeadFields = { ...fields, ...tagged(tags.add, true), ...tagged(tags.remove, false) };
    const isNothing = stage === undefined && !leave && Object.keys(all).length === 0;
    if (isNothing) report(at, { code: 'nothing-to-update', what: 'this changes nothing', allowed: 'stage, fields, tags or leave' });
    return {
      ...named,
      kind: 'update',
      ...(stage !== undefined && { stage }),
      ...(Object.keys(all).length > 0 && { fields: all }),
      ...(leave && { leave }),
    };
  },

  enter: ({ step }) => step.id,
  emit: actState,
};

const tagged = (names: readonly string[] | undefined, value: boolean): LeadFields =>
  Object.fromEntries((names ?? []).map((it) => [`tag-${it}`, value]));

const reportSalesStage = (stage: string, path: YamlPath, report: Report) =>
  report(path, {
    code: 'not-allowed',
    what: 'this stage is for sales to say, not for a sequence',
    got: stage,
    allowed: StageWord.options.filter((it) => !salesStages.includes(stageOf(it))).join(', '),
  });
