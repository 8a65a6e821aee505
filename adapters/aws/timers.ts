import { hash } from 'node:crypto';
import { toEpoch, toInstant } from '#core/instant';
import type { Timer, Timers, WaitOver } from '#core/ports';

/** The group that holds our schedules, and the role under which they answer tokens. */
export type TimerSettings = { readonly group: string; readonly roleArn: string };

/** EventBridge Scheduler's CreateSchedule, as its API names it. */
export type ScheduleRequest = {
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: 'UTC';
  readonly FlexibleTimeWindow: { readonly Mode: 'OFF' };
  readonly ActionAfterCompletion: 'DELETE';
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input: string;
    readonly RetryPolicy: { readonly MaximumRetryAttempts: number; readonly MaximumEventAgeInSeconds: number };
  };
};

/**
 * A token that a stop has ended is answered with an error, and nobody says that AWS tells it from one that passes: so few tries, then
 * the watchdog, which looks at the row. No dead letters either: each stop would leave one (docs/decisions/0078).
 */
export const retries = { MaximumRetryAttempts: 12, MaximumEventAgeInSeconds: 3600 } as const;

/** `create`: 'exists' when there is one of this name. */
export const timersBy = (create: (request: ScheduleRequest) => Promise<'created' | 'exists'>, settings: TimerSettings): Timers => ({
  set: async (timer) => void (await create(scheduleOf(timer, settings))),
});

export const scheduleOf = (timer: Timer, { group, roleArn }: TimerSettings): ScheduleRequest => ({
  Name: nameOf(timer),
  GroupName: group,
  ScheduleExpression: `at(${wholeSeconds(timer.at)})`,
  ScheduleExpressionTimezone: 'UTC',
  FlexibleTimeWindow: { Mode: 'OFF' },
  ActionAfterCompletion: 'DELETE',
  Target: {
    Arn: `arn:${roleArn.split(':')[1]}:scheduler:::aws-sdk:sfn:sendTaskSuccess`,
    RoleArn: roleArn,
    Input: JSON.stringify({ TaskToken: timer.token, Output: waitOver }),
    RetryPolicy: retries,
  },
});

const waitOver = JSON.stringify({ waited: true } satisfies WaitOver);

/** At most 64 letters, digits, `-`, `_` and `.`. The token is part of it: a state that was tried twice has two. */
const nameOf = ({ enrolmentId, leg, step, token }: Timer): string =>
  `${enrolmentId}-${leg}-${hash('sha256', `${step} ${token}`).slice(0, 24)}`;

/** Never before its time. */
const wholeSeconds = (at: string): string => toInstant(Math.ceil(toEpoch(at) / 1000) * 1000).slice(0, 19);
