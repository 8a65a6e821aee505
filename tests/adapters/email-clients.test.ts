import { describe, expect, it } from 'vitest';
import { declarations, elements, pictures, selectors } from '#adapters/email/client-features';
import { unsupportedBy } from '#adapters/email/client-support';
import { compileEmails } from '#adapters/email/compile-emails';
import { lintClients } from '#adapters/email/lint-clients';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { email, sequenceOf } from '#tests/core/sequences/sequences';

const warnings = (markup: string) =>
  lintClients({ file: 'emails/hi.mjml', text: markup }, markup).map(({ severity, code, what, got }) => {
    expect([severity, code]).toEqual(['warning', 'unsupported-by-client']);
    return `${got} | ${what}`;
  });
const first = (markup: string) => warnings(markup)[0];

describe('the data', () => {
  it('knows every feature that check looks for, and some mail program lacks each', () => {
    for (const { slug } of [...declarations, ...selectors, ...elements, ...pictures])
      expect([slug, unsupportedBy(slug).length > 0]).toEqual([slug, true]);
  });

  it.each([
    ['css-display-flex', ['Outlook on Windows']],
    ['image-svg', ['Gmail (web)']],
    ['css-padding', []],
    ['html-svg', ['Gmail', 'Outlook on Windows', 'Outlook.com', 'Yahoo Mail']],
  ])('of %s: %j do not know it', (slug, names) => {
    expect(unsupportedBy(slug)).toEqual(names);
  });

  it('says so when a feature is not in it', () => {
    expect(() => unsupportedBy('css-imagined')).toThrow('css-imagined');
  });
});

describe('what check says of features that mail programs do not know', () => {
  it.each([
    ['<div style="display: flex">x</div>', /^display: flex \| Outlook on Windows does not know this: what stands side by side/],
    ["<p style='color:red;position:absolute'>x</p>", /^position:absolute \| Gmail/],
    ['<mj-style>.a { background: url(https://x.example/a.png) }</mj-style>', /^background: url.* \| Outlook on Windows/],
    ['<mj-style inline="inline">.a { width: calc(100% - 2px) }</mj-style>', /^width: calc/],
    ['<mj-style>.a::before { content: "x" }</mj-style>', /^::before/],
    ['<video src="x"></video>', /^<video \| Gmail/],
    ['<mj-image src="https://x.example/a.webp?x=1" alt="a" />', /^https:\/\/x\.example\/a\.webp\?x=1 \| Outlook on Windows/],
    ['<form action="https://x.example"><input name="a"></form>', /nothing can be filled in/],
  ])('%s', (markup, expected) => {
    expect(first(markup)).toMatch(expected);
  });

  it.each([
    '<p style="padding: 4px; border-radius: 6px; color: #123456">x</p>',
    '<mj-style>@media (max-width: 480px) { .a { display: flex } .b { position: absolute } } .c { color: red }</mj-style>',
    '<mj-style>/* display: flex */ .a { color: red }</mj-style>',
    '<!-- <video src="x"></video> --><p>display: flex; position: absolute</p>',
    '<mj-button border-radius="6px">x</mj-button><mj-section background-url="https://x.example/a.png"></mj-section>',
    '<mj-text>the form and the video</mj-text>',
    '<img src="https://x.example/a.png" alt="">',
  ])('nothing of %s', (markup) => {
    expect(warnings(markup)).toEqual([]);
  });

  it('says it once a file, where it stands', () => {
    const text = '<mjml>\n<p style="float:left">a</p>\n<p style="float:right">b</p></mjml>';
    expect(lintClients({ file: 'a.mjml', text }, text).map((it) => [it.line, it.column])).toEqual([[2, 11]]);
  });

  it('says nothing of what MJML makes for Outlook, nor of our own e-mails and layout', async () => {
    const { problems } = await compileMarketing(await loadMarketing('marketing'));
    expect(problems).toEqual([]);
  });

  it('judges e-mails in Markdown, in MJML, and the layout once', async () => {
    const { live, layout } = await loadMarketing('marketing');
    if (!live || !layout) throw new Error('marketing/ cannot be read');
    const foot = '<mj-text>{{ brand.postal-address }} <a href="{{ unsubscribe-url }}">leave the list</a></mj-text>';
    const body = (column: string) => `<mjml><mj-body><mj-section><mj-column>${column}${foot}</mj-column></mj-section></mj-body></mjml>`;
    const front = '---\nsubject: A subject\npreheader: A word before\n---\n';
    const words =
      'Words enough for everybody who sees no pictures, which is half of all readers at first and some of them for ever, I fear.';
    const text = (name: string, content: string, kind: 'md' | 'mjml') => ({
      file: `emails/${name}.${kind}`,
      text: `${front}${content}`,
      kind,
      email: name,
    });
    const files = {
      a: text('a', `${words}\n\n![A roof](https://x.example/roof.webp)`, 'md'),
      b: text('b', body(`<mj-text><p style="opacity: 0.5">${words}</p></mj-text>`), 'mjml'),
    };
    const own = { ...layout, text: layout.text.replace('.prose p {', '.prose p { float: left;') };
    const { problems } = await compileEmails({ brand: live.brand, layout: own, sequence: sequenceOf([email('a'), email('b')]), files });
    const found = problems.filter((it) => it.code === 'unsupported-by-client').map((it) => `${it.file} ${it.got}`);
    expect(found.sort()).toEqual(['emails/a.md https://x.example/roof.webp', 'emails/b.mjml opacity: 0.5', 'layout.mjml float: left']);
  });
});
