import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { bodyLimits } from '#core/endpoints';
import type { Config, Log } from '#core/ports';
import { secured } from '#lambdas/api/secured';
import { lost, strangersVoice, troublePage } from './layout.ts';

/** What every page of ours keeps to: nothing from elsewhere, no script, no cache, and words for what is lost or fails. */
export const pageShell = (use: { readonly config: Config; readonly log: Log }): Hono => {
  const app = new Hono();
  app.use(...secured());
  const limit = bodyLimit({ maxSize: bodyLimits.page, onError: (c) => lost(use, c, 413) });
  // Not of `/u/`: whoever leaves by one click has left, whatever the body (RFC 8058); API Gateway takes no more than 10 MB.
  for (const path of ['/p/*', '/c/*', '/a/*']) app.use(path, limit);
  app.notFound((c) => lost(use, c));
  app.onError(async (error, c) => {
    use.log.error('page failed', { error: error.name });
    const live = await use.config.live().catch(() => undefined);
    return live ? c.html(troublePage(strangersVoice(live, c)), 503) : c.text('please try again in a minute', 503);
  });
  return app;
};
