import { watch } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Command } from 'commander';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { compileMarketing } from '#cli/compile';
import { problemsInWords } from '#cli/problems-text';
import { portNumber, untilStopped } from '#cli/serve';
import { buildPreview, type Preview } from '#local/preview/build-preview';
import { type PreviewFile, previewFiles } from '#local/preview/pages';

type Options = { readonly dir: string; readonly port: number; readonly out?: string; readonly json?: true };

export const register = (program: Command): void => {
  program
    .command('preview')
    .description('every e-mail as its readers see it: desktop, phone, dark, text, for several leads and every language')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--out <folder>', 'write the gallery as files, e.g. for a pull request, instead of serving it')
    .option('--port <n>', 'port on 127.0.0.1; 0: any that is free', portNumber, 4401)
    .option('--json', 'say where the gallery is, and how many e-mails it shows, as JSON')
    .action(async (options: Options) => {
      process.exitCode = options.out === undefined ? await serveGallery(options) : await writeGallery(options.out, options);
    });
};

const count = (preview: Preview) => preview.sequences.reduce((sum, it) => sum + it.emails.length, 0);
const say = (preview: Preview, where: string, { json, dir }: Options): void => {
  const errors = preview.problems.filter((it) => it.severity === 'error');
  if (json) console.log(JSON.stringify({ where, emails: count(preview), problems: preview.problems.length }));
  else console.log(`${count(preview)} e-mails at ${where}`);
  if (errors.length > 0 && !json) console.error(problemsInWords(errors, dir));
};

/** Exit code 1 when an e-mail is missing because it has errors: a pull request should not look complete then. */
const writeGallery = async (out: string, options: Options): Promise<number> => {
  const preview = await buildPreview(options.dir, compileMarketing);
  await rm(out, { recursive: true, force: true });
  for (const { path, content } of await previewFiles(preview, { isLive: false })) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), content);
  }
  say(preview, join(out, 'index.html'), options);
  return preview.problems.some((it) => it.severity === 'error') ? 1 : 0;
};

const reloadScript = "new EventSource('/changes').addEventListener('changed', () => location.reload());";
const settleMilliseconds = 150;

const serveGallery = async (options: Options): Promise<number> => {
  let preview = await buildPreview(options.dir, compileMarketing);
  let files = await byPath(preview);
  const waiting = new Set<() => void>();
  const rebuild = debounced(async () => {
    preview = await buildPreview(options.dir, compileMarketing);
    files = await byPath(preview);
    for (const tell of waiting) tell();
  });
  const watcher = watch(options.dir, { recursive: true }, rebuild);
  const app = new Hono();
  app.get('/reload.js', (c) => c.body(reloadScript, 200, { 'Content-Type': 'text/javascript' }));
  app.get('/changes', (c) =>
    streamSSE(c, async (stream) => {
      while (!stream.aborted) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
          stream.onAbort(resolve);
        });
        waiting.clear();
        await stream.writeSSE({ event: 'changed', data: '' });
      }
    }),
  );
  app.get('*', (c) => {
    const path = decodeURIComponent(new URL(c.req.url).pathname).slice(1) || 'index.html';
    const content = files.get(path);
    return content === undefined
      ? c.text('there is no such page', 404)
      : c.html(content, 200, { 'Content-Security-Policy': policyFor(path) });
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: options.port });
  const code = await untilStopped(server, options.port, (url) => say(preview, url, options));
  watcher.close();
  return code;
};

/** A mail is somebody else's page, also here. */
const policyFor = (path: string) =>
  path.endsWith('.frame.html')
    ? "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; sandbox"
    : "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";

const byPath = async (preview: Preview): Promise<ReadonlyMap<string, string>> =>
  new Map((await previewFiles(preview, { isLive: true })).map(({ path, content }: PreviewFile) => [path, content]));

/** An editor writes a file in several steps; a half-written one is built again a moment later. */
const debounced = (work: () => Promise<void>): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => void work().catch((error: Error) => console.error(error.message)), settleMilliseconds);
  };
};
