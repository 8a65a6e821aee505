import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { agentOf } from '#core/agents';
import type { LiveConfig } from '#core/config';
import { bodyLimits } from '#core/endpoints';
import type { Use } from '#core/handlers';
import { lost } from '#lambdas/api/pages/layout';
import { secured } from '#lambdas/api/secured';
import { onHttp } from '#lambdas/http';
import { snippet } from './collect/snippet.generated.ts';
import { takeForm } from './collect/take-form.ts';

type Handler = Use<'collect'>;

const Visit = z.strictObject({ t: z.string().max(1024), p: z.string().startsWith('/').max(1024), i: z.string().regex(/^[a-z0-9]{8,40}$/) });

/** What the brand's own site sends without a key: visits of people who came by a link of ours, and forms. */
export const collect = (use: Handler) => {
  const app = new Hono();
  app.use(...secured({ crossOrigin: true }));

  app.get('/t.js', (c) => {
    c.header('Content-Type', 'text/javascript; charset=utf-8');
    c.header('Cache-Control', 'public, max-age=3600');
    return c.body(snippet);
  });

  app.post('/t', bodyLimit({ maxSize: bodyLimits.visit }), async (c) => {
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
      // No source of events can be called like this (adapters/crypto/api-keys.ts).
      eventId: `:web:${i}`,
      name: 'visited',
      at: now,
      leadId: claims.leadId,
      path,
      agent: agentOf(c.req.header('user-agent')),
    });
    return c.body(null, 204);
  });

  app.post('/f/:form', bodyLimit({ maxSize: bodyLimits.form }), async (c) => {
    const live = await use.config.live();
    const id = c.req.param('form');
    const form = Object.hasOwn(live.forms ?? {}, id) ? live.forms?.[id] : undefined;
    if (!form) return lost(use, c);
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== 'null' && !isOwn(origin, live)) return c.text('this site is not in brand.yaml', 403);
    if (origin !== undefined && origin !== 'null') c.header('Access-Control-Allow-Origin', origin);
    c.header('Vary', 'Origin');
    return takeForm(use, c, { id, form, live });
  });

  app.notFound((c) => lost(use, c));
  app.onError((error, c) => {
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse() as Response;
    use.log.error('collect failed', { error: error.name });
    return c.text('please try again in a minute', 503);
  });
  return app;
};

const isOwn = (origin: string, { brand }: LiveConfig): boolean => origin === brand.links || (brand.sites?.includes(origin) ?? false);

export const handler = onHttp(collect);
