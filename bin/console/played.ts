import { spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import type { AnswerBody, AnswerChoice, LeadList, TaskList, TaskView } from '#core/console/views';
import { addSeconds } from '#core/instant';
import { openDevWorld } from '#local/dev/dev-world';
import { startDriver } from '#local/dev/driver';
import { devServer } from '#local/dev/server';
import { bundleConsole } from '#web/bundle';

const startAt = '2026-03-02T09:20:00.000Z';
const days = 16;

const rehearsal = 'spring';

/** The console over a played sample list, on a port of its own: sixteen days, in which sales answered on some mornings. */
export const playedConsole = async () => {
  const loaded = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(loaded);
  if (!loaded.live) throw new Error('marketing/ has errors: run npx baton check');
  // With a budget, so that there is one to be seen.
  const { brand } = loaded.live;
  const live = { ...loaded.live, brand: { ...brand, budget: { usd: 25, sesPlan: 'a-la-carte' as const } } };
  const dev = await openDevWorld({
    ...{ compiled, live, folder: undefined, people: true, stack: 'memory', seed: 'console pictures', startAt },
    sample: { file: 'examples/leads.csv', list: 'webinar' },
  });
  const driver = startDriver(dev, dev.world.journal.map('dev-driver'), { speed: 'paused' });
  const app = devServer(dev, driver, await bundleConsole(), loaded.problems);
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  rehearse();
  dev.sample.importIt(true);
  const sales = salesOf(url);
  for (let day = 1; day <= days; day++) {
    driver.runTo(addSeconds(startAt, day * 86_400));
    while (driver.runningTo() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    if (day % 7 < 5 && day % 2 === 0) await sales(live.sales.team.map((it) => it.rep));
  }
  return {
    url,
    views: await viewsOf(url),
    stop: async () => {
      server.close();
      await driver.stop();
      await dev.world.stop();
    },
  };
};

/** Kept where `baton dev` looks for them. */
const rehearse = (): void => {
  const asked = ['--population', '600', '--days', '45', '--over', '20', '--start', '2026-03-02', '--console', rehearsal];
  const { status, stderr } = spawnSync(process.execPath, ['bin/baton.mjs', 'simulate', ...asked], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`baton simulate ended with ${status}: ${stderr}`);
};

/** Every rep answers what lies there, but for the last three, and says what became of deals. The same each time. */
const salesOf = (url: string) => {
  let count = 0;
  return async (reps: readonly string[]): Promise<void> => {
    for (const rep of reps) {
      const ask = asRep(url, rep);
      const [open, taken] = [await ask<TaskList>('/tasks'), await ask<TaskList>('/tasks?status=accepted')];
      for (const { taskId } of [...open.tasks.slice(0, -3), ...taken.tasks.slice(2)]) {
        const { mayAnswer } = await ask<TaskView>(`/tasks/${taskId}`);
        const body = answerOf(mayAnswer, count++);
        if (body) await ask(`/tasks/${taskId}/answers`, body);
      }
    }
  };
};
/** Of accept, reject, recycle; and of won, lost. */
const chosen = [0, 0, 1, 0, 2, 0, 1];

const answerOf = (choices: readonly AnswerChoice[], count: number): AnswerBody | undefined => {
  const choice = choices[chosen[count % chosen.length] ?? 0] ?? choices[0];
  if (!choice) return undefined;
  const { answer, reasons, until, asksAmount, currencies } = choice;
  return {
    answer,
    ...(reasons && { reason: reasons[count % reasons.length] ?? '' }),
    ...(until && { until: until.last }),
    ...(asksAmount && { amount: 4000 + ((count * 1850) % 17_000), currency: currencies?.[0] ?? 'EUR' }),
  };
};

const asRep =
  (url: string, rep: string) =>
  async <T>(path: string, body?: object): Promise<T> => {
    const headers = { 'x-baton-rep': rep, 'content-type': 'application/json', origin: url };
    const answer = await fetch(`${url}/console/api${path}`, {
      headers,
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} was answered by ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };

/** What there is to be seen: with a lead that has a long story, and a rep's best task. */
const viewsOf = async (url: string) => {
  const ask = asRep(url, 'jonas');
  const [{ leads }, { tasks }] = await Promise.all([ask<LeadList>('/leads?stage=recycled'), ask<TaskList>('/tasks')]);
  const any = leads[0] ?? (await ask<LeadList>('/leads')).leads[0];
  return [
    { name: 'sequences', path: '/console/sequences' },
    { name: 'sequence', path: '/console/sequences/trial-nurture' },
    { name: 'rehearsal', path: `/console/simulations/${rehearsal}?sequence=trial-nurture` },
    { name: 'leads', path: '/console/leads' },
    { name: 'lead', path: `/console/leads/${any?.leadId}` },
    { name: 'task', path: `/console/tasks/${tasks[0]?.taskId ?? ''}` },
    { name: 'team', path: '/console/team' },
    { name: 'report', path: '/console/report' },
    { name: 'operations', path: '/console/operations' },
    { name: 'start', path: '/' },
    { name: 'mails', path: '/inbox' },
  ] as const;
};
