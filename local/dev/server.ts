import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import * as z from 'zod';
import { addSeconds } from '#core/instant';
import { pausesOf, wholePauseNames, wholePauses } from '#core/pauses';
import type { Problem } from '#core/problems';
import { queueSettings } from '#core/queues';
import { toMime } from '#local/ses/mime';
import { handoffMachineName } from '#local/settings';
import type { ConsoleBundle } from '#web/bundle';
import { actAsLead, actOnMail, addLead } from './acts.ts';
import type { Status } from './api.ts';
import { choicesOf } from './choices.ts';
import { consoleInDev } from './console.ts';
import type { DevWorld } from './dev-world.ts';
import type { Driver } from './driver.ts';
import { explainInDev } from './explain-view.ts';
import { onlyLoopback, onlyOwnPage } from './guard.ts';
import { mailDetail, mailList } from './mail-views.ts';
import { reportInDev } from './report-view.ts';

const pageSize = 50;
/** Pages ask once a second; what takes longer to count is counted this often at most. */
const countedForMilliseconds = 1500;
const waitedForMilliseconds = 300;

const SpeedBody = z.strictObject({ speed: z.enum(['paused', 'real', 'hour', 'day']) });
const AheadBody = z.strictObject({
  seconds: z
    .number()
    .int()
    .min(1)
    .max(400 * 86_400)
    .optional(),
});
const ImportBody = z.strictObject({ people: z.boolean() });
const MailActBody = z.strictObject({
  do: z.enum(['open', 'click', 'unsubscribe', 'complain', 'bounce']),
  link: z.string().max(2048).optional(),
});
const LeadActBody = z.union([
  z.strictObject({ visit: z.string().min(1).max(1024) }),
  z.strictObject({ event: z.string().regex(/^[a-z][a-z0-9._-]{0,63}$/) }),
]);
const NewLeadBody = z.strictObject({
  email: z.string().min(3).max(320),
  fields: z.record(z.string(), z.string().max(200)),
  topics: z.array(z.string()).max(50),
  start: z.union([z.strictObject({ event: z.string() }), z.strictObject({ imported: z.string() })]).optional(),
});

const ExplainQuery = z.object({
  lead: z.string().min(1).max(320),
  sequence: z.string().min(1).max(80).optional(),
  day: z.iso.date().optional(),
});

/** The server of `baton dev`: what only it has as JSON under /api, the console's own under /console/api, the page, and Baton's own pages as leads reach them. GET changes nothing. */
export const devServer = (dev: DevWorld, driver: Driver, page: ConsoleBundle, problems: readonly Problem[] = []) => {
  const app = new Hono();
  app.use(onlyLoopback);
  app.use('/api/*', onlyOwnPage);
  app.use('/api/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  app.route('/api', readingApi(dev, driver));
  app.route('/api', actingApi(dev, driver));
  app.route('/', consoleInDev(dev, driver, problems));
  const own = async (c: Context) => {
    const { pathname, search } = new URL(c.req.url);
    const { headers } = c.req.raw;
    const init = c.req.method === 'POST' ? { method: 'POST', body: await c.req.text(), headers } : { method: 'GET', headers };
    return driver.exclusively(() => dev.world.app.request(`${pathname}${search}`, init));
  };
  for (const path of ['/u/:token', '/p/:token', '/c/:token', '/a/:token', '/t', '/t.js', '/f/:form', '/x'])
    app.on(['GET', 'POST'], path, own);
  app.on('POST', ['/leads', '/events', '/suppressions', '/addresses', '/replies', '/enrol', '/tasks/:taskId/answers'], own);
  // A file that one may pass on: its styles stand within it, and so does its own policy.
  app.get('/report', async (c) => c.html(await reportInDev(dev), 200, { 'X-Content-Type-Options': 'nosniff' }));
  app.use(secureHeaders({ contentSecurityPolicy: pagePolicy, referrerPolicy: 'no-referrer', originAgentCluster: false }));
  for (const [path, { body, type }] of Object.entries(page.files)) app.get(path, (c) => c.body(body, 200, { 'Content-Type': type }));
  app.get('*', (c) => c.html(page.html));
  return app;
};

const pagePolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  frameSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
};

const readingApi = (dev: DevWorld, driver: Driver) => {
  const api = new Hono();
  const paged = (c: Context) => [c.req.query('search') ?? '', Math.max(0, Number(c.req.query('from') ?? 0) || 0), pageSize] as const;
  const found = <T>(c: Context, value: T | undefined) =>
    value === undefined ? c.json({ error: 'there is no such thing' }, 404) : c.json(value);
  const running = kept(async () => dev.world.runner.list({ status: 'RUNNING' }).filter((it) => it.machine !== handoffMachineName).length);
  api.get('/status', async (c) => c.json(await statusOf(dev, driver, await running())));
  api.get('/choices', (c) => c.json(choicesOf(dev)));
  api.get('/mails', (c) => c.json(mailList(dev, ...paged(c))));
  api.get('/mails/:id', (c) => found(c, mailDetail(dev, c.req.param('id'))));
  api.get('/mails/:id/html', (c) => {
    const mail = dev.world.mail.find(c.req.param('id'));
    if (!mail) return c.notFound();
    // A mail is somebody else's page: no script, no request, no way out of its frame.
    return c.html(mail.html, 200, {
      'Content-Security-Policy': "default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; sandbox",
    });
  });
  api.get('/mails/:id/eml', async (c) => {
    const mail = dev.world.mail.find(c.req.param('id'));
    if (!mail) return c.notFound();
    return c.body(new Uint8Array(await toMime(mail)), 200, {
      'Content-Type': 'message/rfc822',
      'Content-Disposition': `attachment; filename="${mail.messageId}.eml"`,
    });
  });
  api.get('/explain', async (c) => {
    const read = ExplainQuery.safeParse(c.req.query());
    if (!read.success) return c.json({ error: z.prettifyError(read.error) }, 400);
    const { lead, sequence, day } = read.data;
    try {
      const what = { ...(sequence !== undefined && { sequence }), ...(day !== undefined && { day }) };
      return c.json(await explainInDev(dev, lead, what));
    } catch (error) {
      return c.json({ error: error instanceof Error ? error.message : String(error) }, 404);
    }
  });
  api.get('/metrics', (c) => c.json(Object.fromEntries(dev.world.metrics.counted)));
  return api;
};

/** Everything that changes something goes between two pieces of work of the world, never beside one. */
const actingApi = (dev: DevWorld, driver: Driver) => {
  const api = new Hono();
  const act =
    <Body>(body: z.ZodType<Body>, work: (body: Body, c: Context) => Promise<string | undefined> | string | undefined, isLong = false) =>
    async (c: Context) => {
      const read = body.safeParse(await c.req.json().catch(() => undefined));
      if (!read.success) return c.json({ error: z.prettifyError(read.error) }, 400);
      const refusal = await driver.exclusively(async () => work(read.data, c));
      if (refusal !== undefined) return c.json({ error: refusal }, 400);
      // What was asked for happens at once, also while the clock is stopped.
      if (!isLong) await driver.settle();
      return c.json({});
    };
  api.post(
    '/speed',
    act(SpeedBody, ({ speed }) => void driver.setSpeed(speed)),
  );
  api.post(
    '/ahead',
    act(AheadBody, ({ seconds }) => goAhead(dev, driver, seconds), true),
  );
  api.post(
    '/import',
    act(ImportBody, ({ people }) => dev.sample.importIt(people && dev.sample.people), true),
  );
  api.post(
    '/leads',
    act(NewLeadBody, (lead) => addLead(dev, { ...lead, start: lead.start })),
  );
  api.post(
    '/mails/:id/act',
    act(MailActBody, ({ do: what, link }, c) => actOnMail(dev, c.req.param('id') ?? '', { do: what, ...(link !== undefined && { link }) })),
  );
  api.post(
    '/leads/:id/act',
    act(LeadActBody, (what, c) => actAsLead(dev, c.req.param('id') ?? '', what)),
  );
  return api;
};

/** By so many seconds, or to the next thing that happens to a lead. */
const goAhead = ({ world }: DevWorld, driver: Driver, seconds: number | undefined): string | undefined => {
  const at = seconds === undefined ? world.nextAt(['ticks']) : addSeconds(driver.runningTo() ?? world.clock.now(), seconds);
  if (at === undefined) return 'nothing is going to happen: import a list or add a lead first';
  driver.runTo(at);
  return undefined;
};

const statusOf = async (dev: DevWorld, driver: Driver, running: number): Promise<Status> => {
  const { world, leads, live, sample } = dev;
  const runningTo = driver.runningTo();
  const pauses = pausesOf(await world.ports.line.state());
  return {
    now: world.clock.now(),
    speed: driver.speed(),
    ...(runningTo !== undefined && { runningTo }),
    zone: live.brand.timeZone,
    company: live.brand.company,
    leads: leads.size,
    mails: world.mail.count(),
    tasks: world.queues.messagesIn('sales-tasks').length,
    running,
    deadLetters: consumed.reduce((sum, queue) => sum + world.queues.messagesIn(`${queue}-dead`).length, 0),
    paused: pauses
      .filter((it) => !isWhole(it))
      .map((it) => it.key)
      .toSorted(),
    wholePauses: pauses.filter(isWhole).map(({ what, at, why }) => ({ what, at, why })),
    sample: { file: sample.file, importing: sample.isImporting(), imported: sample.isImported(), people: sample.people },
    revision: dev.revision(),
  };
};

const isWhole = ({ key }: { readonly key: string }): boolean => wholePauseNames.some((it) => wholePauses[it] === key);

const consumed = queueSettings.map((it) => it.name);

/** Computed at most every so often. Who asks meanwhile, or for long, gets what was true a moment ago. */
const kept = <T>(compute: () => Promise<T>): (() => Promise<T>) => {
  let at = Number.NEGATIVE_INFINITY;
  let last: { readonly value: T } | undefined;
  let coming: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    at = performance.now();
    const mine = compute().finally(() => {
      coming = undefined;
    });
    mine.then(
      (value) => {
        last = { value };
      },
      () => undefined,
    );
    return mine;
  };
  return async () => {
    if (!coming && last && performance.now() - at < countedForMilliseconds) return last.value;
    coming ??= begin();
    const old = last;
    return old ? Promise.race([coming, sleep(waitedForMilliseconds).then(() => old.value)]) : coming;
  };
};
