import * as z from 'zod';
import type { Step } from '#core/sequences/model';
import { branch } from './branch.ts';
import { email } from './email.ts';
import { enrolIn } from './enrol-in.ts';
import { exit } from './exit.ts';
import { notify } from './notify.ts';
import { repeat } from './repeat.ts';
import { split } from './split.ts';
import type { StepKind } from './step-kind.ts';
import { update } from './update.ts';
import { wait } from './wait.ts';
import { waitFor } from './wait-for.ts';
import { webhook } from './webhook.ts';

/** Every step kind there is. A new one is a file, its type in model.ts, and a line here. */
export const kinds: { readonly [kind in Step['kind']]: StepKind } = {
  email,
  wait,
  'wait-for': waitFor,
  branch,
  split,
  repeat,
  update,
  notify,
  'enrol-in': enrolIn,
  webhook,
  exit,
};

/** One step as it stands in YAML, nested steps included: for editors and the reference. */
const stepList: z.ZodType = z.lazy(() => Steps);

export const stepKinds: readonly { readonly kind: Step['kind']; readonly help: string; readonly schema: z.ZodType }[] = Object.values(
  kinds,
).map(({ kind, help, schema }) => ({ kind, help, schema: schema(stepList) }));

/** A list of steps: each a map with one key, the step's name. */
export const Steps = z
  .array(z.record(z.string(), z.union(stepKinds.map((it) => it.schema))))
  .min(1)
  .meta({ id: 'steps', description: 'Steps, from top to bottom.' });
