import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Only these of its rules. */
export type AxeOptions = { readonly runOnly: readonly string[] };

/** Of the page itself, not of a mail in a frame: rule and place of everything that axe calls a violation (WCAG 2.2 A and AA, best practices). */
export const axe = async (page: Page, options?: AxeOptions): Promise<readonly string[]> => {
  await page.evaluate(axeSource);
  const found = (await page.evaluate(
    `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], iframes: false, ...options })})`,
  )) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.html}`));
};
