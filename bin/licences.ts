import { readFile } from 'node:fs/promises';
import satisfies from 'spdx-satisfies';

/**
 * Every package in the lock has a licence that this project may build on: `npm run licences`. Tools that never leave the machine they
 * run on (development only) may have others, each with its reason.
 */
const allowed = [
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'Unlicense',
  'Python-2.0',
  'PSF-2.0',
  'MPL-2.0',
];

/** Licences in words that SPDX does not know, as their files have them. */
const spelledOut: { readonly [text: string]: string } = { 'MIT (http://mootools.net/license.txt)': 'MIT' };

const exceptions: { readonly [name: string]: string } = {
  '@cloud-copilot/iam-simulate': 'AGPL, for tests only: it reads our templates and is part of nothing that is deployed',
  '@cloud-copilot/iam-policy': 'as above',
  '@cloud-copilot/iam-utils': 'as above',
};

type Locked = {
  readonly packages: { readonly [path: string]: { readonly license?: string; readonly dev?: boolean; readonly link?: boolean } };
};

const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as Locked;
const counts = new Map<string, number>();
const refused: string[] = [];
for (const [path, { license, dev = false, link = false }] of Object.entries(packages)) {
  if (path === '' || link) continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const text = spelledOut[license ?? ''] ?? license ?? '';
  counts.set(text, (counts.get(text) ?? 0) + 1);
  if (isAllowed(text) || (dev && exceptions[name] !== undefined)) continue;
  refused.push(`${name}: ${text || 'no licence'}${dev ? '' : ' (not only for development)'}`);
}

for (const [text, count] of [...counts].sort(([, one], [, other]) => other - one)) console.log(`${String(count).padStart(5)}  ${text}`);
if (refused.length > 0) {
  console.error(`\nNot to be built on:\n${refused.map((it) => `  ${it}`).join('\n')}`);
  process.exitCode = 1;
}

function isAllowed(text: string): boolean {
  try {
    return satisfies(text, allowed);
  } catch {
    return false;
  }
}
