import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Every Markdown file that git knows, e-mails of sequences aside: their links are for inboxes. */
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { encoding: 'utf8' })
  .split('\n')
  .filter((it) => it !== '' && existsSync(it) && !/(^|\/)emails\/|^tests\/(golden|fixtures)\//.test(it));

/** What is shown as code links nowhere. */
const withoutCode = (text: string): string =>
  text.replace(/^(```|~~~)[\s\S]*?^\1/gm, (it) => it.replace(/[^\n]/g, '')).replace(/`[^`\n]*`/g, '');

const linksIn = (text: string): readonly { readonly target: string; readonly line: number }[] =>
  [...withoutCode(text).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\s*\[[^\]]+\]:\s+(\S+)/gm)].map((it) => ({
    target: it[1] ?? it[2] ?? '',
    line: text.slice(0, it.index).split('\n').length,
  }));

/** As GitHub makes them; a heading that comes again is numbered. */
const anchorsIn = (text: string): ReadonlySet<string> => {
  const seen = new Map<string, number>();
  const headings = [...text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((it) => it[1] ?? '');
  const own = [...text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)].map((it) => it[1] ?? '');
  const made = headings.map((heading) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set([...made, ...own]);
};

const brokenIn = (page: string): readonly string[] => {
  const text = readFileSync(page, 'utf8');
  return linksIn(text).flatMap(({ target, line }) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
    if (!existsSync(file)) return [`${page}:${line}  ${target}: there is no ${file}`];
    if (anchor === undefined || statSync(file).isDirectory() || !file.endsWith('.md')) return [];
    return anchorsIn(readFileSync(file, 'utf8')).has(anchor) ? [] : [`${page}:${line}  ${target}: no such heading`];
  });
};

describe('links in README and docs', () => {
  it('lead to files and headings that are there', () => {
    expect(pages.length).toBeGreaterThan(100);
    expect(pages.reduce((sum, it) => sum + linksIn(readFileSync(it, 'utf8')).length, 0)).toBeGreaterThan(200);
    expect(pages.flatMap(brokenIn)).toEqual([]);
  });
});
