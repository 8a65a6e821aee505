import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { emailUsd, fixedUsd } from '#core/budget';
import { addSeconds, type Instant } from '#core/instant';
import { openDevWorld } from '#local/dev/dev-world';
import { startDriver } from '#local/dev/driver';
import { devServer } from '#local/dev/server';
import { axe } from '#tests/helpers/axe';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';
import { bundleConsole } from '#web/bundle';

const executablePath = chromiumPath();
if (executablePath === undefined) console.error(howToGetChromium);
const startAt = '2026-03-02T09:20:00.000Z';
const mails = 200;
const days = 5;

/** A world in which things go wrong: money for two hundred mails, room for one task a day, and a message that nobody can handle. */
describe.skipIf(executablePath === undefined)('operations, in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let server: Server;
  let url: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const loaded = await loadMarketing('marketing');
    const { compiled } = await compileMarketing(loaded);
    if (!loaded.live) throw new Error('marketing/ has errors');
    const { brand, sales } = loaded.live;
    const usd = Math.round((fixedUsd('a-la-carte') + mails * emailUsd({ sesPlan: 'a-la-carte' })) * 10_000) / 10_000;
    const live = {
      ...loaded.live,
      brand: { ...brand, budget: { usd, sesPlan: 'a-la-carte' as const } },
      sales: { ...sales, atMostPerDay: 1 },
    };
    const dev = await openDevWorld({
      ...{ compiled, live, folder: undefined, people: true, stack: 'memory', seed: 'console operations', startAt },
      sample: { file: 'examples/leads.csv', list: 'webinar' },
    });
    const driver = startDriver(dev, dev.world.journal.map('dev-driver'), { speed: 'paused' });
    server = serve({ fetch: devServer(dev, driver, await bundleConsole()).fetch, hostname: '127.0.0.1', port: 0 }) as Server;
    await new Promise<void>((resolve) => server.once('listening', () => resolve()));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stop = async () => {
      server.close();
      await driver.stop();
      await dev.world.stop();
    };
    const runTo = async (at: Instant) => {
      driver.runTo(at);
      while (driver.runningTo() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    for (const leadId of ['lead-x', 'lead-y'])
      dev.world.queues.sendMessage('notices', JSON.stringify({ kind: 'nobody-knows', leadId, email: 'never@shown.example' }));
    dev.sample.importIt(true);
    await runTo(addSeconds(startAt, days * 86_400));
    browser = await launchChromium(executablePath ?? '');
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
    page.setDefaultTimeout(10_000);
    await page.goto(`${url}/console/operations`);
    await page.getByRole('heading', { name: 'Operations' }).waitFor();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stop?.();
  });

  const section = (title: string) => page.locator('section', { has: page.getByRole('heading', { name: title }) });

  it('show what rings, since when, what it means and where it says what to do', async () => {
    const rings = section('Alarms').getByRole('row', { name: /rings/ });
    await rings.filter({ hasText: 'dead-letters' }).waitFor();
    const spent = rings.filter({ hasText: 'budget-spent' });
    expect(await spent.textContent()).toContain('docs/runbook.md#budget-spent');
  });

  it('show the month’s budget: spent, limit, share, what stops and when it goes on', async () => {
    const budget = section('Budget');
    const text = (await budget.textContent()) ?? '';
    expect(text).toMatch(/Spent in 2026-03/);
    expect(text).toMatch(/of 200 at most/);
    expect(text).toMatch(/marketing mail waits until/);
  });

  it('show what would go back of dead letters before it does, by ids alone, and then let it', async () => {
    await page.getByRole('button', { name: 'See why' }).click();
    const dialog = page.getByRole('dialog', { name: 'Try 2 messages again?' });
    await dialog.getByText('leadId lead-x').waitFor();
    const letters = dialog.getByRole('list', { name: 'What would go back' });
    expect(await letters.textContent()).toMatch(/Why: ZodError, .*not of the shape/);
    expect(await dialog.textContent()).not.toContain('never@shown.example');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Leave them' }).click();
    await page.getByRole('row', { name: /notices 2/ }).waitFor();
    await page.getByRole('button', { name: 'See why' }).click();
    await dialog.getByRole('button', { name: /only this one.*lead-y/i }).click();
    const rest = page.getByRole('dialog', { name: 'Try 1 message again?' });
    await rest.getByText('leadId lead-x').waitFor();
    expect(await rest.textContent()).not.toContain('lead-y');
    await page.getByRole('row', { name: /had dead letters tried again of notices notices-\d+/ }).waitFor({ state: 'attached' });
    await rest.getByRole('button', { name: 'Try again' }).click();
    await section('Dead letters').getByText('There is none.').waitFor();
  });

  it('lead to the tasks that are held while sales has no room, best first, and why', async () => {
    await page.goto(`${url}/console/tasks?status=held`);
    const tasks = page.getByRole('list', { name: 'Tasks' }).getByRole('link');
    await tasks.first().waitFor();
    expect(await tasks.count()).toBeGreaterThan(0);
    await page.getByText('wait until sales has room').waitFor();
  });
});
