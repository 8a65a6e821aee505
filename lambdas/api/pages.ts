import { Hono } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import { decoyPath } from '#core/humans';
import { confirm } from '#lambdas/api/pages/confirm';
import type { Pages } from '#lambdas/api/pages/context';
import { lostPage, page, troublePage, voiceOf } from '#lambdas/api/pages/layout';
import { leave } from '#lambdas/api/pages/leave';
import { preferences } from '#lambdas/api/pages/preferences';
import { onHttp } from '#lambdas/http';

/** Pages that leads reach from their mail. GET and HEAD never change anything (mail scanners follow every link). */
export const pages = (use: Pages) => {
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
  for (const [path, { show, act }] of [
    ['/u/:token', leave(use)],
    ['/p/:token', preferences(use)],
    ['/c/:token', confirm(use)],
  ] as const) {
    app.get(path, show);
    app.post(path, act);
  }
  // Where the invisible link leads: nothing to see, and nothing wrong either.
  app.get(decoyPath, async (c) => {
    const voice = voiceOf(await use.config.live());
    return c.html(page(voice, voice.company, html`<h1>${voice.company}</h1>`));
  });
  app.notFound(async (c) => c.html(lostPage(voiceOf(await use.config.live())), 404));
  app.onError(async (error, c) => {
    use.log.error('page failed', { error: error.name });
    const live = await use.config.live().catch(() => undefined);
    return live ? c.html(troublePage(voiceOf(live)), 503) : c.text('please try again in a minute', 503);
  });
  return app;
};

export const handler = onHttp(pages);
