import { holdSk, taskPk } from './keys.ts';
import type { handoffNotices } from './messages.ts';
import {
  type Asl,
  type Choice,
  catching,
  conditionFailed,
  invokeSeconds,
  numberAt,
  type Retrier,
  resources,
  retryDynamo,
  retryLambda,
  substitute,
  type Task,
  textAt,
  writeParameters,
} from './sequences/asl.ts';
import { legSeconds } from './sequences/leg.ts';
import type { TaskStep } from './task-steps.ts';

/**
 * One execution per qualification: the score must hold, then one task goes to sales, if need be after it was held, and is followed until
 * somebody answers. What is decided stands on the task's row; the machine waits and asks. The input is core/messages.ts HandoffInput; what
 * the handlers answer is core/task-steps.ts. `${TableName}` and the ARNs are left open.
 */
export const handoffMachine = (): Asl => ({
  Comment: 'The handoff of one lead: hold, confirm, assign, notify, await the answer',
  QueryLanguage: 'JSONPath',
  StartAt: 'Hold',
  TimeoutSeconds: legSeconds,
  States: {
    Hold: park({ seconds: '$.holdSeconds', next: 'Confirm' }),
    Confirm: ask(substitute('ConfirmHandoffArn'), {
      ResultSelector: { 'confirmed.$': '$.Payload.confirmed' },
      ResultPath: '$.confirm',
      Next: 'Confirmed?',
    }),
    'Confirmed?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.confirm.confirmed', BooleanEquals: true, Next: 'Assign' }],
      Default: 'NotConfirmed',
    },
    Assign: ask(substitute('AssignTaskArn'), { ...step, Next: 'Assigned?' }),
    'Assigned?': choose({ assigned: 'Notify', held: 'Holding', answered: 'Check' }),
    Holding: park({ seconds: '$.task.seconds', next: 'Assign', unless: 'woken' }),
    Notify: tell('new', 'Await answer'),
    'Await answer': park({ seconds: '$.task.seconds', next: 'Check', unless: 'woken' }),
    Check: ask(substitute('CheckTaskArn'), { ...step, Next: 'Due?' }, { 'turn.$': '$.task.turn' }),
    'Due?': choose({
      wait: 'Await answer',
      untold: 'Notify',
      remind: 'Remind',
      reassign: 'Reassign',
      escalate: 'Escalate',
      later: 'Recycled',
      return: 'Return lead',
      cancelled: 'Cancelled',
    }),
    Remind: tell('remind', 'Await answer'),
    Reassign: tell('reassigned', 'Take back'),
    Escalate: tell('escalated', 'Take back'),
    'Take back': tell('taken-back', 'Await answer'),
    Cancelled: tell('cancelled', 'Done'),
    Recycled: park({ seconds: '$.task.seconds', next: 'Check', unless: 'woken' }),
    'Return lead': ask(substitute('ReturnLeadArn'), { ResultPath: null, Next: 'Done' }),
    Done: { Type: 'Succeed' },
    NotConfirmed: { Type: 'Succeed', Comment: 'The score did not hold: the lead goes on as before.' },
    Failed: { Type: 'Fail', Error: 'HandoffFailed' },
  },
});

/** Nobody starts a handoff anew, and its lead waits meanwhile: it outlasts an outage of some hours. */
const patient = (retry: readonly Retrier[]): readonly Retrier[] => retry.map((it) => ({ ...it, MaxAttempts: 40, MaxDelaySeconds: 900 }));

/** core/task-steps.ts TaskStep. */
const step = {
  ResultSelector: {
    'next.$': '$.Payload.next',
    'seconds.$': '$.Payload.seconds',
    'wakes.$': '$.Payload.wakes',
    'turn.$': '$.Payload.turn',
  },
  ResultPath: '$.task',
} as const;

const choose = (ways: { readonly [next in TaskStep['next']]?: string }): Choice => ({
  Type: 'Choice',
  Choices: Object.entries(ways).map(([next, state]) => ({ Variable: '$.task.next', StringEquals: next, Next: state })),
  Default: 'Done',
});

/**
 * Whoever wakes it, and for whatever reason, the next state looks at the rows again. The row keeps the token beside its task, whatever
 * state the machine waits in. `woken`: somebody woke it since the rows were read, so it looks again at once.
 */
const park = ({ seconds, next, unless }: { readonly seconds: string; readonly next: string; readonly unless?: 'woken' }): Task => ({
  Type: 'Task',
  Resource: resources.park,
  Parameters: writeParameters(
    {
      update: {
        set: { token: textAt('$$.Task.Token'), taskId: textAt('$.taskId'), leadId: textAt('$.leadId') },
        setIfAbsent: { wakes: 0 },
      },
      condition: unless ? { equals: { wakes: numberAt('$.task.wakes') } } : {},
    },
    { pk: textAt(`States.Format('${taskPk('{}')}', $.taskId)`), sk: { S: holdSk } },
  ),
  ResultPath: null,
  TimeoutSecondsPath: seconds,
  Retry: patient(retryDynamo),
  Catch: [catching(['States.Timeout', 'Halt', ...(unless ? [conditionFailed] : [])], next), catching(['States.ALL'], 'Failed')],
  Next: next,
});

/** core/messages.ts HandoffStepInput. */
const ask = (
  functionArn: string,
  then: Pick<Task, 'ResultPath' | 'ResultSelector'> & Partial<Pick<Task, 'Catch' | 'Retry'>> & { readonly Next: string },
  more: { readonly [key: string]: string } = {},
): Task => ({
  Type: 'Task',
  Resource: resources.invoke,
  Parameters: { FunctionName: functionArn, Payload: { 'taskId.$': '$.taskId', 'leadId.$': '$.leadId', ...more } },
  TimeoutSeconds: invokeSeconds,
  Retry: patient(retryLambda),
  Catch: [catching(['States.ALL'], 'Failed')],
  ...then,
});

/** Whoever cannot be told now, be it that Slack is down or a mailbox is gone, must not end it: the time to answer runs all the same. */
const tell = (notice: (typeof handoffNotices)[number], next: string): Task =>
  ask(
    substitute('NotifySalesArn'),
    { ResultPath: null, Next: next, Retry: retryLambda, Catch: [catching(['States.ALL'], next)] },
    { notice },
  );
