import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { type HandlerName, handlers, portsOf } from '#core/handlers';

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS parts inside a bundle of modules still call `require`. */
const requireBanner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Writes one handler as minified ESM to `<folder>/index.mjs`, the SDK included (leaving it out costs a quarter of a second
 * at a cold start). Deterministic: the same sources, the same bytes.
 */
export const bundleHandler = (name: HandlerName, folder: string): Promise<Metafile> =>
  bundleSource(name, entryOf(name), folder, [environmentCredentials]);

/** Any source, as if it stood at the top of the project. */
export const bundleSource = async (name: string, contents: string, folder: string, plugins: Plugin[]): Promise<Metafile> => {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    stdin: { contents, resolveDir: projectRoot, sourcefile: `${name}.ts`, loader: 'ts' },
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
    banner: { js: requireBanner },
    plugins,
  });
  return metafile;
};

/** The handler with its own ports: no other client, and no other variable, gets into its bundle. */
const entryOf = (name: HandlerName): string => {
  const makers = portsOf(name).join(', ');
  return [
    `import { ${makers} } from './adapters/aws/makers.ts';`,
    "import { makePorts } from './adapters/aws/make-ports.ts';",
    "import { refreshSecrets } from './adapters/aws/secret-port.ts';",
    "import { providePorts } from './lambdas/runtime.ts';",
    `export { handler } from './${handlers[name].file}';`,
    `providePorts(() => makePorts({ ${makers} }), refreshSecrets);`,
    ...('http' in handlers[name].trigger
      ? [
          "import { readFront } from './adapters/aws/env.ts';",
          "import { provideFront } from './lambdas/http.ts';",
          'provideFront(readFront);',
        ]
      : []),
  ].join('\n');
};

/** Lambda sets credentials in the environment: the chain that would look in files, SSO and metadata services stays out. */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: join(projectRoot, 'adapters/aws/lambda-credentials.ts'),
    }));
  },
};
