import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** `isForever`: its name holds its hash, so that it never changes. */
export type ConsoleFile = { readonly body: string; readonly type: string; readonly isForever: boolean };
/** `html` stands at every path of the console that is no file and no API; `files` by their path, `/console/app.js` first. */
export type ConsoleBundle = { readonly html: string; readonly files: { readonly [path: string]: ConsoleFile } };

const folder = fileURLToPath(new URL('./console', import.meta.url));
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml' } as const;

/**
 * The console, for `baton dev` and for AWS alike (some 100 ms): nothing to build before, nothing to go stale. Each view is a file of its
 * own, loaded when it is first looked at. Same sources, same bytes.
 */
export const bundleConsole = async (): Promise<ConsoleBundle> => {
  const { outputFiles } = await build({
    entryPoints: { app: `${folder}/main.tsx` },
    outdir: '/console',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  const [html, icon, css] = await Promise.all(['index.html', 'icon.svg', 'style.css'].map((it) => readFile(`${folder}/${it}`, 'utf8')));
  const scripts = outputFiles.map(
    ({ path, text }) => [path, { body: text, type: types.js, isForever: path !== '/console/app.js' }] as const,
  );
  return {
    html: html ?? '',
    files: {
      ...Object.fromEntries(scripts),
      '/console/app.css': { body: css ?? '', type: types.css, isForever: false },
      '/console/icon.svg': { body: icon ?? '', type: types.svg, isForever: false },
    },
  };
};
