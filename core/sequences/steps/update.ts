import * as z from 'zod';
import { StageWord, stageOf } from '#core/condition-schema';
import { salesStages } from '#core/lead';
import { substitute } from '#core/sequences/asl';
import type { UpdateStep } from '#core/sequences/model';
import { waitsFrom } from '#core/sequences/plan';
import { common, readWith, type StepKind } from './step-kind.ts';
import { askTask } from './task-parts.ts';

const schema = () =>
  z.strictObject({
    update: z
      .strictObject({ stage: StageWord.describe('The stage that the lead moves to; mql, sal and sql are for sales to say.') })
      .describe('What changes about the lead.'),
    ...common,
  });

export const update: StepKind<UpdateStep> = {
  kind: 'update',
  help: 'Changes something about the lead.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(schema(), raw, path, report);
    if (!read) return undefined;
    const stage = stageOf(read.update.stage);
    if (!salesStages.includes(stage)) return { ...named, kind: 'update', stage };
    report([...path, 'update', 'stage'], {
      code: 'not-allowed',
      what: 'this stage is for sales to say, not for a sequence',
      got: stage,
      allowed: StageWord.options.filter((it) => !salesStages.includes(stageOf(it))).join(', '),
    });
    return undefined;
  },

  enter: ({ step }) => step.id,

  emit({ step, next }, machine) {
    const ask = { functionArn: substitute('UpdateLeadArn'), step: step.id, keep: ['waits'], next: machine.enter(next, 'answered') };
    machine.add(step.id, askTask(machine, ask));
    machine.answers(step.id, waitsFrom(next, machine.sequence));
  },
};
