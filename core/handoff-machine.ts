import { taskPk } from './keys.ts';
import {
  type Asl,
  catching,
  invokeSeconds,
  resources,
  retryDynamo,
  retryLambda,
  substitute,
  type Task,
  textAt,
  writeParameters,
} from './sequences/asl.ts';
import { legSeconds } from './sequences/leg.ts';

/**
 * One execution per qualification: the score must hold, then one task goes to sales. `${TableName}`, `${ConfirmHandoffArn}`
 * and `${NotifySalesArn}` are left open; the input is core/messages.ts HandoffInput.
 */
export const handoffMachine = (): Asl => ({
  Comment: 'The handoff of one lead: hold, confirm, notify',
  QueryLanguage: 'JSONPath',
  StartAt: 'Hold',
  TimeoutSeconds: legSeconds,
  States: {
    Hold: hold(),
    Confirm: ask(substitute('ConfirmHandoffArn'), {
      ResultSelector: { 'confirmed.$': '$.Payload.confirmed' },
      ResultPath: '$.confirm',
      Next: 'Confirmed?',
    }),
    'Confirmed?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.confirm.confirmed', BooleanEquals: true, Next: 'Notify' }],
      Default: 'NotConfirmed',
    },
    Notify: ask(substitute('NotifySalesArn'), { ResultPath: null, Next: 'Done' }),
    Done: { Type: 'Succeed' },
    NotConfirmed: { Type: 'Succeed', Comment: 'The score did not hold: the lead goes on as before.' },
    Failed: { Type: 'Fail', Error: 'HandoffFailed' },
  },
});

/** Whoever wakes it, and for whatever reason, Confirm looks at the lead again. The row keeps the token beside its task. */
const hold = (): Task => ({
  Type: 'Task',
  Resource: resources.park,
  Parameters: writeParameters(
    { update: { set: { token: textAt('$$.Task.Token'), taskId: textAt('$.taskId'), leadId: textAt('$.leadId') } }, condition: {} },
    { pk: textAt(`States.Format('${taskPk('{}')}', $.taskId)`), sk: { S: 'HOLD' } },
  ),
  ResultPath: null,
  TimeoutSecondsPath: '$.holdSeconds',
  Retry: retryDynamo,
  Catch: [catching(['States.Timeout', 'Halt'], 'Confirm'), catching(['States.ALL'], 'Failed')],
  Next: 'Confirm',
});

/** core/messages.ts HandoffStepInput. */
const ask = (functionArn: string, then: Pick<Task, 'ResultPath' | 'ResultSelector'> & { readonly Next: string }): Task => ({
  Type: 'Task',
  Resource: resources.invoke,
  Parameters: { FunctionName: functionArn, Payload: { 'taskId.$': '$.taskId', 'leadId.$': '$.leadId' } },
  TimeoutSeconds: invokeSeconds,
  Retry: retryLambda,
  Catch: [catching(['States.ALL'], 'Failed')],
  ...then,
});
