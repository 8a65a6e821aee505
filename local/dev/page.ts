import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export type Page = { readonly html: string; readonly script: string; readonly style: string };

const folder = fileURLToPath(new URL('../../web/dev', import.meta.url));

/** The page of `baton dev`, bundled when the command starts (some 50 ms): nothing to build, nothing to go stale. */
export const bundlePage = async (): Promise<Page> => {
  const { outputFiles } = await build({
    entryPoints: [`${folder}/main.tsx`],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  return {
    html: await readFile(`${folder}/index.html`, 'utf8'),
    script: outputFiles[0]?.text ?? '',
    style: await readFile(`${folder}/style.css`, 'utf8'),
  };
};
