import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleConsole, type ConsoleBundle } from '#web/bundle';

const kilobyte = 1024;

describe('the bundle of the console', () => {
  let bundle: ConsoleBundle;
  const sizeOf = (paths: readonly string[]) => paths.reduce((sum, it) => sum + gzipSync(bundle.files[it]?.body ?? '').length, 0);

  beforeAll(async () => {
    bundle = await bundleConsole();
  });

  it('is 250 KB compressed at most, all views together', () => {
    expect(sizeOf(Object.keys(bundle.files)) / kilobyte).toBeLessThan(250);
  });

  it('needs a part of it for its first view', () => {
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, name = ''] of (bundle.files[path]?.body ?? '').matchAll(/(?:from|import)"\.\/([^"]+)"/g)) follow(`/console/${name}`);
    };
    follow('/console/app.js');
    expect(seen.size).toBeGreaterThan(1);
    expect(sizeOf([...seen, '/console/app.css']) / kilobyte).toBeLessThan(50);
  });

  it('holds no inline script or style, and names no other origin', () => {
    expect(bundle.html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
    const origins = Object.entries(bundle.files).flatMap(([path, { body }]) =>
      [...body.matchAll(/https?:\/\/[\w.-]+/g)].map(([origin]) => `${path}: ${origin}`),
    );
    // The name of SVG's elements, and what the router says where it is used wrongly.
    expect(origins.filter((it) => !/http:\/\/www\.w3\.org$|https:\/\/github\.com$/.test(it))).toEqual([]);
  });

  it('is the same from the same sources', async () => {
    expect(await bundleConsole()).toEqual(bundle);
  });

  it('says of which files the content never changes', () => {
    const changing = Object.entries(bundle.files).filter(([, it]) => !it.isForever);
    expect(changing.map(([path]) => path).sort()).toEqual(['/console/app.css', '/console/app.js', '/console/icon.svg']);
  });
});
