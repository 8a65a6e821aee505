import * as z from 'zod';
import { type Activity, type Foreign, type ForeignEmail, type Next, type Noting, noting, type RawCondition } from './foreign.ts';
import { eventOf, fieldOf, secondsInYaml, wholeShares } from './words.ts';

/** mailshot's SequenceDefinition (github.com/mdwt/mailshot, packages/shared/src/types.ts) as JSON, alone or as its `export_sequence` gives it. */
type Step =
  | {
      readonly type: 'send';
      readonly templateKey?: string | undefined;
      readonly subject?: string | undefined;
      readonly variants?: readonly Variant[] | undefined;
    }
  | {
      readonly type: 'wait';
      readonly days?: number | undefined;
      readonly hours?: number | undefined;
      readonly minutes?: number | undefined;
    }
  | {
      readonly type: 'condition';
      readonly check: string;
      readonly field?: string | undefined;
      readonly value?: string | undefined;
      readonly templateKey?: string | undefined;
      readonly then: readonly Step[];
      readonly else?: readonly Step[] | undefined;
    }
  | {
      readonly type: 'choice';
      readonly field: string;
      readonly branches: readonly { readonly value: string; readonly steps: readonly Step[] }[];
      readonly default?: readonly Step[] | undefined;
    };
type Variant = { readonly templateKey: string; readonly subject?: string | undefined };

const VariantShape = z.object({ templateKey: z.string(), subject: z.string().optional() });
const StepShape: z.ZodType<Step> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('send'),
      templateKey: z.string().optional(),
      subject: z.string().optional(),
      variants: z.array(VariantShape).optional(),
    }),
    z.object({ type: z.literal('wait'), days: z.number().optional(), hours: z.number().optional(), minutes: z.number().optional() }),
    z.object({
      type: z.literal('condition'),
      check: z.string(),
      field: z.string().optional(),
      value: z.string().optional(),
      templateKey: z.string().optional(),
      // biome-ignore lint/suspicious/noThenProperty: a word of the other tool's format, never awaited.
      then: z.array(StepShape),
      else: z.array(StepShape).optional(),
    }),
    z.object({
      type: z.literal('choice'),
      field: z.string(),
      branches: z.array(z.object({ value: z.string(), steps: z.array(StepShape) })),
      default: z.array(StepShape).optional(),
    }),
  ]),
);
const Definition = z.object({
  id: z.string(),
  trigger: z.object({ detailType: z.string() }),
  timeoutMinutes: z.number().optional(),
  transactional: z.boolean().optional(),
  steps: z.array(StepShape),
  events: z.array(z.object({ detailType: z.string(), templateKey: z.string().optional() })).default([]),
  exitOn: z.array(z.object({ detailType: z.string() })).default([]),
});
const MailshotFile = z.object({ definition: Definition, templates: z.array(z.object({ key: z.string(), html: z.string() })).default([]) });

const objectOf = (it: unknown): Record<string, unknown> => (typeof it === 'object' && it !== null ? (it as Record<string, unknown>) : {});
const inner = (data: unknown): Record<string, unknown> => ('definition' in objectOf(data) ? objectOf(data) : { definition: data });

export const isMailshot = (data: unknown): boolean => {
  const definition = objectOf(inner(data).definition);
  return 'detailType' in objectOf(definition.trigger) && Array.isArray(definition.steps);
};

type Reading = {
  readonly htmlOf: ReadonlyMap<string, string>;
  readonly notes: Noting;
  readonly add: (activity: Activity) => void;
  readonly numbered: () => string;
};

export const fromMailshot = (data: unknown): Foreign => {
  const { definition, templates: texts } = MailshotFile.parse(inner(data));
  const notes = noting();
  const activities: Activity[] = [];
  let count = 0;
  const reading: Reading = {
    htmlOf: new Map(texts.map((it) => [it.key, it.html])),
    notes,
    add: (activity) => void activities.push(activity),
    numbered: () => `step-${++count}`,
  };
  const start = chain(definition.steps, undefined, reading);
  for (const it of definition.events)
    notes.leftOut(it.templateKey ?? it.detailType, `a mail of its own at ${it.detailType}: make it a sequence that ${it.detailType} opens`);
  if (definition.transactional)
    notes.changed('transactional', 'it mailed people who had left as well: say `lawful-basis: contract` only if that is what it is for');
  return {
    format: 'mailshot',
    name: definition.id,
    enter: { on: eventOf(definition.trigger.detailType) },
    exits: definition.exitOn.map((it) => ({ on: eventOf(it.detailType), as: 'exit' })),
    start,
    activities,
    notes: notes.notes,
  };
};

const chain = (steps: readonly Step[], end: Next, reading: Reading): Next => {
  let next = end;
  for (const step of steps.toReversed()) next = one(step, next, reading);
  return next;
};

/** What stood on the way that is not taken. */
const without = (steps: readonly Step[]): string => {
  const names = steps.map((it) => (it.type === 'send' ? nameOf(it.variants?.[0]?.templateKey ?? it.templateKey) : it.type));
  return names.length === 0 ? '' : `; left out with it: ${names.join(', ')}`;
};

const nameOf = (key: string | undefined): string => key?.split('/').at(-1) ?? 'mail';

const one = (step: Step, next: Next, reading: Reading): string => {
  const { notes, add } = reading;
  const id = reading.numbered();
  switch (step.type) {
    case 'wait': {
      const wait = secondsInYaml((step.days ?? 0) * 86_400 + (step.hours ?? 0) * 3600 + (step.minutes ?? 0) * 60);
      add(wait === undefined ? { id, label: 'wait', kind: 'pass', next } : { id, label: 'pause', kind: 'wait', wait, next });
      return id;
    }
    case 'send': {
      if (!step.variants || step.variants.length < 2) {
        const only = step.variants?.[0];
        return send(
          { templateKey: only?.templateKey ?? step.templateKey ?? 'mail', subject: only?.subject ?? step.subject },
          id,
          next,
          reading,
        );
      }
      const shares = wholeShares(step.variants.map(() => 1));
      const arms = step.variants.map((it, at) => ({
        name: nameOf(it.templateKey),
        share: shares[at] ?? 1,
        next: send(it, reading.numbered(), next, reading),
      }));
      notes.changed(
        nameOf(step.variants[0]?.templateKey),
        'a person had the same variant in all steps of the sequence; here each split draws for itself',
      );
      add({ id, label: `${nameOf(step.variants[0]?.templateKey)} test`, kind: 'split', arms });
      return id;
    }
    case 'choice': {
      const field = fieldOf(step.field.split('.').at(-1) ?? 'field');
      const arms = step.branches.map((it) => ({ name: it.value, if: { field, is: it.value }, next: chain(it.steps, next, reading) }));
      add({ id, label: `by ${field}`, kind: 'branch', arms, rest: chain(step.default ?? [], next, reading) });
      return id;
    }
    case 'condition': {
      const condition = conditionOf(step);
      const rest = chain(step.else ?? [], next, reading);
      if (!condition) {
        notes.leftOut(
          `${step.check} ${nameOf(step.templateKey)}`,
          `whether a mail was sent is no condition here: no step sends twice to one run. Its else-way is taken${without(step.then)}`,
        );
        add({ id, label: step.check, kind: 'pass', next: rest });
        return id;
      }
      add({
        id,
        label: `if ${fieldOf(step.field ?? 'field')}`,
        kind: 'branch',
        arms: [{ name: 'yes', if: condition, next: chain(step.then, next, reading) }],
        rest,
      });
      return id;
    }
  }
};

const send = ({ templateKey, subject }: Variant, id: string, next: Next, { htmlOf, notes, add }: Reading): string => {
  const html = htmlOf.get(templateKey);
  const email: ForeignEmail = { ...(subject !== undefined && { subject }), ...(html !== undefined && { html }) };
  if (html === undefined)
    notes.changed(nameOf(templateKey), 'the file does not hold its text: write it, or import what `export_sequence` gives');
  add({ id, label: nameOf(templateKey), kind: 'email', email, next });
  return id;
};

const conditionOf = ({ check, field, value }: Extract<Step, { type: 'condition' }>): RawCondition | undefined => {
  if (field === undefined) return undefined;
  if (check === 'subscriber_field_exists') return { field: fieldOf(field), set: true };
  if (check === 'subscriber_field_equals' && value !== undefined) return { field: fieldOf(field), is: value };
  return undefined;
};
