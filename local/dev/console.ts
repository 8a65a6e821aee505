import { Hono } from 'hono';
import { asRepHeader, groups } from '#core/console/views';
import type { Ports } from '#core/ports';
import { type Problem, problemsIn } from '#core/problems';
import { consoleApi } from '#lambdas/console/console';
import { localAlarms } from './alarms.ts';
import type { DevWorld } from './dev-world.ts';
import type { Driver } from './driver.ts';
import { withFailures } from './failures.ts';
import { devReadModels } from './read-models.ts';

/**
 * The console's server inside `baton dev`: the very same code as on AWS, on this world's rows. Nobody signs in, everybody is of both
 * groups, and whoever names a rep in a header looks as that one. What the night counts on AWS is counted here when somebody asks.
 */
export const consoleInDev = (dev: DevWorld, driver: Driver, problems: readonly Problem[] = []) => {
  const app = new Hono();
  const { live, world } = dev;
  const alarmStates = localAlarms(dev.alarmsLogged, world.ports.queueStates, world.clock.now);
  const ports: Ports = {
    ...world.ports,
    ...devReadModels(dev),
    alarmStates,
    queueStates: withFailures(world.ports.queueStates, dev.failures),
  };
  const first = live.sales.team[0];
  const api = consoleApi(ports, {
    isDev: true,
    reps: live.sales.team.map((it) => it.rep),
    problemsOf: (sequence) => problemsIn(problems, sequence),
    who: async (c) => {
      const rep = live.sales.team.find((it) => it.rep === c.req.header(asRepHeader)) ?? first;
      return { id: 'dev', name: rep?.rep ?? 'you', groups, ...(rep && { rep }) };
    },
  });
  // What changes something goes between two pieces of work of the world, never beside one; and has its effects at once.
  app.post('/console/api/*', async (c, next) => {
    await driver.exclusively(() => next());
    if (c.res.ok) await driver.settle();
  });
  app.route('/console/api', api);
  return app;
};
