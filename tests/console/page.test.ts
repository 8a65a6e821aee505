import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadView } from '#core/console/views';
import { simulationsFolder } from '#local/console-outside';
import { type AxeOptions, axe } from '#tests/helpers/axe';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';
import { type DevProcess, startDev } from '#tests/helpers/dev-process';

const executablePath = chromiumPath();
if (executablePath === undefined) console.error(howToGetChromium);

const rehearsal = `test-${process.pid}`;
/** Ten days of forty people, as `baton simulate` keeps them for the console. */
const keepRehearsal = (name: string): void => {
  const asked = ['--population', '40', '--days', '10', '--console', name];
  const { status, stderr } = spawnSync(process.execPath, ['bin/baton.mjs', 'simulate', ...asked], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
};

/** One world and one browser for all stories: each goes on where the last one ended. */
describe.skipIf(executablePath === undefined)('the console, in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-console-'));
  const troubles: string[] = [];
  const elsewhere: string[] = [];
  const violations: string[] = [];
  let dev: DevProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    keepRehearsal(rehearsal);
    dev = await startDev(['--data', folder, '--port', '0', '--speed', 'paused', '--from', '2026-03-02T08:00:00Z']);
    browser = await launchChromium(executablePath ?? '');
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(dev.url) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
    });
    page.setDefaultTimeout(20_000);
    await readyForSales();
    await page.goto(dev.url);
  });

  afterAll(async () => {
    await browser?.close();
    await dev?.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(simulationsFolder, `${rehearsal}.json`), { force: true });
  });

  /** Three who looked at the prices on two days, as jonas gets them: by their country. */
  const readyForSales = async () => {
    const names = ['Hanna', 'Felix', 'Greta'];
    for (const name of names) {
      const fields = { 'first-name': name, company: `${name} Bau`, country: 'DE', employees: '120' };
      expect(await dev.post('/leads', { email: `${name.toLowerCase()}@bau.example`, fields, topics: [], start: undefined })).toBe(200);
    }
    const leads = await dev.leadIds();
    for (const day of [1, 2]) {
      for (const leadId of leads) {
        await dev.post(`/leads/${leadId}/act`, { visit: '/pricing' });
        await dev.post(`/leads/${leadId}/act`, { visit: '/pricing' });
      }
      if (day === 1) await ahead(86_400);
    }
    await ahead(7200);
  };
  const ahead = async (seconds: number) => {
    await dev.post('/ahead', { seconds });
    await arrived();
  };
  const arrived = async () => {
    while ((await dev.status()).runningTo !== undefined) await sleep(100);
  };

  const nav = (name: string) =>
    page
      .getByRole('navigation')
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .click();
  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first();
  const said = (words: string) => page.locator('#announcer', { hasText: words }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');

  describe('for who plays with it', () => {
    it('takes in one lead by its form', async () => {
      await page.getByLabel('E-mail address').fill('kim@example.com');
      await page.getByLabel('First name').fill('Kim');
      await page.getByLabel('Employees').fill('120');
      await page.getByLabel('Begins').selectOption({ label: 'trial-nurture: does trial.started' });
      await page.getByRole('button', { name: 'Add the lead' }).click();
      await page.getByText('kim@example.com is in').waitFor();
    });

    it('says what is wrong with an address', async () => {
      await page.getByLabel('E-mail address').fill('a@b');
      await page.getByRole('button', { name: 'Add the lead' }).click();
      await page.getByText('this is not an e-mail address').waitFor();
    });

    it('shows the first mail as its reader sees it, without running it', async () => {
      await nav('Local mails');
      await page.getByRole('link', { name: /kim@example.com/ }).click();
      const frame = page.frameLocator('iframe[title="The mail as it is read"]');
      await frame.getByText('Hi Kim').waitFor();
      await page.getByRole('tab', { name: 'Text' }).click();
      await page.locator('pre', { hasText: 'Hi Kim' }).waitFor();
      await page.getByRole('tab', { name: 'Headers' }).click();
      await page.getByRole('rowheader', { name: 'List-Unsubscribe-Post' }).waitFor();
    });

    it('lets one open it and follow a link, and tells of both', async () => {
      await page.getByRole('button', { name: 'Open it' }).click();
      await page
        .getByRole('button', { name: /^Click/ })
        .first()
        .click();
      const events = page.getByRole('list', { name: 'Events of this mail' });
      await events.getByText('opened').waitFor();
      await events.getByText('clicked').waitFor();
    });

    it('tells the lead’s story, and what comes next', async () => {
      await page.getByRole('link', { name: 'kim@example.com' }).last().click();
      await heading('What comes next').waitFor();
      await page.getByText('followed a link in “welcome”').waitFor();
      await page
        .getByText(/“settle” is over/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Visit /pricing' }).click();
      await page.getByText('looked at /pricing').waitFor();
      await page.getByText('looked at the prices').waitFor();
    });

    it('shows the page that the mail’s link leads to, which changes nothing by being looked at', async () => {
      await nav('Local mails');
      await page
        .getByRole('link', { name: /kim@example.com/ })
        .first()
        .click();
      const path = await page.getByRole('link', { name: 'leave', exact: true }).getAttribute('href');
      const other = await browser.newPage();
      await other.goto(`${dev.url}${path}`);
      await other.getByRole('button').waitFor();
      await other.close();
      const { consents } = await dev.look<LeadView>(`/leads/${await dev.leadOf('kim@example.com')}`);
      expect(consents.map((it) => it.state)).not.toContain('refused');
    });
  });

  describe('for a seller, by keyboard alone', () => {
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };

    it('opens the inbox and reads the brief of the best lead', async () => {
      await page.goto(`${dev.url}/console/report`);
      await heading('Report').waitFor();
      await press('g', 'i');
      await heading('Sales inbox').waitFor();
      const tasks = page.getByRole('list', { name: 'Tasks' });
      await tasks.getByRole('link').nth(2).waitFor();
      expect(await tasks.getByText(/left$/).count()).toBe(3);
      await press('j');
      await heading('Why now').waitFor();
      await page
        .getByRole('article')
        .getByText(/looked at the prices/)
        .first()
        .waitFor();
    });

    it('accepts it, and later says what it was worth', async () => {
      const name = (await page.locator('.task-name').textContent()) ?? '';
      await press('a');
      await page.getByRole('dialog', { name: `Take ${name} on?` }).waitFor();
      await press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await press('a');
      await page.getByRole('dialog').waitFor();
      await press('Enter');
      await said('You took it on.');
      await page.getByRole('article').getByText('accepted', { exact: true }).waitFor();
      await press('w');
      await page.getByLabel('Worth').fill('12500');
      await press('Enter');
      await said('Won. Well done.');
      await page
        .getByRole('article')
        .getByText(/jonas won it: 12500/)
        .waitFor();
    });

    it('rejects another with a reason, and goes on to the next', async () => {
      await page.goto(`${dev.url}/console/tasks`);
      const links = page.getByRole('list', { name: 'Tasks' }).getByRole('link');
      await links.first().waitFor();
      await expect.poll(() => links.count()).toBe(2);
      await press('j');
      await page.getByRole('button', { name: 'Reject' }).waitFor();
      await press('w');
      await page.getByRole('alert').getByText('accept it first').waitFor();
      await press('r');
      await page.getByRole('dialog').waitFor();
      await press('Enter');
      expect(await page.getByRole('dialog').isVisible()).toBe(true);
      await press('Space', 'Enter');
      await said('It was rejected.');
      await expect.poll(() => links.count(), { timeout: 20_000 }).toBe(1);
    });

    it('was told of each by mail too', async () => {
      await page.goto(`${dev.url}/inbox`);
      await page
        .getByRole('link', { name: /jonas@lintel.example/ })
        .first()
        .click();
      await page.frameLocator('iframe').getByText('is ready for a talk').waitFor();
    });

    it('sees the team with its load and its days', async () => {
      await page.goto(`${dev.url}/console/team`);
      await page.getByRole('row', { name: /^jonas.*1 of 30/ }).waitFor();
      expect(await page.getByRole('region', { name: 'Calendar of the team' }).getByRole('row').count()).toBe(5);
    });

    it('shows all keys, and gives the focus back', async () => {
      await press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await press('g', 's');
      await heading('Sequences').waitFor();
      expect(await focused()).toContain('Sequences');
    });
  });

  describe('for a marketer', () => {
    it('finds the sequence, and sees where leads are', async () => {
      await page.getByRole('button', { name: '+1 day' }).click();
      await arrived();
      await nav('Sequences');
      await page.getByRole('row', { name: /trial-nurture.*running/ }).waitFor();
      await page.getByRole('link', { name: 'trial-nurture', exact: true }).click();
      await page
        .getByRole('region', { name: 'Diagram of trial-nurture' })
        .getByText(/1 sent · 100\s?% clicked/)
        .last()
        .waitFor();
      await page.getByText('Steps of trial-nurture with their counts').first().click();
      const settle = page.getByRole('row', { name: /^settle wait 2 days/ });
      expect(await settle.getByRole('cell').allTextContents()).toEqual(expect.arrayContaining(['wait 2 days', '1']));
    });

    it('looks at an e-mail in its place', async () => {
      await page
        .getByRole('region', { name: 'Diagram of trial-nurture' })
        .getByRole('link', { name: /^welcome/ })
        .click();
      await page.getByRole('dialog').locator('iframe').waitFor();
      await page.frameLocator('iframe[title="The e-mail as it is read"]').getByText('Your trial is open').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await focused()).toContain('welcome');
    });

    it('pauses it with a reason, which every page tells, and resumes it', async () => {
      await page.getByRole('button', { name: 'Pause it' }).click();
      await page.getByLabel('Why, for those who see it later').fill('new prices on Monday');
      await page.getByRole('button', { name: 'Pause', exact: true }).last().click();
      await page.getByText('new prices on Monday').waitFor();
      await nav('Leads');
      await page.getByRole('link', { name: 'See why' }).click();
      await page.getByText('new prices on Monday').waitFor();
      await nav('Operations');
      await page.getByRole('row', { name: /trial-nurture.*new prices on Monday/ }).waitFor();
      await page
        .getByRole('row', { name: /trial-nurture.*new prices/ })
        .getByRole('button', { name: 'Resume' })
        .click();
      await page.getByText('Nothing is paused').waitFor();
      await page.getByRole('button', { name: 'Pause all mail' }).click();
      await page.getByLabel('Why, for those who see it later').fill('we are moving');
      await page.getByRole('button', { name: 'Pause', exact: true }).last().click();
      const all = page.getByRole('row', { name: /sends.*we are moving/ });
      await all.getByRole('button', { name: 'Resume' }).click();
      await page.getByText('Nothing is paused').waitFor();
    });

    it('replays a rehearsal day by day, with the slider and by key', async () => {
      await nav('Sequences');
      await page.getByRole('link', { name: rehearsal }).click();
      const day = page.getByRole('slider', { name: 'Day of the simulation' });
      await day.waitFor();
      expect(await day.getAttribute('aria-valuetext')).toContain('Day 10,');
      await day.press('Home');
      expect(await day.getAttribute('aria-valuetext')).toContain('Day 1,');
      const first = await page.locator('.replay').textContent();
      await day.press('ArrowRight');
      await day.press('ArrowRight');
      expect(await day.getAttribute('aria-valuetext')).toContain('Day 3,');
      expect(await page.locator('.replay').textContent()).not.toBe(first);
      await page.keyboard.press('p');
      await page.getByRole('button', { name: 'Pause the replay' }).waitFor();
      await expect.poll(() => day.getAttribute('aria-valuetext')).toContain('Day 4,');
      await page.keyboard.press('p');
      await page.getByRole('button', { name: 'Play the replay' }).waitFor();
    });

    it('finds a lead by its address, and by its stage', async () => {
      await nav('Leads');
      await page.getByLabel('Find one by e-mail address').fill('nobody@example.com');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('alert').getByText('No lead has this address').waitFor();
      await page.getByLabel('Stage').selectOption('won');
      await page.getByRole('row', { name: / Bau/ }).waitFor();
      await page.getByLabel('Find one by e-mail address').fill(' Kim@Example.com ');
      await page.getByRole('button', { name: 'Find' }).click();
      await heading('Kim').waitFor();
      expect(await focused()).toContain('Kim');
    });

    it('pauses mail to the lead, reads why it gets none, and resumes it', async () => {
      await page.getByRole('button', { name: 'Pause …' }).click();
      await page.getByLabel('Days').fill('10');
      await page.getByRole('button', { name: 'Pause', exact: true }).last().click();
      await page.getByText('No mail goes to this lead').waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByText('No mail goes to this lead').waitFor({ state: 'detached' });
    });

    it('reads why it got no mail any more: it left', async () => {
      await nav('Local mails');
      await page
        .getByRole('link', { name: /kim@example.com/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Unsubscribe' }).click();
      await page.getByRole('link', { name: 'kim@example.com' }).last().click();
      await page.getByText('trial-nurture was stopped').waitFor();
      await page.getByText('the lead left this topic', { exact: true }).first().waitFor();
    });

    it('erases it only for who types its address', async () => {
      await page.getByRole('button', { name: 'Erase …' }).click();
      await page.getByLabel(/type its address again/).fill('kim@example.org');
      await page.getByRole('button', { name: 'Erase for good' }).click();
      await page.getByRole('alert').getByText('nothing was erased').waitFor();
      await page.getByLabel(/type its address again/).fill('kim@example.com');
      await page.getByRole('button', { name: 'Erase for good' }).click();
      await heading('Leads').waitFor();
      await ahead(86_400);
      await page.getByLabel('Find one by e-mail address').fill('kim@example.com');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('alert').getByText('No lead has this address').waitFor();
    });
  });

  describe('on every page', () => {
    const pages = async (): Promise<readonly string[]> => {
      const hanna = await dev.leadOf('hanna@bau.example');
      const answer = await fetch(`${dev.url}/console/api/tasks?status=done`, { headers: { 'x-baton-rep': 'jonas' } });
      const { tasks } = (await answer.json()) as { tasks: { taskId: string }[] };
      return [
        '/',
        '/inbox',
        '/console/sequences',
        '/console/sequences/trial-nurture',
        `/console/simulations/${rehearsal}`,
        '/console/leads',
        `/console/leads/${hanna}`,
        '/console/tasks',
        `/console/tasks/${tasks[0]?.taskId}?status=done`,
        '/console/team',
        '/console/report',
        '/console/operations',
        '/console/nowhere',
      ];
    };
    const open = async (path: string) => {
      await page.goto(`${dev.url}${path}`);
      await page.locator('main h1').waitFor();
      await page.locator('.loading').first().waitFor({ state: 'detached' });
      await page.evaluate(() => document.fonts.ready);
    };
    const check = async (options?: AxeOptions) => {
      const found: string[] = [];
      for (const path of await pages()) {
        await open(path);
        found.push(...(await axe(page, options)).map((it) => `${path} ${it}`));
      }
      return found;
    };

    it('a screen reader stumbles over nothing', async () => {
      expect(await check()).toEqual([]);
    });

    it('dark colours are as readable', async () => {
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await check({ runOnly: ['color-contrast'] })).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
    });

    it('a phone needs no scrolling sideways', async () => {
      await page.setViewportSize({ width: 375, height: 780 });
      for (const path of await pages()) {
        await open(path);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(`${path} ${wider}`).toBe(`${path} 0`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    it('the first thing one comes to leads past the navigation', async () => {
      await open('/console/sequences');
      await page.keyboard.press('Tab');
      expect(await focused()).toContain('Skip to the content');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true);
    });

    it('the colours that one chose stay', async () => {
      await page.getByRole('button', { name: 'Dark' }).click();
      await open('/console/leads');
      expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe('dark');
      await page.getByRole('button', { name: 'Auto' }).click();
    });

    it('asks again without a body where nothing changed', async () => {
      await open('/console/team');
      const answer = page.waitForResponse((it) => it.url().endsWith('/console/api/team'), { timeout: 10_000 });
      await page.evaluate(() => history.pushState(null, '', '/console/report'));
      await nav('Operations');
      await nav('Sales team');
      expect((await answer).status()).toBe(304);
    });

    it('imports the sample list from the start page', async () => {
      await open('/');
      await page.getByRole('button', { name: 'Import the sample list' }).click();
      await page.getByText('The sample list is in').waitFor({ timeout: 90_000 });
    });

    it('says so when Baton has stopped, and keeps what is shown', async () => {
      await open('/console/team');
      await dev.stop();
      await page.getByRole('alert').getByText('Baton does not answer').first().waitFor();
      expect(await page.getByRole('row', { name: /^jonas/ }).count()).toBeGreaterThan(0);
    });

    it('had no error on the way, broke no rule of its own policy, and asked nobody else for anything', () => {
      expect(elsewhere).toEqual([]);
      expect(violations).toEqual([]);
      // The browser itself notes what was refused on purpose above, and the stop.
      const expected = /40[04] \((Bad Request|Not Found)\)|422 \(|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/;
      expect(troubles.filter((it) => !expected.test(it))).toEqual([]);
    });
  });
});
