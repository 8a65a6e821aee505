import * as z from 'zod/mini';

/**
 * What the handlers of the handoff machine tell it, kept under `$.task`. `seconds`: how long to wait. `wakes`: how often the task had been
 * woken when they looked, so that no wake gets lost on the way to a wait. `turn`: of the task, so that they know what the machine knows.
 */
export type TaskStep = {
  readonly next:
    | 'assigned'
    | 'held'
    | 'answered'
    | 'wait'
    | 'untold'
    | 'remind'
    | 'reassign'
    | 'escalate'
    | 'later'
    | 'return'
    | 'cancelled'
    | 'done';
  readonly seconds: number;
  readonly wakes: number;
  readonly turn: number;
};

const Id = z.string().check(z.minLength(1), z.maxLength(80));
/** Machine -> check-task. */
export const CheckInput = z.strictObject({ taskId: Id, leadId: Id, turn: z.int().check(z.minimum(0)) });
