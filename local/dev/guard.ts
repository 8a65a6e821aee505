import type { MiddlewareHandler } from 'hono';

const loopback: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Another site's name that was made to point at this machine (DNS rebinding) is not ours, whatever its origin says. */
export const onlyLoopback: MiddlewareHandler = async (c, next) => {
  if (!loopback.includes(new URL(c.req.url).hostname)) return c.text('baton dev answers on this machine only', 403);
  return next();
};

/** A change is a POST of JSON by our own page, or by something that is no browser. */
export const onlyOwnPage: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  const { host } = new URL(c.req.url);
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site') ?? 'none';
  const isOwn = (origin === undefined || hostOf(origin) === host) && (site === 'same-origin' || site === 'none');
  if (!isOwn) return c.json({ error: 'this came from another site' }, 403);
  if (!c.req.header('content-type')?.startsWith('application/json')) return c.json({ error: 'changes are sent as JSON' }, 415);
  return next();
};

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
