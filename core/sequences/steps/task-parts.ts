import { duePk, failedPk } from '#core/keys';
import type { StepInput } from '#core/messages';
import {
  catching,
  conditionFailed,
  invokeSeconds,
  numberAt,
  resources,
  retryAsking,
  retryDynamo,
  retryLambda,
  substitute,
  type Task,
  textAt,
  writeParameters,
} from '#core/sequences/asl';
import { legSeconds } from '#core/sequences/leg';
import { type EndOfLeg, endWrite, nextLegWrite, type Parking, parkWrite } from '#core/sequences/machine-writes';
import type { Machine } from './step-kind.ts';

/** What every task is made of. Each of these is one state entered: twenty Lambda calls' worth. */

export const idsOfLeg = { 'leadId.$': '$.leadId', 'enrolmentId.$': '$.enrolmentId', 'leg.$': '$.leg' } as const;

const rowKey = { pk: textAt('$.pk'), sk: textAt('$.sk') };
const leg = numberAt('$.leg');
const enteredAt = textAt('$$.State.EnteredTime');

type Exits = {
  /** The time has come. */
  readonly onTimeout: string;
  /** Somebody woke it without a stop. */
  readonly onWoken: string;
  /** The row refused: a stop, another leg, no row, or the awaited event is there already. */
  readonly onRefused: string;
};

type Length = { readonly seconds: number } | 'planned';

/** Stores the token on the row and waits: for seconds known now, or for what the last answer planned for this state. */
export const parkTask = (
  machine: Machine,
  park: {
    readonly state: string;
    readonly step: string;
    readonly length: Length;
    readonly awaits?: Parking['awaits'];
    readonly speaks?: boolean;
    /** What woke it stays under `$.woken`. */
    readonly keepsWoken?: true;
  },
  exits: Exits,
): Task => {
  const planned = `$.plan.waits['${park.state}']`;
  const plusSeconds = park.length === 'planned' ? 0 : park.length.seconds;
  const write = parkWrite({
    token: textAt('$$.Task.Token'),
    leg,
    step: park.step,
    version: machine.version,
    entered: enteredAt,
    due: {
      partition: textAt(`States.Format('${duePk('{}', plusSeconds)}', $.shard)`),
      from: park.length === 'planned' ? textAt(`${planned}.at`) : enteredAt,
      plusSeconds,
    },
    ...(park.speaks && { speaks: true }),
    ...(park.awaits && { awaits: park.awaits }),
  });
  return {
    Type: 'Task',
    Resource: resources.park,
    Parameters: writeParameters(write, rowKey),
    ResultPath: park.keepsWoken ? '$.woken' : null,
    ...(park.length === 'planned' ? { TimeoutSecondsPath: `${planned}.seconds` } : { TimeoutSeconds: park.length.seconds }),
    Retry: retryDynamo,
    Catch: [
      catching(['Halt'], 'Route'),
      catching(['States.Timeout'], exits.onTimeout),
      catching([conditionFailed], exits.onRefused),
      catching(['States.ALL'], 'Failed', 'keep'),
    ],
    Next: exits.onWoken,
  };
};

type Call = {
  readonly functionArn: string;
  readonly step: string;
  readonly ask?: StepInput['ask'];
  /** What the handler is told besides. */
  readonly tell?: { readonly [field: string]: unknown };
};

/** core/messages.ts StepInput. */
const callOf = (machine: Machine, { functionArn, step, ask, tell }: Call) => ({
  FunctionName: functionArn,
  Payload: { ...idsOfLeg, sequence: machine.sequence.id, version: machine.version, step, ...(ask && { ask }), ...tell },
});

/** Asks a Lambda about a step and keeps these fields of its answer as the plan. */
export const askTask = (machine: Machine, ask: Call & { readonly keep: readonly string[]; readonly next: string }): Task => ({
  Type: 'Task',
  Resource: resources.invoke,
  Parameters: callOf(machine, ask),
  ResultSelector: Object.fromEntries(ask.keep.map((field) => [`${field}.$`, `$.Payload.${field}`])),
  ResultPath: '$.plan',
  TimeoutSeconds: invokeSeconds,
  Retry: retryLambda,
  Catch: [catching(['Halt'], 'Route'), catching(['States.ALL'], 'Failed', 'keep')],
  Next: ask.next,
});

/**
 * Asks plan-step to plan this wait and to sit it out: it parks the run and has the token answered once the wait is over
 * (docs/decisions/0100). No wait outlasts its leg, so the time-out is the leg's.
 */
export const sitOutTask = (machine: Machine, wait: { readonly step: string; readonly speaks: boolean; readonly next: string }): Task => ({
  Type: 'Task',
  Resource: resources.ask,
  Parameters: callOf(machine, {
    functionArn: substitute('PlanStepArn'),
    step: wait.step,
    tell: {
      sitsOut: {
        'token.$': '$$.Task.Token',
        'enteredAt.$': '$$.State.EnteredTime',
        'attempt.$': '$$.State.RetryCount',
        ...(wait.speaks && { speaks: true }),
      },
    },
  }),
  ResultPath: null,
  TimeoutSeconds: legSeconds,
  Retry: retryAsking,
  Catch: [catching(['Halt'], 'Route'), catching(['States.ALL'], 'Failed', 'keep')],
  Next: wait.next,
});

/** Writes how the leg ended and ends the machine: the same price as a state that only succeeds. */
export const endTask = (how: Pick<EndOfLeg, 'ending' | 'endedBy' | 'endedAs'>, onRefused: string): Task => ({
  Type: 'Task',
  Resource: resources.write,
  Parameters: writeParameters(endWrite({ leg, endedAt: enteredAt, ...how }), rowKey),
  ResultPath: null,
  Retry: retryDynamo,
  Catch: [catching([conditionFailed], onRefused), catching(['States.ALL'], how.ending === 'stopped' ? 'Fail' : 'Failed', 'keep')],
  End: true,
});

/** Says on the row that the machine failed; whatever comes of that, the machine fails. */
export const failTask = (): Task => ({
  Type: 'Task',
  Resource: resources.write,
  Parameters: writeParameters(
    endWrite({
      leg,
      endedAt: enteredAt,
      ending: 'failed',
      failure: textAt('$.error.Error'),
      gsi1pk: textAt(`States.Format('${failedPk('{}')}', $.shard)`),
    }),
    rowKey,
  ),
  ResultPath: null,
  Retry: retryDynamo,
  Catch: [catching(['States.ALL'], 'Fail')],
  Next: 'Fail',
});

/** Sits out what is left of a wait that an earlier leg began, then goes to `next`, with the time-out as `$.error`. */
export const restTask = (machine: Machine, next: string): Task => ({
  Type: 'Task',
  Comment: 'What is left of a wait that an earlier leg began.',
  Resource: resources.park,
  Parameters: writeParameters(
    parkWrite({
      token: textAt('$$.Task.Token'),
      leg,
      step: textAt('$.rest.step'),
      version: machine.version,
      entered: enteredAt,
      due: { partition: textAt(`States.Format('${duePk('{}', 0)}', $.shard)`), from: textAt('$.rest.at'), plusSeconds: 0 },
    }),
    rowKey,
  ),
  ResultPath: null,
  TimeoutSecondsPath: '$.rest.seconds',
  Retry: retryDynamo,
  Catch: [
    catching(['Halt'], 'Route'),
    catching(['States.Timeout'], next, 'keep'),
    catching([conditionFailed], 'Route'),
    catching(['States.ALL'], 'Failed', 'keep'),
  ],
  Next: 'Route',
});

/** Ends this leg by giving the run to the next one, which the watchdog starts. Refused on a stop. */
export const nextLegTask = (startAt: string): Task => ({
  Type: 'Task',
  Comment: 'As much as one execution may last: the next one goes on from here.',
  Resource: resources.write,
  Parameters: writeParameters(
    nextLegWrite({ leg, at: enteredAt, partition: textAt(`States.Format('${duePk('{}', 0)}', $.shard)`), startAt }),
    rowKey,
  ),
  ResultPath: null,
  Retry: retryDynamo,
  Catch: [catching([conditionFailed], 'Route'), catching(['States.ALL'], 'Failed', 'keep')],
  End: true,
});
