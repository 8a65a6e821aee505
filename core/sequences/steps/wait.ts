import * as z from 'zod';
import { durationRule, parseDuration, parseWaitLength } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';
import { substitute } from '#core/sequences/asl';
import { DayField, dayOffset, LocalTime, minuteOf, readDayOffset } from '#core/sequences/day-offset';
import { isForTimers } from '#core/sequences/fused';
import type { DateWait, WaitLength, WaitStep } from '#core/sequences/model';
import { type Place, plannedWait, speaksNext, waitsFrom } from '#core/sequences/plan';
import { planAndSitOut, planState } from './plan-states.ts';
import { common, type Machine, readWith, type StepKind } from './step-kind.ts';
import { askTask, endTask, parkTask } from './task-parts.ts';

const Until = z.strictObject({
  until: DayField,
  ...dayOffset,
  at: LocalTime.optional().describe(
    "The lead's local time, e.g. 09:00; midnight if it is not said, and an e-mail that follows then goes in its hours",
  ),
  yearly: z.literal(true).optional().describe('The same day of each year, such as a birthday'),
  'at-most': z.string().optional().describe('A day that is farther away counts as none; 180 days, at most 330'),
  otherwise: z
    .enum(['exit', 'go-on'])
    .optional()
    .describe('When the field is empty, the day has passed or is too far: exit (default) ends the run, go-on goes on at once'),
});

const schema = () =>
  z.strictObject({
    wait: z
      .union([z.string(), Until])
      .describe(
        'How long, e.g. 2 days or 3 business days; or { until: renewal-date, before: 30 days }. An e-mail that follows then goes at its next window.',
      ),
    ...common,
  });
const Outer = z.strictObject({ wait: z.unknown(), ...common });

export const wait: StepKind<WaitStep> = {
  kind: 'wait',
  help: 'Waits; when an e-mail follows, until its next window after that time.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(Outer, raw, path, report);
    const length = read && readLength(read.wait, [...path, 'wait'], report);
    return length && { ...named, kind: 'wait', length };
  },

  enter(place, source, machine) {
    const isPlanned = plannedWait(place, machine.sequence) !== undefined;
    const isDate = 'until' in place.step.length;
    return isDate || (isPlanned && source !== 'answered') ? `Plan ${place.step.id}` : place.step.id;
  },

  emit(place, machine) {
    const { step, next } = place;
    if ('until' in step.length) return emitUntil(place, step.length.until, machine);
    const planned = plannedWait(place, machine.sequence);
    const [speaks, onTimeout] = [speaksNext(next, machine.sequence), afterWait(place, machine)];
    if (planned && isForTimers(step)) planAndSitOut(machine, planned, { step: step.id, speaks, next: onTimeout });
    else if (planned) planState(machine, step.id, planned);
    const length = planned || 'businessDays' in step.length ? 'planned' : step.length;
    machine.add(
      step.id,
      parkTask(machine, { state: step.id, step: step.id, length, speaks }, { onTimeout, onWoken: 'Route', onRefused: 'Route' }),
    );
  },
};

/** Where a wait of a length leads to once it is over. */
export const afterWait = (place: Place<WaitStep>, machine: Machine): string =>
  machine.enter(place.next, plannedWait(place, machine.sequence)?.forEmail ? 'ready' : 'cold');

/** Planned, chosen, waited, and planned again: the field may say another day by then. */
const emitUntil = ({ step, next }: Place<WaitStep>, until: DateWait, machine: Machine) => {
  const [plan, choice] = [`Plan ${step.id}`, `${step.id}?`];
  machine.add(plan, askTask(machine, { functionArn: substitute('PlanStepArn'), step: step.id, keep: ['waits'], next: choice }));
  machine.answers(plan, [{ state: step.id, length: { until } }, ...waitsFrom(next, machine.sequence)]);
  const goOn = machine.enter(next, 'answered');
  const none = `${step.id} (no day)`;
  if (until.otherwise === 'exit') machine.add(none, endTask({ ending: 'exited', endedBy: step.id, endedAs: 'exit' }, 'Route'));
  const is = { Variable: `$.plan.waits['${step.id}'].is` };
  machine.add(choice, {
    Type: 'Choice',
    Choices: [
      { ...is, StringEquals: 'reached', Next: goOn },
      { ...is, StringEquals: 'none', Next: until.otherwise === 'exit' ? none : goOn },
    ],
    Default: step.id,
  });
  machine.add(
    step.id,
    parkTask(machine, { state: step.id, step: step.id, length: 'planned' }, { onTimeout: plan, onWoken: 'Route', onRefused: 'Route' }),
  );
};

const readLength = (raw: unknown, path: YamlPath, report: Report): WaitLength | undefined => {
  if (typeof raw !== 'string') return readUntil(raw, path, report);
  const length = parseWaitLength(raw);
  if (!length)
    report(path, { code: 'bad-duration', what: 'this is not a length of time', got: raw, allowed: `${durationRule}, or business days` });
  return length;
};

const day = 86_400;
const usualMost = 180 * day;
const longestMost = 330 * day;

const readUntil = (raw: unknown, path: YamlPath, report: Report): WaitLength | undefined => {
  const read = readWith(Until, raw, path, report);
  if (!read) return undefined;
  const plusDays = readDayOffset(read, path, report);
  const most = read['at-most'] === undefined ? usualMost : (parseDuration(read['at-most'])?.seconds ?? Number.NaN);
  if (!(most <= longestMost)) {
    report([...path, 'at-most'], {
      code: 'bad-duration',
      what: 'this is not a time that a wait may last',
      got: read['at-most'] ?? '',
      allowed: 'at most 330 days',
    });
    return undefined;
  }
  return {
    until: {
      field: read.until,
      plusDays,
      atMinute: minuteOf(read.at),
      yearly: read.yearly === true,
      atMostSeconds: most,
      otherwise: read.otherwise ?? 'exit',
    },
  };
};
