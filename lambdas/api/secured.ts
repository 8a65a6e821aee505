import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** A year, for this host: links in mail are https, and stay so. Other hosts of the domain are not ours to speak for. */
const transport = 'max-age=31536000';

/**
 * The headers of every answer, whatever it is: nothing from elsewhere, no script, no frame, no cache unless a route says so. Of
 * styles a page may have its own and no other: each is named by its hash. `crossOrigin`: pages of other sites may load it.
 */
export const secured = ({ crossOrigin = false }: { readonly crossOrigin?: boolean } = {}): readonly MiddlewareHandler[] => [
  secureHeaders({
    strictTransportSecurity: transport,
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    crossOriginResourcePolicy: crossOrigin ? 'cross-origin' : 'same-origin',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
  }),
  async (c, next) => {
    await next();
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
    const isPage = c.res.headers.get('content-type')?.startsWith('text/html') ?? false;
    c.header('Content-Security-Policy', policyOf(isPage ? await c.res.clone().text() : ''));
  },
];

const policyOf = (page: string): string => {
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text = '']) => `'sha256-${sha256(text)}'`);
  const directives = [
    ['default-src', ["'none'"]],
    ...(styles.length > 0 ? [['style-src', styles] as const] : []),
    ['form-action', page === '' ? ["'none'"] : ["'self'"]],
    ['base-uri', ["'none'"]],
    ['frame-ancestors', ["'none'"]],
  ] as const;
  return directives.map(([name, values]) => `${name} ${values.join(' ')}`).join('; ');
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
