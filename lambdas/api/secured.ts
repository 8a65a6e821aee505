import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
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
    xFrameOptions: false,
    originAgentCluster: false,
    crossOriginResourcePolicy: crossOrigin ? 'cross-origin' : 'same-origin',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
  }),
  async (c, next) => {
    await next();
    await unlessSaid(c, 'Cache-Control', () => 'no-store');
    await unlessSaid(c, 'X-Frame-Options', () => 'DENY');
    await unlessSaid(c, 'Content-Security-Policy', async () => policyOf(isPage(c.res) ? await c.res.clone().text() : ''));
  },
];

const unlessSaid = async (c: Context, name: string, value: () => string | Promise<string>): Promise<void> => {
  if (!c.res.headers.has(name)) c.header(name, await value());
};
const isPage = ({ headers }: Response): boolean => headers.get('content-type')?.startsWith('text/html') ?? false;

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
