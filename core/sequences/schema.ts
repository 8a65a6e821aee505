import * as z from 'zod';
import { ConditionLater } from '#core/condition-schema';
import { eventRule } from '#core/event-words';
import { DayField, dayOffset, LocalTime } from './day-offset.ts';
import { insideWords } from './model.ts';
import { contentRule } from './steps/email.ts';
import { Steps } from './steps/registry.ts';
import { idPattern, idRule } from './steps/step-kind.ts';

const EventName = z.string().regex(/^[a-z][a-z0-9._-]{0,63}$/, eventRule);

const ListName = z.string().min(1).max(64);
export const EnterDateShape = z.strictObject({
  field: DayField,
  ...dayOffset,
  at: LocalTime.optional().describe("The lead's local time, e.g. 09:00; midnight if it is not said"),
  yearly: z.literal(true).optional().describe('The same day of each year, such as a birthday; `again` is then always'),
});
/** At least one way in; whichever comes first lets the lead in. */
export const EnterShape = z.strictObject({
  on: z
    .union([EventName, z.array(EventName).min(1)])
    .optional()
    .describe('The event that lets a lead in, e.g. trial.started; or several'),
  imported: z
    .union([ListName, z.array(ListName).min(1)])
    .optional()
    .describe('The name of the imported list that lets its leads in; or several'),
  when: ConditionLater.optional().describe('Leads for whom this begins to hold'),
  date: EnterDateShape.optional().describe('On a day that a field of the lead names, e.g. { field: renewal-date, before: 30 days }'),
  api: z.literal(true).optional().describe('Your own systems may let leads in, by POST /enrol'),
  if: ConditionLater.optional().describe('Only leads for whom this holds'),
  who: z
    .enum(['everyone', 'new-leads-only'])
    .optional()
    .describe('everyone (default), or only leads that came after the sequence was written (the day stands in baton.lock.json)'),
  again: z
    .string()
    .optional()
    .describe('never (default), always, after exit (unless a run reached the goal or the end), or after a duration, e.g. after 180 days'),
});
export const ExitShape = z.strictObject({
  on: EventName.describe('The event that ends the run, at any step'),
  as: z.enum(['goal', 'exit']).describe('goal: what the sequence is for; exit: anything else'),
});

export const MigrateShape = z.strictObject({
  from: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('all, or the versions (as `baton explain` shows them) whose leads `baton migrate` moves to this one'),
  steps: z
    .record(z.string(), z.string())
    .optional()
    .describe('Where leads go on, old step to new; a step that kept its name needs no line, nor one with `was`'),
});

/** sequence.yaml but for its steps, which are read one by one. */
export const SequenceShape = z.strictObject({
  sequence: z.string().describe('Id, the same as the folder'),
  owner: z.email().describe('Who answers for it'),
  topic: z.string().describe('What leads must have agreed to, from brand.yaml'),
  'lawful-basis': z
    .enum(['consent', 'legitimate-interest', 'contract'])
    .optional()
    .describe(
      'Why you may mail: consent (default) asks for an agreement; legitimate-interest and contract do without, and of these two only contract in countries that need double opt-in. Who left gets none of them',
    ),
  priority: z.number().int().min(0).max(100).optional().describe('0 to 100, the higher is more important; 50 when not given'),
  group: z
    .string()
    .regex(idPattern, idRule)
    .max(32)
    .optional()
    .describe('Of the sequences of one group only one speaks to a lead at a time: the one with the highest priority, of equals the first'),
  'when-capped': z
    .enum(['defer', 'skip'])
    .optional()
    .describe(
      'An e-mail for which brand.yaml (cap, gap), a more important sequence or the group leaves no room: defer (default) until there is, or skip it',
    ),
  enter: EnterShape.describe('Who comes in, and when'),
  exit: z.array(ExitShape).optional().describe('What ends a run at once'),
  'global-exits': z.literal(false).optional().describe('false: the exits of brand.yaml do not concern this sequence'),
  enabled: z
    .boolean()
    .optional()
    .describe('false: nobody enters; `inside` says what becomes of those who are in it. Takes effect when deployed'),
  inside: z
    .enum(insideWords)
    .optional()
    .describe('With `enabled: false`. hold (default): their e-mails wait; finish: they go on to the end; exit: they leave'),
  send: z.string().optional().describe('When e-mails may go, e.g. tue-thu 09:00-11:00 lead time'),
  content: contentRule.optional(),
  'give-up-after': z.string().optional().describe('An e-mail put off for longer is skipped; 14 days when not given'),
  migrate: MigrateShape.optional().describe('Leads finish on the version they entered; with this, `baton migrate` moves them'),
  late: z
    .strictObject({
      'more-than': z.string().describe('So long after its moment an e-mail is late, e.g. 6 hours'),
      // biome-ignore lint/suspicious/noThenProperty: a word of the file format, never awaited.
      then: z.enum(['next-window', 'skip']).optional().describe('next-window (default): it is planned anew; skip: it does not go'),
    })
    .optional()
    .describe('An e-mail whose moment has long passed, e.g. after an outage, does not go late at night or stale; 1 day, next-window'),
  steps: z.array(z.unknown()).min(1),
});

/** The same with its steps spelled out, for editors. */
export const SequenceSchema = SequenceShape.extend({ steps: Steps });
