/** Draws docs/pictures/sales-report-*.png: the report of a made-up year. `npx tsx docs/pictures/make-report.ts [file.html]` */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { loadMarketing } from '#adapters/files/load-marketing';
import { saidOf, windowOf } from '#core/report/ask';
import { gather } from '#core/report/gather';
import { renderDigest } from '#core/report/digest';
import { reportOf } from '#core/report/report';
import { weekOf } from '#core/report/weeks';
import { reportPage } from '#local/report/report-page';
import { madeUpHistories, madeUpLead } from '#tests/helpers/made-up-leads';

const now = '2026-11-25T08:00:00.000Z';
const { live } = await loadMarketing('marketing');
if (!live) throw new Error('marketing/ has errors');
const leads = Array.from({ length: 9000 }, (_, at) => madeUpLead(at, { seed: 'year', from: '2025-11-24T00:00:00.000Z', weeks: 53, now })).filter((it) => (it.history.lead?.createdAt ?? '') <= now);
const tasks = new Map(leads.flatMap((it) => it.tasks.map((task) => [task.taskId, task])));
const window = windowOf({ since: '2026-06-01' }, now);
const gathered = await gather(madeUpHistories(leads), window, { salesTasks: { find: async (id) => tasks.get(id) }, live, now });
const report = { ...reportOf({ cells: gathered.cells, ...window, asOf: now, weeksAhead: 8 }), leadsRead: gathered.leads };
const html = reportPage(saidOf(report, live));
const file = process.argv[2] ?? join(await mkdtemp(join(tmpdir(), 'baton-report-')), 'report.html');
await writeFile(file, html);

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const [name, width, height, colorScheme] of [
  ['light', 1100, 2400, 'light'],
  ['dark', 1100, 2400, 'dark'],
  ['phone', 390, 2400, 'light'],
] as const) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(`file://${file}`);
  await page.screenshot({ path: `docs/pictures/sales-report-${name}.png` });
  await page.close();
}
const digest = renderDigest({ cells: gathered.cells, week: weekOf(now) - 1, asOf: now, live });
const digestFile = file.replace(/\.html$/, '-digest.html');
await writeFile(digestFile, digest.html);
for (const [name, width] of [
  ['digest', 760],
  ['digest-phone', 390],
] as const) {
  const page = await browser.newPage({ viewport: { width, height: 600 } });
  await page.goto(`file://${digestFile}`);
  await page.screenshot({ path: `docs/pictures/sales-${name}.png`, fullPage: true });
  await page.close();
}
await browser.close();
