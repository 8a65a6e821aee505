import type * as z from 'zod';
import type { Condition } from '#core/condition';
import { parseCondition } from '#core/condition-schema';
import { durationRule, parseDuration } from '#core/duration';
import { factsRead } from '#core/entry-facts';
import type { Report, YamlPath } from '#core/problems';
import { minuteOf, readDayOffset } from './day-offset.ts';
import { fallingParts } from './falling.ts';
import type { Enter, EntryDate, EntryTrigger } from './model.ts';
import type { EnterShape } from './schema.ts';

type Given = z.output<typeof EnterShape>;

/** Every way in. */
export const triggersOf = ({ on, also = [] }: Pick<Enter, 'on' | 'also'>): readonly EntryTrigger[] => [on, ...also];
export const eventsOf = (enter: Enter): readonly string[] => triggersOf(enter).flatMap((it) => ('event' in it ? [it.event] : []));
export const listsOf = (enter: Enter): readonly string[] => triggersOf(enter).flatMap((it) => ('imported' in it ? [it.imported] : []));
export const whenOf = (enter: Enter) => triggersOf(enter).find((it) => 'when' in it);
export const dateOf = (enter: Enter): EntryDate | undefined => triggersOf(enter).flatMap((it) => ('date' in it ? [it.date] : []))[0];
/** By a condition or a day: somebody has to look whether it is so. */
export const isLookedAt = (enter: Enter): boolean => triggersOf(enter).some((it) => 'when' in it || 'date' in it);
export const isOpenToApi = (enter: Enter): boolean => triggersOf(enter).some((it) => 'api' in it);

/** Conditions under `enter`, with the key that they stand under. */
export const entryConditionsOf = (enter: Enter): readonly { readonly at: 'when' | 'if'; readonly condition: Condition }[] => {
  const when = whenOf(enter);
  return [
    ...(when ? [{ at: 'when' as const, condition: when.when }] : []),
    ...(enter.if ? [{ at: 'if' as const, condition: enter.if }] : []),
  ];
};

/** `enter:` of sequence.yaml. undefined: it was reported what is wrong. */
export const readEnter = (data: Given, report: Report): Enter | undefined => {
  const when = data.when === undefined ? undefined : readWhen(data.when, ['enter', 'when'], report);
  const date = data.date && readDate(data.date, ['enter', 'date'], report);
  const [on, ...also]: readonly EntryTrigger[] = [
    ...several(data.on).map((event) => ({ event })),
    ...several(data.imported).map((imported) => ({ imported })),
    ...(when ? [{ when, reads: factsRead(when) }] : []),
    ...(date ? [{ date }] : []),
    ...(data.api ? [{ api: true } as const] : []),
  ];
  if (!on) {
    if (data.when === undefined && data.date === undefined) {
      report(['enter'], {
        code: 'no-entry',
        what: 'nothing lets a lead in',
        allowed: '`on: <event>`, `imported: <list>`, `when: <condition>`, `date: { field: <field> }`, `api: true`, or several of them',
      });
    }
    return undefined;
  }
  const condition = data.if === undefined ? undefined : parseCondition(data.if, ['enter', 'if'], report);
  return {
    on,
    ...(also.length > 0 && { also }),
    ...(data.who === 'new-leads-only' && { who: data.who }),
    again: readAgain(data.again, date, report),
    ...(condition && { if: condition }),
  };
};

const several = (given: string | readonly string[] | undefined): readonly string[] => [
  ...new Set(given === undefined ? [] : [given].flat()),
];

/** What becomes true because time goes by would take a look at every lead, all the time. */
const readWhen = (raw: unknown, path: YamlPath, report: Report): Condition | undefined => {
  const condition = parseCondition(raw, path, report);
  const falling = condition ? fallingParts(condition) : [];
  if (falling.length === 0) return condition;
  report(path, {
    code: 'true-by-time',
    what: 'this can become true by the mere passing of time, as engagement fades, and nothing would tell',
    got: falling.join(', '),
    allowed: 'engagement with at-least, and grades that include every better one of their letter',
    hint: 'for leads that have become quiet, give `scoring.yaml` a stage for them and say `when: { stage: … }`; or ask in `if`',
  });
  return undefined;
};

const readDate = (data: NonNullable<Given['date']>, path: YamlPath, report: Report): EntryDate => ({
  field: data.field,
  plusDays: readDayOffset(data, path, report),
  atMinute: minuteOf(data.at),
  yearly: data.yearly === true,
});

const readAgain = (text: string | undefined, date: EntryDate | undefined, report: Report): Enter['again'] => {
  const path = ['enter', 'again'];
  if (text === undefined) return date?.yearly ? 'always' : 'never';
  if (text === 'never' && date?.yearly)
    report(path, {
      severity: 'warning',
      code: 'yearly-once',
      what: 'the day comes every year, and with `again: never` a lead enters once in its life',
      hint: 'leave `again` out, or say `always`',
    });
  if (text === 'never' || text === 'always') return text;
  if (text === 'after exit') return 'after-exit';
  const after = /^after (.+)$/.exec(text);
  const duration = after?.[1] === undefined ? undefined : parseDuration(after[1]);
  if (duration) return { afterSeconds: duration.seconds };
  report(path, {
    code: 'not-understood',
    what: '"again" is not understood',
    got: text,
    allowed: `never, always, after exit, or "after 180 days" (${durationRule})`,
  });
  return 'never';
};
