import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Use } from '#core/handlers';
import { leavePage, leftPage, lostPage, troublePage } from '#lambdas/api/page-text';
import { onHttp } from '#lambdas/http';

type Handler = Use<'pages'>;

/**
 * Pages that leads reach from their mail. GET and HEAD never change anything (mail scanners follow every link); POST
 * acts at once, whatever its body, headers or sender (RFC 8058).
 */
export const pages = (use: Handler) => {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"], formAction: ["'self'"] },
      referrerPolicy: 'no-referrer',
    }),
  );
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });

  app.get('/u/:token', async (c) => {
    const brand = (await use.config.live()).brand;
    const claims = use.links.verify('unsubscribe', c.req.param('token'), use.clock.now());
    if (!claims) return c.html(lostPage(brand), 404);
    return c.html(leavePage(brand, brand.topics[claims.topic]?.label ?? claims.topic));
  });

  app.post('/u/:token', async (c) => {
    const brand = (await use.config.live()).brand;
    const now = use.clock.now();
    const claims = use.links.verify('unsubscribe', c.req.param('token'), now);
    if (!claims) return c.html(lostPage(brand), 404);
    await use.suppressions.add(claims.leadId, { scope: `TOPIC#${claims.topic}`, reason: 'unsubscribed', at: now });
    await use.leads.setConsents(claims.leadId, { [claims.topic]: { given: false, at: now, source: 'unsubscribe-link' } });
    await use.wakeQueue.push({ leadId: claims.leadId });
    use.log.info('lead unsubscribed', { leadId: claims.leadId, topic: claims.topic });
    return c.html(leftPage(brand, brand.topics[claims.topic]?.label ?? claims.topic));
  });

  app.notFound(async (c) => c.html(lostPage((await use.config.live()).brand), 404));
  app.onError((error, c) => {
    use.log.error('page failed', { error: error.name });
    return c.html(troublePage(), 503);
  });
  return app;
};

export const handler = onHttp(pages);
