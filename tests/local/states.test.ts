import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cases } from './states/definitions.ts';

const folder = join(import.meta.dirname, '..', 'node24');
const node = join(folder, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const isInstalled = existsSync(node);
if (!isInstalled) {
  console.warn('SKIPPED: the States runner beside an independent ASL engine. To enable it: npm ci --prefix tests/node24');
}

/** `expected` holds for our runner in definitions.test.ts; here an engine that we did not write is asked for the same. */
describe.runIf(isInstalled)('an independent ASL engine on Node 24', () => {
  const run = isInstalled
    ? spawnSync(node, [join(folder, 'run-other-engine.mjs')], {
        input: JSON.stringify(cases),
        encoding: 'utf8',
        shell: process.platform === 'win32',
      })
    : undefined;
  const { node: version, outcomes } = run?.status === 0 ? JSON.parse(run.stdout) : { node: run?.stderr, outcomes: [] };

  it('runs every case', () => {
    expect(version).toMatch(/^v24\./);
    expect(outcomes).toHaveLength(cases.length);
  });

  for (const [index, { name, expected, otherEngine }] of cases.entries()) {
    it(otherEngine ? `differs as known: ${name} (${otherEngine.because})` : `agrees: ${name}`, () => {
      const outcome = outcomes[index];
      expect('output' in expected ? outcome : { error: outcome.error }).toEqual(otherEngine?.says ?? expected);
    });
  }
});
