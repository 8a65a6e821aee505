import * as z from 'zod';
import type { EnrolInStep } from '#core/sequences/model';
import { actState } from './act-state.ts';
import { common, readWith, type StepKind } from './step-kind.ts';

const schema = () =>
  z.strictObject({
    'enrol-in': z.string().describe('A sequence; its own `if`, `again` and consent decide whether the lead gets in.'),
    ...common,
  });

export const enrolIn: StepKind<EnrolInStep> = {
  kind: 'enrol-in',
  help: 'Lets the lead into another sequence as well; this one goes on.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(schema(), raw, path, report);
    return read && { ...named, kind: 'enrol-in', sequence: read['enrol-in'] };
  },

  enter: ({ step }) => step.id,
  emit: actState,
};
