import { brotliDecompressSync } from 'node:zlib';
import type { Context, HonoRequest } from 'hono';
import type { Handler } from './asked.ts';

/** A change is asked for by our own page: by its origin, and by what the browser says of where it comes from. */
export const isOwnPage = (request: HonoRequest): boolean => {
  const origin = request.header('origin');
  const site = request.header('sec-fetch-site') ?? 'same-origin';
  if (site !== 'same-origin') return false;
  // Every browser names the origin of a POST; what is no browser has no cookies to lend.
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === new URL(request.url).host;
};

/** Scripts, styles, pictures and data from our own origin, and nothing else: no inline script or style, no request to anybody else. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * An e-mail is somebody else's page: no script, no form, no way out of its frame, which stands in the console; styles stand within it, as
 * mail programs want it.
 */
export const textHeaders = (images: readonly string[]) => ({
  'X-Frame-Options': 'SAMEORIGIN',
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src ${['data:', ...new Set(images.flatMap(originOf))].join(' ')}`,
    "frame-ancestors 'self'",
    'sandbox',
  ].join('; '),
});
const originOf = (url: string): readonly string[] => (URL.canParse(url) ? [new URL(url).origin] : []);

const year = 365 * 86_400;

/** A file of the page by its path; every other path is the page itself, which knows what to show there. */
export const sendFile = async (use: Handler, c: Context): Promise<Response> => {
  const { pathname } = new URL(c.req.url);
  const isFile = /\.[a-z0-9]+$/.test(pathname);
  const file = await use.consoleFiles.find(isFile ? pathname : '/console/index.html');
  if (!file) return c.text('there is no such file', 404);
  const headers: Record<string, string> = {
    'Content-Type': file.type,
    'Content-Security-Policy': pagePolicy,
    'Cache-Control': file.isForever ? `public, max-age=${year}, immutable` : 'no-cache',
    ETag: file.etag,
  };
  if (c.req.header('if-none-match')?.includes(file.etag)) return c.body(null, 304, headers);
  const isTaken = /\bbr\b/.test(c.req.header('accept-encoding') ?? '');
  const body = (isTaken ? file.body : brotliDecompressSync(file.body)) as Uint8Array<ArrayBuffer>;
  return c.body(body, 200, { ...headers, Vary: 'Accept-Encoding', ...(isTaken && { 'Content-Encoding': 'br' }) });
};
