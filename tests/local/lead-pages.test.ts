import { expect, it } from 'vitest';
import { axe } from '#tests/helpers/axe';
import { describeInBrowser } from '#tests/helpers/browser-pages';

const purposes = ['confirm', 'preferences', 'unsubscribe'] as const;

describeInBrowser('the pages that leads reach from their mail, in Chromium', ({ pages, open }) => {
  const consentsOf = async (leadId: string) => (await pages().world.ports.leads.find(leadId))?.consents;

  it('let a reader with nothing but a keyboard choose, pause and leave', async () => {
    const leadId = await pages().aLead({ confirmed: true });
    const { page, context, elsewhere } = await open(pages().linkTo('preferences', leadId));
    const focused = () => page.locator(':focus');
    await page.keyboard.press('Tab');
    expect(await focused().getAttribute('value')).toBe('product-tips');
    await page.keyboard.press('Tab');
    expect(await focused().getAttribute('value')).toBe('events');
    expect(await focused().isChecked()).toBe(true);
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    expect((await consentsOf(leadId))?.events).toMatchObject({ given: false, source: 'preference-page' });
    for (let time = 0; time < 4; time++) await page.keyboard.press('Tab');
    expect(await focused().innerText()).toBe('Pause for 30 days');
    await page.keyboard.press('Enter');
    await page.getByText('You get no e-mails until').waitFor();
    await page.getByRole('button', { name: 'Stop all e-mails' }).press('Enter');
    await page.getByRole('status').filter({ hasText: 'no more of our e-mails' }).waitFor();
    expect((await pages().world.ports.suppressions.ofLead(leadId)).map((it) => it.scope)).toEqual(['ALL', 'TOPIC#events']);
    expect(elsewhere).toEqual([]);
    await context.close();
  });

  it('show where the keyboard is', async () => {
    const { page, context } = await open(pages().linkTo('preferences', await pages().aLead({ confirmed: true })), {
      javaScriptEnabled: true,
    });
    for (let time = 0; time < 5; time++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px');
    }
    await context.close();
  });

  it('confirm by one press, and once', async () => {
    const leadId = await pages().aLead({ confirmed: false });
    const { page, context } = await open(pages().linkTo('confirm', leadId, 'de'));
    expect((await consentsOf(leadId))?.events?.confirmed).toBeUndefined();
    await page.getByRole('button', { name: 'Bestätigen' }).click();
    await page.getByRole('heading', { name: 'Danke, das ist bestätigt' }).waitFor();
    expect((await consentsOf(leadId))?.events?.confirmed?.text).toContain('„Webinare und Baustellenbesuche“');
    await page.goto(pages().linkTo('confirm', leadId, 'de'));
    expect(await page.getByRole('button').count()).toBe(0);
    await context.close();
  });

  it('leave by one press, from where the choice is one link away', async () => {
    const leadId = await pages().aLead({ confirmed: true });
    const { page, context } = await open(pages().linkTo('unsubscribe', leadId));
    expect((await consentsOf(leadId))?.events?.given).toBe(true);
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
    await page.getByRole('link').click();
    await page.getByRole('heading', { name: 'What would you like to get?' }).waitFor();
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await context.close();
  });

  it.each(['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl'])('fit a phone in %s, and say which language they are in', async (locale) => {
    const leadId = await pages().aLead({ confirmed: false });
    const { page, context } = await open(pages().linkTo('confirm', leadId, locale), {
      javaScriptEnabled: true,
      viewport: { width: 320, height: 600 },
    });
    for (const url of [
      pages().linkTo('confirm', leadId, locale),
      pages().linkTo('preferences', leadId, locale),
      pages().linkTo('unsubscribe', leadId, locale),
    ]) {
      await page.goto(url);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      expect(await page.locator('body').innerText()).not.toMatch(/\{[a-z]+\}/);
    }
    await context.close();
  });

  it('speak the language of the browser where the link says none', async () => {
    for (const [locale, heading] of [
      ['pl-PL', 'Ten link nie działa'],
      ['fi-FI', 'This link does not work'],
    ] as const) {
      const { page, context } = await open(`${pages().url}/u/cut-off`, { locale });
      await page.getByRole('heading', { name: heading }).waitFor();
      await context.close();
    }
  });

  it('write dates as their own English does', async () => {
    const { page, context } = await open(pages().linkTo('preferences', await pages().aLead({ confirmed: true })));
    await page.getByRole('button', { name: 'Pause for 30 days' }).click();
    await page.getByText('You get no e-mails until 22 April 2026.').waitFor();
    await context.close();
  });

  it.each(['de', 'pl'])('can be read with letters twice as large on a phone, in %s', async (locale) => {
    const leadId = await pages().aLead({ confirmed: false });
    const { page, context } = await open(pages().linkTo('confirm', leadId, locale), { javaScriptEnabled: true, bypassCSP: true });
    for (const url of [...purposes.map((it) => pages().linkTo(it, leadId, locale)), `${pages().url}/u/cut-off`]) {
      await page.goto(url);
      await page.addStyleTag({ content: 'html { font-size: 200% }' });
      const cut =
        'Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll("main *")].map((it) => it.scrollWidth - it.clientWidth - (it.clientWidth === 0 ? it.scrollWidth : 0)))';
      expect(await page.evaluate(cut)).toBeLessThanOrEqual(0);
    }
    await context.close();
  });

  it.each(['light', 'dark'] as const)('have nothing that axe finds wrong, %s', async (colorScheme) => {
    const leadId = await pages().aLead({ confirmed: false });
    const { page, context } = await open(pages().linkTo('confirm', leadId), { javaScriptEnabled: true, bypassCSP: true, colorScheme });
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button').click();
    expect(await axe(page)).toEqual([]);
    await page.goto(pages().linkTo('confirm', leadId));
    expect(await axe(page)).toEqual([]);
    for (const [purpose, button] of [
      ['preferences', 'Save'],
      ['preferences', 'Pause for 30 days'],
      ['unsubscribe', 'Unsubscribe'],
      ['preferences', 'Stop all e-mails'],
    ] as const) {
      await page.goto(pages().linkTo(purpose, leadId));
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: button }).click();
      expect(await axe(page)).toEqual([]);
    }
    for (const path of [new URL(pages().linkTo('confirm', leadId)).pathname, '/u/cut-off', '/nowhere']) {
      await page.goto(`${pages().url}${path}`);
      expect(await page.getByRole('button').count()).toBe(0);
      expect(await axe(page)).toEqual([]);
    }
    await context.close();
  });
});
