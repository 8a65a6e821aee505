import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';
import { bundleConsole } from '#web/bundle';
import { withResults } from './bench/write.ts';
import { playedConsole } from './console/played.ts';

/** What a first view takes in Chromium on this machine, with nothing kept: `npx tsx bin/console-figures.ts [--write]`. */
const doc = 'docs/console.md';
const rounds = Number(process.env.BATON_FIGURE_ROUNDS ?? 5);

type Load = {
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly full: number;
  readonly script: number;
  readonly requests: number;
  readonly kilobytes: number;
  readonly shift: number;
};

/** A view in a browser that has seen nothing before; `full`: when the figures stand there. */
const load = async (browser: Browser, url: string): Promise<Load> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.addInitScript(() => {
    const seen = { largest: 0, shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) seen.largest = it.startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) seen.shift += (it as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(url);
  await page.locator('main h1').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  const full = await page.evaluate(() => performance.now());
  await page.waitForTimeout(300);
  const { metrics } = await session.send('Performance.getMetrics');
  const seen = await page.evaluate(() => {
    const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const [first] = performance.getEntriesByName('first-contentful-paint');
    const { largest, shift } = (window as unknown as { seen: { largest: number; shift: number } }).seen;
    const bytes = files.reduce((sum, it) => sum + it.transferSize, 0);
    return { firstPaint: first?.startTime ?? 0, largestPaint: largest, shift, requests: files.length + 1, kilobytes: bytes / 1024 };
  });
  await context.close();
  return { ...seen, full, script: (metrics.find((it) => it.name === 'ScriptDuration')?.value ?? 0) * 1000 };
};

const middle = (loads: readonly Load[], of: (load: Load) => number): number =>
  loads.map(of).toSorted((one, other) => one - other)[Math.floor(loads.length / 2)] ?? 0;

const executablePath = chromiumPath();
if (executablePath === undefined) {
  console.error(howToGetChromium);
  process.exit(1);
}
const { url, views, stop } = await playedConsole();
const browser = await launchChromium(executablePath);
const rows: string[] = [];
for (const { name, path } of views) {
  const loads: Load[] = [];
  for (let round = 0; round < rounds; round++) loads.push(await load(browser, `${url}${path}`));
  const ms = (of: (load: Load) => number) => `${Math.round(middle(loads, of))} ms`;
  rows.push(
    `| ${name} | ${ms((it) => it.firstPaint)} | ${ms((it) => it.largestPaint)} | ${ms((it) => it.full)} | ${ms((it) => it.script)} | ${middle(loads, (it) => it.requests)}, ${Math.round(middle(loads, (it) => it.kilobytes))} KB | ${middle(loads, (it) => it.shift).toFixed(3)} |`,
  );
}
await browser.close();
await stop();

const { files } = await bundleConsole();
const compressed = Object.values(files).reduce((sum, it) => sum + gzipSync(it.body).length, 0) / 1024;
const text = [
  `\`npx tsx bin/console-figures.ts --write\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores, Node ${process.version.slice(1)}, Chromium ${browser.version()}; loopback, nothing kept from before, the middle of ${rounds} loads. All files together: ${Math.round(compressed)} KB compressed.`,
  '',
  '| view | first paint | largest paint | all figures | script | requests, uncompressed | layout shift |',
  '|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
console.log(text);
if (process.argv.includes('--write')) await writeFile(doc, withResults(await readFile(doc, 'utf8'), 'first view', text));
process.exit(0);
