import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import * as z from 'zod';
import { agentOf } from '#core/agents';
import type { LiveConfig } from '#core/config';
import { type Answers, type Form, readAnswers } from '#core/forms';
import type { Use } from '#core/handlers';
import { addSeconds } from '#core/instant';
import { importLeads } from '#lambdas/api/import-leads';
import { lostPage, saying, voiceOf } from '#lambdas/api/pages/layout';
import { onHttp } from '#lambdas/http';
import { snippet } from './collect/snippet.generated.ts';

type Handler = Use<'collect'>;

const maxVisitBytes = 4096;
const maxFormBytes = 64 * 1024;
/** As long as the snippet keeps it. */
const visitLifetimeSeconds = 30 * 86_400;

const Visit = z.strictObject({ t: z.string().max(1024), p: z.string().startsWith('/').max(1024), i: z.string().regex(/^[a-z0-9]{8,40}$/) });

/** What the brand's own site sends without a key: visits of people who came by a link of ours, and forms. */
export const collect = (use: Handler) => {
  const app = new Hono();
  app.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin', referrerPolicy: 'no-referrer', contentSecurityPolicy: pagePolicy }));

  app.get('/t.js', (c) => {
    c.header('Content-Type', 'text/javascript; charset=utf-8');
    c.header('Cache-Control', 'public, max-age=3600');
    return c.body(snippet);
  });

  app.post('/t', bodyLimit({ maxSize: maxVisitBytes }), async (c) => {
    const { brand } = await use.config.live();
    const origin = c.req.header('origin') ?? '';
    if (!brand.sites?.includes(origin)) return c.text('this site is not in brand.yaml', 403);
    c.header('Access-Control-Allow-Origin', origin);
    c.header('Vary', 'Origin');
    if (c.req.header('dnt') === '1' || c.req.header('sec-gpc') === '1') return c.body(null, 204);
    const visit = Visit.safeParse(await c.req.json().catch(() => undefined));
    if (!visit.success) return c.text('this is no visit', 400);
    const { t, p, i } = visit.data;
    const now = use.clock.now();
    const claims = use.links.verify('visit', t, now);
    // A token that is old or forged is no reason to tell anybody anything.
    if (!claims) return c.body(null, 204);
    const path = p.split(/[?#]/, 1)[0] ?? '/';
    await use.eventQueue.push({
      source: 'own',
      eventId: `web:${i}`,
      name: 'visited',
      at: now,
      leadId: claims.leadId,
      path,
      agent: agentOf(c.req.header('user-agent')),
    });
    return c.body(null, 204);
  });

  app.post('/f/:form', bodyLimit({ maxSize: maxFormBytes }), async (c) => {
    const live = await use.config.live();
    const id = c.req.param('form');
    const form = Object.hasOwn(live.forms ?? {}, id) ? live.forms?.[id] : undefined;
    if (!form) return c.html(lostPage(voiceOf(live)), 404);
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== 'null' && !isOwn(origin, live)) return c.text('this site is not in brand.yaml', 403);
    return takeForm(use, c, { id, form, live });
  });

  app.notFound(async (c) => c.html(lostPage(voiceOf(await use.config.live())), 404));
  app.onError((error, c) => {
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse() as Response;
    use.log.error('collect failed', { error: error.name });
    return c.text('please try again in a minute', 503);
  });
  return app;
};

const pagePolicy = { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"], baseUri: ["'none'"], frameAncestors: ["'none'"] };

const isOwn = (origin: string, { brand }: LiveConfig): boolean => origin === brand.links || (brand.sites?.includes(origin) ?? false);

type Asked = { readonly id: string; readonly form: Form; readonly live: LiveConfig };

/** The same answer whether the address is known or not, and whether a person or a machine filled it in. */
const takeForm = async (use: Handler, c: Context, { id, form, live }: Asked): Promise<Response> => {
  const answers = await answersOf(c);
  if (!answers) return c.html(saying(voiceOf(live, form.locale), live.brand.company, form.problem), 400);
  const now = use.clock.now();
  const reading = readAnswers(id, form, answers, { at: now, ip: sourceIpOf(c) });
  if ('trapped' in reading) {
    use.log.info('form trap sprung', { form: id });
    return thank(c, form, live, undefined);
  }
  if ('missing' in reading) return c.html(saying(voiceOf(live, form.locale), live.brand.company, form.problem), 400);
  const leadId = await store(use, id, form, reading.cells);
  if (leadId === undefined) return c.html(saying(voiceOf(live, form.locale), live.brand.company, form.problem), 400);
  // Pressed twice, it happened once.
  await use.eventQueue.push({ source: 'own', eventId: `form:${id}:${now.slice(0, 16)}`, name: 'form.sent', at: now, leadId });
  use.log.info('form taken in', { form: id, leadId });
  const visit = use.links.sign('visit', { leadId, topic: '', expiresAt: addSeconds(now, visitLifetimeSeconds), locale: form.locale });
  return thank(c, form, live, visit);
};

/** undefined: no address that mail could go to. */
const store = async (use: Handler, id: string, { list }: Form, cells: Answers): Promise<string | undefined> => {
  const stored: string[] = [];
  async function* row() {
    yield { line: 1, cells };
  }
  await importLeads(use)(row(), { list, onLead: (leadId) => void stored.push(leadId) });
  if (stored.length === 0) use.log.info('form not taken in', { form: id });
  return stored[0];
};

const thank = (c: Context, form: Form, live: LiveConfig, visit: string | undefined): Response | Promise<Response> => {
  if (form.redirect === undefined) return c.html(saying(voiceOf(live, form.locale), live.brand.company, form.thanks));
  const to = new URL(form.redirect);
  if (visit !== undefined && live.brand.sites?.includes(to.origin)) to.searchParams.set('bt', visit);
  return c.redirect(to.href, 303);
};

/** As browsers send forms, in either encoding, and as scripts do. undefined: none of these. */
const answersOf = async (c: Context): Promise<Answers | undefined> => {
  try {
    const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false;
    const body: unknown = isJson ? await c.req.json() : await c.req.parseBody();
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    return Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (isAnswer(value) ? [[name, String(value)]] : [])));
  } catch {
    return undefined;
  }
};

/** Files and nested values are no answers. */
const isAnswer = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** As API Gateway itself saw it; headers could say anything. */
const sourceIpOf = (c: Context): string | undefined =>
  (c.env as { requestContext?: { http?: { sourceIp?: string } } } | undefined)?.requestContext?.http?.sourceIp;

export const handler = onHttp(collect);
