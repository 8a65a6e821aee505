import type { LogLine } from '#adapters/memory/logs';
import { type AlarmName, alarmNames, alarms } from '#core/alarms';
import type { AlarmState } from '#core/console/outside';
import { addSeconds, type Instant } from '#core/instant';
import type { AlarmStates, QueueStates } from '#core/ports';
import type { DurableMap } from '#local/durable-map';

/** When what an alarm listens for was logged last, so many times as ring it. */
export type Logged = DurableMap<readonly Instant[]>;
export const alarmsMap = 'dev-alarms';

export const noteAlarm = (logged: Logged, { message }: LogLine, at: Instant): void => {
  for (const name of alarmNames.filter((it) => alarms[it].message === message))
    logged.set(name, [...(logged.get(name) ?? []), at].slice(-alarms[name].atLeast));
};

/** An hour of the world's time is over in a blink: what rang is shown as ringing for a week. */
const ringsForSeconds = 7 * 86_400;
const stateOf = (name: AlarmName, times: readonly Instant[], now: Instant): AlarmState => {
  const { atLeast, withinSeconds, means } = alarms[name];
  const [first, last] = [times[0], times.at(-1)];
  const rang = first !== undefined && last !== undefined && times.length >= atLeast && addSeconds(first, withinSeconds) >= last;
  const rings = rang && addSeconds(last, ringsForSeconds) > now;
  return { name, state: rings ? 'alarm' : 'ok', means: withRunbook(name, means), ...(rings && { since: last }) };
};
const withRunbook = (name: string, means: string): string => `${means} What to do: docs/runbook.md#${name}`;

/** Alarms as far as this machine can ring them: what functions log, and dead letters. CloudWatch's others have nothing to measure here. */
export const localAlarms = (logged: Logged, queues: Pick<QueueStates, 'all'>, now: () => Instant): AlarmStates => ({
  all: async () => {
    const dead = (await queues.all()).some((it) => it.dead > 0);
    const means = withRunbook('dead-letters', 'A message could not be handled after many attempts and lies in a dead-letter queue.');
    return [
      { name: 'dead-letters', state: dead ? 'alarm' : 'ok', means },
      ...alarmNames.map((name) => stateOf(name, logged.get(name) ?? [], now())),
    ];
  },
});
