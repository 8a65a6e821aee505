import { describe, expect, it } from 'vitest';
import { emfMetrics } from '#adapters/aws/metrics';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import { addSeconds } from '#core/instant';
import { watchdog } from '#lambdas/ticks/watchdog';
import { anEnrolment } from '#tests/helpers/builders';
import { aWorld } from '#tests/helpers/world';

describe('the watchdog', () => {
  it('says how overdue the most overdue run is, how long something is paused, and how much of the quota is used', async () => {
    const world = await aWorld();
    const metrics = memoryMetrics();
    const now = world.clock.now();
    const due = (at: string, more = {}) => anEnrolment({ gsi1sk: at, waitSeconds: 0, token: 't', step: 'pause', ...more });
    await world.ports.line.pause('nurture', { at: addSeconds(now, -7200), by: 'hand', why: 'a test' });
    const overdue = [due(addSeconds(now, -3600)), due(addSeconds(now, -9000), { endedAt: now }), due(addSeconds(now, -1000))];
    await watchdog({
      ...world.ports,
      metrics,
      enrolments: { ...world.ports.enrolments, overdue: async (shard) => ({ runs: shard === '0' ? overdue : [] }) },
      artifacts: { ...world.ports.artifacts, get: async () => world.compiled.artifact },
      mailQuota: { read: async () => ({ sent: 90, most: 200 }) },
    })();
    expect(Object.fromEntries(metrics.counted)).toEqual({ 'oldest-due-seconds': 3600, 'paused-seconds': 7200, 'send-quota-percent': 45 });
  });

  it('is not stopped by a mail service that does not answer', async () => {
    const world = await aWorld();
    const metrics = memoryMetrics();
    const mailQuota = { read: () => Promise.reject(new Error('no answer')) };
    await watchdog({ ...world.ports, metrics, mailQuota })();
    expect(Object.fromEntries(metrics.counted)).toEqual({ 'oldest-due-seconds': 0, 'paused-seconds': 0 });
  });
});

describe('what functions count', () => {
  it('is seen locally as CloudWatch would show it', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.advance('30 days');
    expect(Object.fromEntries(world.metrics.counted)).toMatchObject({
      'emails-sent': world.sent().length,
      'leads-enrolled': 1,
      'oldest-due-seconds': 0,
    });
  });

  it('goes out in one line a call, under the namespace of the stage, with the service as its only dimension', () => {
    const lines: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = ((text: string) => lines.push(text) > 0) as never;
    try {
      const metrics = emfMetrics('Baton/dev');
      metrics.add('emails-sent');
      metrics.add('emails-sent', 2);
      metrics.add('emails-deferred');
      metrics.publish();
      metrics.publish();
    } finally {
      process.stdout.write = write;
    }
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '') as { _aws: { CloudWatchMetrics: object[] } };
    expect(line).toMatchObject({ 'emails-sent': 3, 'emails-deferred': 1, service: 'baton' });
    expect(line._aws.CloudWatchMetrics).toMatchObject([{ Namespace: 'Baton/dev', Dimensions: [['service']] }]);
  });
});
