import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmStates } from '#core/ports';

const states = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'no-data' } as const;

/** All alarms of the stage by their name, in one request; there are a dozen. */
export const cloudWatchAlarms = (client: CloudWatchClient, prefix: string): AlarmStates => ({
  all: async () => {
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, MaxRecords: 100 }));
    return MetricAlarms.map((it) => ({
      name: (it.AlarmName ?? '').slice(prefix.length),
      state: states[it.StateValue ?? 'INSUFFICIENT_DATA'],
      means: it.AlarmDescription ?? '',
      ...(it.StateUpdatedTimestamp && { since: it.StateUpdatedTimestamp.toISOString() }),
    }));
  },
});
