import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formHtml } from '#cli/form';
import type { Form } from '#core/forms';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';

const path = chromiumPath();
if (path === undefined) console.warn(howToGetChromium);

const form: Form = {
  list: 'webinar',
  locale: 'de',
  emailLabel: 'E-Mail',
  button: 'Anmelden',
  fields: [{ field: 'company', label: 'Firma', required: false }],
  trap: 'website',
  leastSeconds: 1,
  thanks: 'Danke!',
  problem: 'Da fehlt etwas.',
};

describe.skipIf(path === undefined)('the HTML of a form in a browser', () => {
  let browser: Browser;
  let origin = '';
  const sent: Record<string, unknown>[] = [];
  const app = new Hono();
  app.get('/', (c) => c.html(`<!doctype html><title>site</title>${formHtml(form, '/f/demo')}`));
  app.post('/f/demo', async (c) => {
    sent.push(await c.req.parseBody());
    return c.text('Danke!');
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

  it.each([
    [true, /^[1-9]\d*$/],
    [false, /^$/],
  ] as const)('is found by its labels and sent, and says how long it took where scripts run (%s)', async (javaScriptEnabled, seconds) => {
    sent.length = 0;
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(origin);
    await page.getByLabel('E-Mail').fill('kim@example.com');
    await page.getByLabel('Firma').fill('Ltd');
    expect(await page.locator('[name=website]').isVisible()).toBe(false);
    await page.waitForTimeout(1100);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByText('Danke!').waitFor();
    await context.close();
    expect(sent).toEqual([{ email: 'kim@example.com', company: 'Ltd', website: '', 'baton-seconds': expect.stringMatching(seconds) }]);
  });
});
