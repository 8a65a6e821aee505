import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { bodyLimits } from '#core/endpoints';
import type { Config, Log } from '#core/ports';
import { lostPage, troublePage, voiceOf } from './layout.ts';

/** What every page of ours keeps to: nothing from elsewhere, no script, no cache, and words for what is lost or fails. */
export const pageShell = (use: { readonly config: Config; readonly log: Log }): Hono => {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
    }),
  );
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  app.use(bodyLimit({ maxSize: bodyLimits.page, onError: (c) => c.text('this is more than a form holds', 413) }));
  app.notFound(async (c) => c.html(lostPage(voiceOf(await use.config.live())), 404));
  app.onError(async (error, c) => {
    use.log.error('page failed', { error: error.name });
    const live = await use.config.live().catch(() => undefined);
    return live ? c.html(troublePage(voiceOf(live)), 503) : c.text('please try again in a minute', 503);
  });
  return app;
};
