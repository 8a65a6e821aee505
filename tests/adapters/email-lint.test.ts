import { describe, expect, it } from 'vitest';
import { lint } from '#adapters/email/lint';
import { createVault } from '#adapters/email/vault';

const text = 'These are words enough for a reader who sees no pictures at all, and a few more of them, so that there are twenty.';
const codes = (html: string, more: { subject?: string; preheader?: string; text?: string } = {}) => {
  const source = { file: 'emails/hi.md', text: `---\nsubject: s\n---\n${html}` };
  return lint({ source, from: 17, html, text, subject: 'Hello', preheader: 'A word before', vault: createVault([html]), ...more }).map(
    (it) => {
      expect(it).toMatchObject({ severity: 'warning', file: 'emails/hi.md' });
      expect(it.what.length).toBeGreaterThan(20);
      return it.code;
    },
  );
};

describe('what check warns of in an e-mail', () => {
  it.each<[string, readonly string[]]>([
    ['<p>Hello <a href="https://x.example">see the new plans</a></p>', []],
    ['<a href="http://x.example">see the plans</a>', ['insecure-link']],
    ['<a href="https://x.example">click here</a>', ['vague-link']],
    ['<a href="https://x.example"><b>Here</b>!</a>', ['vague-link']],
    ['<a href="https://x.example">Hier klicken</a>', ['vague-link']],
    ['<a href="https://x.example">here are the plans</a>', []],
    ['<img src="https://x.example/a.png" alt="A roof" width="560">', []],
    ['<img src="https://x.example/a.png" alt="" width="560">', []],
    ['<img src="https://x.example/a.png" width="560">', ['image-without-alt']],
    ['<img src="https://x.example/a.png" alt="A roof">', ['image-without-size']],
    ['<p style="color:#999999;background-color:#ffffff">pale</p>', ['low-contrast']],
    ['<p style="color:#fff;background:#0b6b50">clear</p>', []],
    ['<p style="color:#777">inherited paper</p>', []],
  ])('%s: %j', (html, expected) => {
    expect(codes(html)).toEqual(expected);
  });

  it('minds subject and preheader, Liquid counted as a word', () => {
    expect(codes('<p>x</p>', { subject: 'x'.repeat(71) })).toEqual(['long-subject']);
    expect(codes('<p>x</p>', { subject: `{{ lead.first-name | default: '${'x'.repeat(60)}' }}, your trial is ready` })).toEqual([]);
    expect(codes('<p>x</p>', { preheader: ' ' })).toEqual(['no-preheader']);
    expect(codes('<p>x</p>', { preheader: 'x'.repeat(141) })).toEqual(['long-preheader']);
  });

  it('minds e-mails that are almost only pictures', () => {
    expect(codes('<img src="https://x.example/a.png" alt="Sale" width="560">', { text: 'Sale' })).toEqual(['only-pictures']);
    expect(codes('<p>Short, and no picture.</p>', { text: 'Short' })).toEqual([]);
  });
});
