import { html } from 'hono/html';
import { decoyPath } from '#core/humans';
import { confirm } from '#lambdas/api/pages/confirm';
import type { Pages } from '#lambdas/api/pages/context';
import { page, voiceOf } from '#lambdas/api/pages/layout';
import { leave } from '#lambdas/api/pages/leave';
import { preferences } from '#lambdas/api/pages/preferences';
import { pageShell } from '#lambdas/api/pages/shell';
import { onHttp } from '#lambdas/http';

/** Pages that leads reach from their mail. GET and HEAD never change anything (mail scanners follow every link). */
export const pages = (use: Pages) => {
  const app = pageShell(use);
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
  return app;
};

export const handler = onHttp(pages);
