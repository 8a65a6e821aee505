import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet } from '#lambdas/api/collect/snippet.generated';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';

const path = chromiumPath();
if (path === undefined) console.warn(howToGetChromium);

describe.skipIf(path === undefined)('the tracking snippet in a browser', () => {
  let browser: Browser;
  let origin = '';
  const told: { readonly t: string; readonly p: string; readonly i: string }[] = [];
  const app = new Hono();
  app.get('/t.js', (c) => c.body(snippet, 200, { 'Content-Type': 'text/javascript' }));
  app.post('/t', async (c) => {
    told.push(JSON.parse(await c.req.text()) as (typeof told)[number]);
    return c.body(null, 204);
  });
  app.get('*', (c) => {
    const attribute = c.req.query('granted') === undefined ? '' : ' data-consent="granted"';
    return c.html(`<!doctype html><title>site</title><script src="/t.js"${attribute}></script><p>Hello</p>`);
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });

  beforeAll(async () => {
    browser = await launchChromium(path ?? '');
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  /** `tells`: how many visits are told of in all, once each page is through; waited for, however slow the machine is. */
  type More = { readonly before?: string; readonly after?: string; readonly tells?: readonly number[] };
  const visit = async (asked: readonly string[], more: More = {}) => {
    told.length = 0;
    const context = await browser.newContext();
    if (more.before !== undefined) await context.addInitScript(more.before);
    const page = await context.newPage();
    let url = '';
    for (const [at, it] of asked.entries()) {
      await page.goto(`${origin}${it}`);
      if (more.after !== undefined) await page.evaluate(more.after);
      await page.waitForTimeout(150);
      for (let look = 0; look < 100 && told.length < (more.tells?.[at] ?? 0); look++) await page.waitForTimeout(50);
      url = page.url();
    }
    const kept = await page.evaluate(() => localStorage.getItem('baton'));
    const cookies = await context.cookies();
    await context.close();
    return { told: told.map(({ t, p }) => ({ t, p })), url: url.replace(origin, ''), kept, cookies };
  };

  it('tells of visits once a mail’s link has said who it is, and leaves no token in the address', async () => {
    const { told: visits, url, cookies } = await visit(['/a?granted&bt=token-1', '/b?granted', '/b?granted#x'], { tells: [1, 2, 2] });
    expect(visits).toEqual([
      { t: 'token-1', p: '/a' },
      { t: 'token-1', p: '/b' },
    ]);
    expect(url).toBe('/b?granted#x');
    expect(cookies).toEqual([]);
    expect((await visit(['/a?x=1&granted&bt=token-1#top'])).url).toBe('/a?x=1&granted=#top');
  });

  it('tells nothing of who came without one', async () => {
    expect(await visit(['/a?granted', '/b?granted'])).toMatchObject({ told: [], kept: null });
  });

  it('tells and keeps nothing before consent, goes on with it, and forgets when it is taken back', async () => {
    expect(await visit(['/a?bt=token-1', '/b'])).toMatchObject({ told: [], kept: null });
    expect((await visit(['/a?bt=token-1'], { after: "baton('consent', true)", tells: [1] })).told).toEqual([{ t: 'token-1', p: '/a' }]);
    expect(await visit(['/a?bt=token-1'], { after: "baton('consent', true); baton('consent', false)" })).toMatchObject({ kept: null });
  });

  it.each([
    ['Do Not Track', "Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' })"],
    ['Global Privacy Control', "Object.defineProperty(navigator, 'globalPrivacyControl', { get: () => true })"],
  ])('tells and keeps nothing where the browser says %s, and takes the token out all the same', async (_, before) => {
    const seen = await visit(['/a?granted&bt=token-1'], { before, after: "baton('consent', true)" });
    expect(seen).toMatchObject({ told: [], kept: null, url: '/a?granted=' });
  });

  it('forgets whom it knew once the browser says so', async () => {
    const later = "if (location.pathname === '/b') Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' })";
    expect(await visit(['/a?granted&bt=token-1', '/b?granted'], { before: later, tells: [1] })).toMatchObject({
      told: [{ p: '/a' }],
      kept: null,
    });
  });

  it('learns from a script who sent a form, and tells of the page at hand', async () => {
    expect((await visit(['/a?granted'], { after: "baton('token', 'of-a-form')", tells: [1] })).told).toEqual([{ t: 'of-a-form', p: '/a' }]);
    expect(await visit(['/a'], { after: "baton('token', 'of-a-form')" })).toMatchObject({ told: [], kept: null });
  });

  it('lets a new token take the place of an old one', async () => {
    expect((await visit(['/a?granted&bt=one', '/b?granted&bt=two', '/c?granted'], { tells: [1, 2, 3] })).told.map((it) => it.t)).toEqual([
      'one',
      'two',
      'two',
    ]);
  });
});
