import * as z from 'zod';
import { durationRule, parseWaitLength } from '#core/duration';
import type { WaitStep } from '#core/sequences/model';
import { plannedWait, speaksNext } from '#core/sequences/plan';
import { planState } from './plan-states.ts';
import { readWith, type StepKind, Was } from './step-kind.ts';
import { parkTask } from './task-parts.ts';

const schema = () =>
  z.strictObject({
    wait: z.string().describe('How long, e.g. 2 days or 3 business days. An e-mail that follows then goes at its next window.'),
    was: Was,
  });

export const wait: StepKind<WaitStep> = {
  kind: 'wait',
  help: 'Waits; when an e-mail follows, until its next window after that time.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(schema(), raw, path, report);
    if (!read) return undefined;
    const length = parseWaitLength(read.wait);
    if (!length) {
      report([...path, 'wait'], {
        code: 'bad-duration',
        what: 'this is not a length of time',
        got: read.wait,
        allowed: `${durationRule}, or business days`,
      });
      return undefined;
    }
    return { ...named, kind: 'wait', length };
  },

  enter(place, source, machine) {
    const isPlanned = plannedWait(place, machine.sequence) !== undefined;
    return isPlanned && source !== 'answered' ? `Plan ${place.step.id}` : place.step.id;
  },

  emit(place, machine) {
    const { step, next } = place;
    const planned = plannedWait(place, machine.sequence);
    if (planned) planState(machine, step.id, planned);
    machine.add(
      step.id,
      parkTask(
        machine,
        {
          state: step.id,
          step: step.id,
          length: planned || 'businessDays' in step.length ? 'planned' : step.length,
          speaks: speaksNext(next, machine.sequence),
        },
        { onTimeout: machine.enter(next, planned?.forEmail ? 'ready' : 'cold'), onWoken: 'Route', onRefused: 'Route' },
      ),
    );
  },
};
