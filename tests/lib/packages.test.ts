import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { handlerNames, handlers } from '#core/handlers';

/** In an app of somebody's own Baton comes without its development packages. */
const entries = ['bin/baton.ts', 'bin/prepare.ts', 'lib/baton.ts', ...handlerNames.map((it) => handlers[it].file)].map((it) => `./${it}`);
const nameOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

describe('the packages of Baton', () => {
  it('that the construct, the command line and the functions import are its dependencies', async () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly dependencies: Record<string, string> };
    const { metafile } = await build({
      entryPoints: entries,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      write: false,
      logLevel: 'error',
      metafile: true,
      outdir: 'x',
    });
    const imported = Object.values(metafile.inputs).flatMap((it) =>
      it.imports.filter(({ external }) => external).map(({ path }) => nameOf(path)),
    );
    const packages = [...new Set(imported)].filter((it) => !it.startsWith('node:'));
    expect(packages.length).toBeGreaterThan(20);
    expect(packages.filter((it) => dependencies[it] === undefined)).toEqual([]);
  });
});
