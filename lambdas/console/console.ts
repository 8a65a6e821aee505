import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { access, maySee, type RouteName, routeNames } from '#core/console/access';
import type { Failure } from '#core/console/views';
import { bodyLimits } from '#core/endpoints';
import { isAslError } from '#core/errors';
import { secured } from '#lambdas/api/secured';
import { onHttp } from '#lambdas/http';
import { type Answer, type Around, type Handler, Refusal, type Who } from './asked.ts';
import { isOwnPage, sendFile, textHeaders } from './page.ts';
import { routes } from './routes.ts';
import { sessionRoutes, signedInAs } from './session.ts';

const mostBytes = bodyLimits.console;

/** `who`: whom a request is of; undefined: of nobody who is signed in. */
export type ConsoleOptions = Around & { readonly who: (c: Context) => Promise<Who | undefined> };

/**
 * The JSON of the console under /console/api, as core/console/views.ts says it. GET changes nothing. A POST must come from our own page as
 * JSON: no form of another site can send that, and cookies that belong to the session never go along from there (SameSite=Strict).
 */
export const consoleApi = (use: Handler, { who, ...around }: ConsoleOptions) => {
  const api = new Hono();
  api.use(...secured());
  api.use(bodyLimit({ maxSize: mostBytes, onError: (c) => c.json(failure(`at most ${mostBytes / 1024} KB a request`), 413) }));
  for (const route of routeNames) {
    const [method = 'GET', path = ''] = route.split(' ');
    api.on(method, path, (c) => answer(use, c, route, { who, ...around }));
  }
  api.all('*', (c) => c.json(failure('there is no such thing here'), 404));
  api.onError((error, c) => {
    if (error instanceof Refusal)
      return c.json({ error: error.message, ...(error.problems && { problems: error.problems }) } satisfies Failure, error.status);
    return failed(use, error, c);
  });
  return api;
};

const failed = (use: Handler, error: Error, c: Context): Response => {
  use.log.error('console request failed', { error: error.name });
  const words = isAslError(error, 'RetryableError')
    ? 'somebody else writes the same at this moment, or does not answer; try again'
    : 'something went wrong on our side; try again in a moment';
  return c.json(failure(words), 503);
};

const failure = (error: string): Failure => ({ error });

const answer = async (use: Handler, c: Context, route: RouteName, { who, ...around }: ConsoleOptions): Promise<Response> => {
  const isAct = route.startsWith('POST ');
  if (isAct && !isOwnPage(c.req)) throw new Refusal(403, 'this came from another site: open the console itself');
  const person = await who(c);
  if (!person) return c.json(failure('sign in to see this'), 401);
  if (!maySee(route, person.groups))
    throw new Refusal(403, `this is for ${access[route].join(' and ')}: ask who looks after Baton to add you to that group`);
  const asked = {
    ...{ use, who: person, around },
    live: await use.config.live(),
    now: use.clock.now(),
    params: c.req.param() as Record<string, string>,
    query: (name: string) => c.req.query(name),
    body: isAct ? await bodyOf(c, route) : undefined,
  };
  return said(c, await routes[route].answer(asked), isAct);
};

const bodyOf = async (c: Context, route: RouteName): Promise<unknown> => {
  const { body } = routes[route] as {
    readonly body?: { safeParse(given: unknown): { success: boolean; data?: unknown; error?: unknown } };
  };
  if (!c.req.header('content-type')?.startsWith('application/json')) throw new Refusal(415, 'changes are sent as JSON');
  const read = body?.safeParse(await c.req.json().catch(() => undefined));
  if (read?.success) return read.data;
  const issues = (read?.error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] } | undefined)?.issues ?? [];
  throw new Refusal(
    422,
    'this is not complete, or not understood',
    issues.map((it) => ({ field: it.path.join('.'), what: it.message })),
  );
};

const said = (c: Context, given: Answer, isAct: boolean): Response => {
  if ('html' in given) return c.html(given.html, 200, textHeaders(given.images));
  if ('csv' in given)
    return c.body(given.csv, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${given.name}"`,
    });
  const text = JSON.stringify(given.json);
  if (isAct) return c.body(text, given.status ?? 200, json);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304, { ETag: etag });
  return c.body(text, 200, { ...json, ETag: etag });
};
const json = { 'Content-Type': 'application/json; charset=utf-8' };

/** All of /console, as AWS serves it: sign-in, the JSON, and the page at every other path. */
export const consoleApp = (use: Handler) => {
  const app = new Hono();
  app.use(...secured());
  app.onError((error, c) => failed(use, error, c));
  // The HTTP API compresses nothing.
  app.use('/console/api/*', compress());
  app.route('/console', sessionRoutes(use));
  app.route('/console/api', consoleApi(use, { isDev: false, who: (c) => signedInAs(use, c) }));
  app.get('/console/*', (c) => sendFile(use, c));
  app.get('/console', (c) => sendFile(use, c));
  return app;
};

export const handler = onHttp(consoleApp);
