import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { addSeconds } from '#core/instant';
import type { LinkPurpose } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { createWorld } from '#local/world';
import { aTaskFor } from '#tests/helpers/tasks';

const start = '2026-03-23T13:00:00.000Z';
const paths: { readonly [purpose in LinkPurpose]: string } = { unsubscribe: 'u', preferences: 'p', confirm: 'c', visit: 'v' };

/** The pages of the shipped marketing folder on loopback, and leads to open them for. */
export const servePages = async () => {
  const { live, ...marketing } = await loadMarketing('marketing');
  if (!live) throw new Error('marketing/ has errors');
  const { compiled } = await compileMarketing({ ...marketing, live });
  const world = await createWorld({ stack: 'memory', compiled: compiled.map((it) => it.compiled), live, startAt: start, seed: 'pages' });
  const app = new Hono();
  app.all('*', async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const { method, headers } = c.req.raw;
    return world.app.request(`${pathname}${search}`, { method, headers, ...(method === 'POST' && { body: await c.req.text() }) });
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  let count = 0;
  return {
    world,
    url,
    /** A lead who agreed to webinars, from a country with double opt-in, and confirmed or not. */
    aLead: async ({ confirmed }: { readonly confirmed: boolean }): Promise<string> => {
      const email = `kim${count++}@harbour-homes.example`;
      const leadId = world.ports.ids.leadId(email);
      const consent = { given: true, at: start, source: 'form', ...(confirmed && { confirmed: { at: start } }) };
      const fields = { 'first-name': 'Kimberly', 'last-name': 'Oduya', company: 'Harbour Homes', country: 'DE' };
      await world.ports.leads.upsert({ leadId, email, fields, consents: { events: consent } }, start);
      return leadId;
    },
    /** A task for such a lead, and the link of its rep. */
    aTask: async (leadId: string, more: Partial<SalesTask> = {}): Promise<{ readonly taskId: string; readonly url: string }> => {
      const taskId = `task-${count++}`;
      const reasons = ['looked at prices 3 times (24 points)', 'core market: 120 employees (20 points)'];
      const task = await aTaskFor(world, leadId, { taskId, rep: 'jonas', reasons, ...more });
      const token = world.ports.links.signAnswer({ taskId, rep: task.rep, expiresAt: addSeconds(start, 30 * 86_400) });
      return { taskId, url: `${url}/a/${token}` };
    },
    linkTo: (purpose: LinkPurpose, leadId: string, locale = 'en') =>
      `${url}/${paths[purpose]}/${world.ports.links.sign(purpose, { leadId, topic: 'events', expiresAt: addSeconds(start, 400 * 86_400), locale })}`,
    stop: async () => {
      await new Promise((resolve) => server.close(resolve));
      await world.stop();
    },
  };
};

export type ServedPages = Awaited<ReturnType<typeof servePages>>;
