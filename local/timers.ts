import type { ScheduleRequest } from '#adapters/aws/timers';
import { toEpoch, toInstant } from '#core/instant';
import type { Clock } from '#core/ports';
import type { Source } from './agenda.ts';
import type { Between } from './between.ts';
import type { DurableMap } from './durable-map.ts';
import { createAgenda } from './states/agenda.ts';

/** A schedule that has not run yet; `sequence`: of two at the same moment the one that was made first goes first. */
export type PendingTimer = { readonly at: number; readonly sequence: number; readonly token: string; readonly output: string };

/**
 * EventBridge Scheduler as far as we ask it: schedules that run once, answer a token and are gone. One that is pending is kept over a
 * restart; a token that nobody waits for any more is left alone, as the last try leaves it there.
 */
export const createTimers = (use: {
  readonly clock: Clock;
  readonly pending: DurableMap<PendingTimer>;
  readonly answer: (token: string, output: string) => Promise<void>;
  /** Fault injection: when it really runs. */
  readonly trouble?: Between['timers'] | undefined;
}) => {
  const agenda = createAgenda();
  let sequence = 0;
  let shown = { at: Number.NaN, instant: '' };
  for (const [name, timer] of use.pending.entries()) {
    agenda.schedule(name, timer);
    sequence = Math.max(sequence, timer.sequence);
  }
  const source: Source = {
    name: 'timers',
    peek: () => {
      const due = agenda.earliest();
      if (!due) return undefined;
      // Asked before every piece of any work, and mostly the same.
      if (shown.at !== due.at) shown = { at: due.at, instant: toInstant(due.at) };
      return shown.instant;
    },
    runNext: async () => {
      const name = agenda.take(toEpoch(use.clock.now()));
      const timer = name === undefined ? undefined : use.pending.get(name);
      if (name === undefined || !timer) return;
      try {
        await use.answer(timer.token, timer.output);
      } catch (error) {
        if (!dead.includes((error as Error).name)) throw error;
      }
      use.pending.delete(name);
    },
  };
  return {
    source,
    create: ({ Name, ScheduleExpression, Target }: ScheduleRequest): 'created' | 'exists' => {
      if (use.pending.get(Name)) return 'exists';
      const { TaskToken, Output } = JSON.parse(Target.Input) as { TaskToken: string; Output: string };
      const at = timeOf(ScheduleExpression);
      const times = use.trouble?.(Name, toInstant(at)).map(toEpoch) ?? [at];
      for (const [copy, time] of times.entries()) {
        const name = copy === 0 ? Name : `${Name} ${copy}`;
        const timer = { at: time, sequence: ++sequence, token: TaskToken, output: Output };
        use.pending.set(name, timer);
        agenda.schedule(name, timer);
      }
      return 'created';
    },
  };
};
export type LocalTimers = ReturnType<typeof createTimers>;

const dead: readonly string[] = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

/** `at(2026-07-14T10:00:00)`. */
const timeOf = (expression: string): number => toEpoch(`${expression.slice('at('.length, -1)}.000Z`);
