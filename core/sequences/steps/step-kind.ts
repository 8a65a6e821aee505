import * as z from 'zod';
import { ConditionLater } from '#core/condition-schema';
import type { Report, YamlPath } from '#core/problems';
import type { State } from '#core/sequences/asl';
import type { PlannedWait, SendWindow, Sequence, Step } from '#core/sequences/model';
import type { Place } from '#core/sequences/plan';
import { reportIssues } from '#core/zod-report';

/** What a list of steps is read against: where to report, which e-mail files there are, when the sequence sends, whose words. */
export type StepContext = {
  readonly report: Report;
  readonly emails: ReadonlySet<string>;
  readonly window?: SendWindow;
  readonly content?: 'latest' | 'as-entered';
};

/** The same inside a step: `readSteps` reads a nested list under the same names. */
export type Reading = StepContext & { readonly readSteps: (raw: unknown, path: YamlPath) => readonly Step[] };
export type Named = Pick<Step, 'id' | 'was' | 'onlyIf'>;

/**
 * How the machine comes to a place. `cold`: nothing is planned. `answered`: a Lambda has just planned what follows.
 * `ready`: a wait has just ended inside the window of the e-mails that follow.
 */
export type Source = 'cold' | 'answered' | 'ready';

/** The state machine under construction. */
export type Machine = {
  readonly sequence: Sequence;
  readonly version: string;
  /** The state to go to for this place; undefined is the end of the sequence. */
  readonly enter: (place: Place | undefined, source: Source) => string;
  readonly add: (name: string, state: State) => void;
  /** Adds the state, under a name with this hint unless it is the first of its step or equals one that is there. */
  readonly addVariant: (step: string, hint: string, state: State) => string;
  /** Records which waits the answer of this state must plan. */
  readonly answers: (state: string, waits: readonly PlannedWait[]) => void;
};

/** A step kind, whole: how it is written, what it means, and which states it becomes. */
export type StepKind<S extends Step = Step> = {
  readonly kind: S['kind'];
  /** One line for the reference. */
  readonly help: string;
  /** The step as it stands in YAML, given the schema of a nested list of steps. */
  readonly schema: (steps: z.ZodType) => z.ZodType;
  read(raw: unknown, named: Named, path: YamlPath, reading: Reading): S | undefined;
  enter(place: Place<S>, source: Source, machine: Machine): string;
  emit(place: Place<S>, machine: Machine): void;
};

export const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const idRule = 'lower-case words joined by hyphens, beginning with a letter, at most 32 characters';
export const isStepId = (text: string): boolean => text.length <= 32 && idPattern.test(text);

/** What every step may say; read by parse-steps.ts. */
export const common = {
  'only-if': ConditionLater.optional().describe('A condition; a lead for whom it does not hold then goes past this step.'),
  was: z
    .string()
    .regex(idPattern, idRule)
    .max(32)
    .optional()
    .describe('The name this step had before it was renamed, so that leads on it are not lost.'),
};

/** Reads with a schema and reports what does not fit. */
export const readWith = <S extends z.ZodRawShape>(schema: z.ZodObject<S>, raw: unknown, path: YamlPath, report: Report) => {
  const read = schema.safeParse(raw, { reportInput: true });
  if (read.success) return read.data;
  reportIssues(read.error, path, report, schema);
  return undefined;
};

/** Steps nested in YAML whose content is read, and complained about, one by one. */
export const AnySteps = z.unknown();
