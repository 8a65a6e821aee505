import * as z from 'zod';
import { type Condition, leavesOf } from './condition.ts';
import { ConditionLater, parseCondition } from './condition-schema.ts';
import type { Brand, GlobalExit } from './config.ts';
import { eventRule } from './event-words.ts';
import { listsIn } from './lists-used.ts';
import type { Report } from './problems.ts';

export const GlobalExitShape = z.strictObject({
  on: z
    .string()
    .regex(/^[a-z][a-z0-9._-]{0,63}$/, eventRule)
    .optional()
    .describe('The event that ends every run, e.g. subscription.started'),
  when: ConditionLater.optional().describe('Leads for whom this holds are in no sequence: about the lead itself, e.g. { stage: sql }'),
  as: z.enum(['goal', 'exit']).describe('goal: what sequences are for; exit: anything else'),
});

export const readGlobalExits = (
  given: readonly z.output<typeof GlobalExitShape>[] | undefined,
  report: Report,
): Pick<Brand, 'exits'> | Record<string, never> => {
  const exits = (given ?? []).flatMap(({ on, when, as }, at): readonly GlobalExit[] => {
    if ((on === undefined) === (when === undefined)) {
      report(['exits', at], { code: 'no-exit', what: 'an exit has one reason', allowed: 'either `on: <event>` or `when: <condition>`' });
      return [];
    }
    if (on !== undefined) return [{ on, as }];
    const condition = parseCondition(when, ['exits', at, 'when'], report);
    if (!condition) return [];
    if (isAboutLead(condition)) return [{ when: condition, as }];
    report(['exits', at, 'when'], {
      code: 'not-about-the-lead',
      what: 'this is asked before every e-mail, of the lead itself: what it did, its points and lists are not there',
      allowed: 'field, tag, stage, topic, with all, any and not',
      hint: 'for something that a lead does, say `on: <event>`',
    });
    return [];
  });
  return exits.length > 0 ? { exits } : {};
};

const isAboutLead = (condition: Condition): boolean =>
  listsIn(condition).length === 0 && leavesOf(condition).every((it) => it.kind === 'field' || it.kind === 'stage' || it.kind === 'topic');
