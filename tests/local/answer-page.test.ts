import { expect, it } from 'vitest';
import { notifySales } from '#lambdas/sales/notify-sales';
import { axe } from '#tests/helpers/axe';
import { describeInBrowser } from '#tests/helpers/browser-pages';

/** A folder for pictures of the brief and its page; without it none is made. */
const pictures = process.env.BATON_PICTURES;

describeInBrowser('the page where sales answers, in Chromium', ({ pages, open }) => {
  const aTask = async () => pages().aTask(await pages().aLead({ confirmed: true }));
  const read = (taskId: string) => pages().world.ports.salesTasks.find(taskId);

  it('lets a rep with nothing but a keyboard take a lead on, and say later what it was worth', async () => {
    const { taskId, url } = await aTask();
    const { page, context, elsewhere } = await open(url);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('I take it');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'You took the lead on' }).waitFor();
    await page.goto(url);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12.500,50');
    await page.keyboard.press('Tab');
    await page.keyboard.type('EUR');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'You won it: EUR 12,500.50' }).waitFor();
    expect(await read(taskId)).toMatchObject({ status: 'won', answers: { length: 2 } });
    expect(elsewhere).toEqual([]);
    await context.close();
  });

  it('gives a lead back until a day, says beside the fields what is missing, and loses nothing', async () => {
    const { taskId, url } = await aTask();
    const { page, context } = await open(`${url}?answer=recycle`);
    await page.getByLabel('Come back on').fill('2026-09-01');
    await page.getByRole('button', { name: 'Give it back until then' }).click();
    await page.getByRole('alert').filter({ hasText: 'choose a reason' }).waitFor();
    expect(await page.getByLabel('Come back on').inputValue()).toBe('2026-09-01');
    await page.getByLabel('no budget yet').check();
    await page.getByRole('button', { name: 'Give it back until then' }).click();
    await page.getByRole('status').filter({ hasText: 'You gave it back until' }).waitFor();
    expect(await read(taskId)).toMatchObject({
      status: 'recycled',
      answers: [{ reason: 'no-budget-yet', until: '2026-08-31T22:00:00.000Z' }],
    });
    await context.close();
  });

  it('shows where the keyboard is, and fits the smallest phone', async () => {
    const { url } = await aTask();
    for (const path of ['', '?answer=recycle', '?answer=reject']) {
      const { page, context } = await open(`${url}${path}`, { javaScriptEnabled: true, viewport: { width: 320, height: 600 } });
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      for (let time = 0; time < 4; time++) {
        await page.keyboard.press('Tab');
        expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px');
      }
      await context.close();
    }
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds wrong, %s', async (colorScheme) => {
    const { taskId, url } = await aTask();
    const look = { javaScriptEnabled: true, bypassCSP: true, colorScheme };
    const { page, context } = await open(url, look);
    expect(await axe(page)).toEqual([]);
    await page.goto(`${url}?answer=recycle`);
    await page.getByRole('button', { name: 'Give it back until then' }).click();
    expect(await axe(page)).toEqual([]);
    if (pictures) await page.screenshot({ path: `${pictures}/answer-problems-${colorScheme}.png`, fullPage: true });
    await page.goto(url);
    if (pictures) await page.screenshot({ path: `${pictures}/answer-page-${colorScheme}.png`, fullPage: true });
    await page.getByRole('button', { name: 'I take it' }).click();
    expect(await axe(page)).toEqual([]);
    await page.goto(`${url}?answer=won`);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'We won it' }).click();
    expect(await axe(page)).toEqual([]);
    if (pictures) await page.screenshot({ path: `${pictures}/answer-won-${colorScheme}.png`, fullPage: true });
    const old = pages().world.ports.links.signAnswer({ taskId, rep: 'jonas', expiresAt: '2026-01-01T00:00:00.000Z' });
    await page.goto(`${pages().url}/a/${old}`);
    expect(await axe(page)).toEqual([]);
    await context.close();
  });

  it.each([
    ['desktop', 1000, 'light'],
    ['desktop', 1000, 'dark'],
    ['phone', 360, 'light'],
    ['phone', 360, 'dark'],
  ] as const)('is where the brief leads, which reads on a %s (%d wide), %s', async (name, width, colorScheme) => {
    const leadId = await pages().aLead({ confirmed: true });
    await pages().world.ports.leads.edit(
      leadId,
      {
        fields: {
          'job-title': 'Site manager',
          employees: 120,
          phone: '+49 30 901820',
          budget: '50k',
          message: 'We build 40 houses a year',
        },
        consents: {},
      },
      pages().world.clock.now(),
    );
    for (const [at, path] of ['/pricing', '/pricing', '/customers/stories'].entries()) {
      const event = { eventId: `e${at}`, leadId, name: 'visited', path, at: pages().world.clock.now(), done: true };
      await pages().world.ports.events.put(event);
    }
    const { taskId } = await pages().aTask(leadId, { acceptBy: '2026-03-23T17:00:00.000Z' });
    await notifySales(pages().world.ports)({ taskId, leadId });
    const mail = pages()
      .world.mail.mails()
      .findLast((it) => it.tags.task === taskId);
    const look = { viewport: { width, height: 800 }, colorScheme, javaScriptEnabled: true };
    const { page, context } = await open('about:blank', look);
    await page.setContent(mail?.html ?? '');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await page.locator('a', { hasText: 'I take it' }).getAttribute('href')).toMatch(/^https:.*\/a\/[^?]+$/);
    expect(await axe(page)).toEqual([]);
    if (pictures) await page.screenshot({ path: `${pictures}/brief-${name}-${colorScheme}.png`, fullPage: true });
    await context.close();
  });
});
