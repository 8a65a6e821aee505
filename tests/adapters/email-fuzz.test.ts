import fc from 'fast-check';
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { compileEmails } from '#adapters/email/compile-emails';
import { withoutTracking } from '#adapters/email/html-check';
import { liquidTemplates } from '#adapters/email/liquid';
import { createVault } from '#adapters/email/vault';
import { loadMarketing } from '#adapters/files/load-marketing';
import { composeEmail, sampleLinks, usualFields } from '#core/email';
import type { Lead } from '#core/lead';
import type { OutgoingEmail } from '#core/ports';
import type { CompiledEmail } from '#core/sequences/model';
import { email, sequenceOf } from '#tests/core/sequences/sequences';
import { aLead } from '#tests/helpers/builders';

const { live, layout, sequences, partials } = await loadMarketing('marketing');
if (!live || !layout) throw new Error('marketing/ cannot be read');
const { brand } = live;
const templates = liquidTemplates();

const compose = (content: CompiledEmail, fields: Lead['fields'], email = 'kim@example.com'): OutgoingEmail => {
  const lead = aLead({ email, fields });
  const key = { leadId: lead.leadId, enrolmentId: 'e', step: 'hello', round: 1 };
  return composeEmail({
    content,
    brand,
    lead,
    sequence: 'trial',
    topic: 'product-tips',
    key,
    links: sampleLinks(brand, 'token'),
    templates,
  });
};

type Node = DefaultTreeAdapterMap['node'];
type Shape = readonly (string | Shape)[];

/** Elements and the names of their attributes, nested as a browser nests them; texts and values left out. */
const shapeOf = (html: string): Shape => shapes(parse(html));
const shapes = (node: Node): Shape =>
  'childNodes' in node
    ? node.childNodes.flatMap((it): Shape => {
        if (it.nodeName === '#comment') return ['#comment'];
        if (!('attrs' in it)) return [];
        return [`${it.nodeName} ${it.attrs.map(({ name }) => name).join(' ')}`, shapes(it)];
      })
    : [];

const everyElement = (node: Node): readonly { readonly name: string; readonly attributes: readonly (readonly [string, string])[] }[] => [
  ...('attrs' in node ? [{ name: node.nodeName, attributes: node.attrs.map((it) => [it.name, it.value] as const) }] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(everyElement) : []),
];

const urls = ['href', 'src', 'action', 'background', 'formaction', 'xlink:href', 'srcset'];

const expectSafe = (html: string) => {
  for (const { name, attributes } of everyElement(parse(html))) {
    expect(['script', 'iframe', 'object', 'embed', 'base', 'form']).not.toContain(name);
    for (const [attribute, value] of attributes) {
      expect(attribute).not.toMatch(/^on|^srcdoc$/i);
      if (urls.includes(attribute)) expect(value.replace(/[\p{C}\s]/gu, '')).not.toMatch(/^(javascript|vbscript|data):/i);
    }
  }
};

const expectOneLine = ({ subject, from, headers, to }: OutgoingEmail) => {
  for (const value of [subject, from.name, to, ...headers.map((it) => it.value)])
    expect(value).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
};

const attacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><script>x</script>',
  '</style></head><body onload=x>',
  '--><svg/onload=x>',
  '<![CDATA[<x>]]>',
  'javascript:alert(1)',
  ' jav\tascript:alert(1)',
  'data:text/html,<script>x</script>',
  'vbscript:x',
  '&lt;script&gt;x&lt;/script&gt;',
  '&#106;avascript:x',
  '\r\nBcc: x@evil.example\r\n\r\n<b>',
  '\u2028X: y',
  '\u0000<b\u0000>',
  '\u202egnp.exe\u202c',
  '\u2066\u2069\u200f',
  '{{ brand.postal-address }}{% if true %}x{% endif %}',
  '{{ "<b>" | raw }}',
  '{% assign x = "y" %}',
  "{% render 'signature' %}",
  'zqliquid0end',
  'x'.repeat(20_000),
  '<'.repeat(3_000),
  '漢'.repeat(5_000),
  '\ud800',
  '=?UTF-8?Q?=0D=0ABcc:_x?=',
  '$&$1\\',
  '__proto__',
];
const hostile = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.tuple(fc.constantFrom(...attacks), fc.string({ maxLength: 8 }), fc.constantFrom(...attacks)).map((it) => it.join('')),
);
/** Every field a list may have, some missing. */
const hostileFields = fc.dictionary(fc.constantFrom(...usualFields, 'role', 'sites', 'trial-ends'), hostile, { maxKeys: 8 });
/** The same fields with nothing wrong in them: what is there or not decides conditions. */
const harmless = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.trim() === '' ? value : 'x']));

const compiled = await Promise.all(
  sequences.map(async ({ sequence, emailFiles }) => ({
    sequence: sequence.id,
    ...(await compileEmails({ brand, layout, sequence, files: emailFiles, partials })),
  })),
);
const ours = compiled.flatMap(({ sequence, emails }) =>
  Object.entries(emails).map(([step, content]) => [`${sequence}/${step}`, content] as const),
);

describe.each(ours)('hostile data of a lead in %s', (_, content) => {
  it('changes no element and no attribute, brings no code, and leaves headers one line', () => {
    fc.assert(
      fc.property(hostileFields, (fields) => {
        const mail = compose(content, fields);
        expectSafe(mail.html);
        expectOneLine(mail);
        expect(shapeOf(mail.html)).toEqual(shapeOf(compose(content, harmless(fields)).html));
        for (const [name, value] of Object.entries(fields))
          if (value.includes('{{')) expect([name, mail.html.includes('<b>')]).toEqual([name, false]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('hostile data in every place where a template may put it', () => {
  const f = (name: string) => `{{ lead.${name} | default: '' }}`;
  const front = `---\nsubject: "Of ${f('company')}, ${f('first-name')}"\npreheader: "For ${f('last-name')}"\n---\n`;
  const markdown = [
    `# ${f('company')}`,
    `Dear **${f('first-name')}** _${f('last-name')}_ \`${f('phone')}\`,`,
    `[${f('company')}](https://x.example/?c=${f('company')}&d={{ lead.phone | default: '' | url_encode }})`,
    `[${f('company')}](${f('source')}){.button}`,
    `![${f('company')}](https://x.example/${f('source')}.png){width=200}`,
    `| a | b |\n|---|---|\n| ${f('company')} | ${f('country')} |`,
    `- ${f('company')}\n- {{ lead.first-name | default: '' | upcase | truncate: 20 }}`,
    `{% if lead.company %}\n> ${f('company')}\n{% else %}\nNothing.\n{% endif %}`,
  ].join('\n\n');
  const mjml = `<mjml><mj-body><mj-section><mj-column>
    <mj-text><p title="${f('company')}" lang='${f('country')}'>${f('first-name')}</p><a href="${f('source')}">${f('company')}</a></mj-text>
    <mj-button href="https://x.example/${f('phone')}">${f('company')}</mj-button>
    <mj-image src="https://x.example/a.png" alt="${f('company')}" width="100px" />
    <mj-raw><img alt="${f('company')}" src="${f('source')}" width="1"></mj-raw>
    <mj-text>{{ brand.postal-address }} <a href="{{ unsubscribe-url }}">leave the list</a></mj-text>
  </mj-column></mj-section></mj-body></mjml>`;

  it.each([
    ['Markdown', 'md', markdown],
    ['MJML', 'mjml', mjml],
  ] as const)('%s: the same elements and attributes as with harmless data', async (_, kind, body) => {
    const files = { hello: { file: `emails/hello.${kind}`, text: `${front}${body}`, kind, email: 'hello' } };
    const { emails, problems } = await compileEmails({ brand, layout, sequence: sequenceOf([email('hello')]), files });
    expect(problems.filter((it) => it.severity === 'error')).toEqual([]);
    const content = emails.hello;
    if (!content) throw new Error('it did not compile');
    fc.assert(
      fc.property(hostileFields, (fields) => {
        const mail = compose(content, fields);
        expectSafe(mail.html);
        expectOneLine(mail);
        expect(shapeOf(mail.html)).toEqual(shapeOf(compose(content, harmless(fields)).html));
      }),
      { numRuns: 150 },
    );
  });
});

describe('fuzzed templates', () => {
  const bits = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{%',
      '%}',
      '{%-',
      '-%}',
      ' if ',
      ' elsif ',
      ' else ',
      ' endif ',
      ' unless ',
      ' case ',
      ' when ',
      ' assign ',
      ' endcase ',
      ' for i in (1..999999999) ',
      ' endfor ',
    ],
    ...[
      ' render ',
      " 'signature' ",
      ' include ',
      ' layout ',
      ' block ',
      ' raw ',
      ' endraw ',
      ' comment ',
      ' endcomment ',
      ' liquid ',
      ' echo ',
      ' capture x ',
      ' endcapture ',
      ' tablerow ',
      ' cycle ',
      ' increment x ',
    ],
    ...[
      'lead',
      '.',
      'company',
      'lead.company',
      'lead.email',
      'brand.company',
      'constructor',
      '__proto__',
      'prototype',
      'env',
      'process',
      'globalThis',
      'size',
      'first',
      "['",
      "']",
      '[',
      ']',
      '(',
      ')',
    ],
    ...[
      '|',
      ' default: ',
      " 'x' ",
      ' "y" ',
      ' upcase ',
      ' where ',
      ' map ',
      ' sort ',
      ' date: ',
      ' raw ',
      ' json ',
      ' inspect ',
      ' append: ',
      ' split: ',
      ' times: 999999999 ',
      ' pluralize ',
    ],
    ...[
      '\n',
      '\n\n',
      '- ',
      '# ',
      '> ',
      '`',
      '```',
      '**',
      '_',
      '[x](',
      ')',
      '{.button}',
      '{.x}',
      '![',
      '|---|',
      '---',
      '<p>',
      '</p>',
      '<script>',
      '<mj-text>',
      '</mj-text>',
      '<content />',
      '<!--',
      '-->',
      '&',
      '\\',
      '\u0000',
      '\u2028',
      '\ud800',
      '漢',
    ],
  );
  const text = fc
    .array(fc.oneof({ weight: 5, arbitrary: bits }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) }), {
      maxLength: 24,
    })
    .map((it) => it.join(''));
  const hostileTemplate = fc.record({
    body: text,
    subject: fc.oneof(fc.constant('A subject'), text),
    kind: fc.constantFrom('md' as const, 'mjml' as const),
  });

  it('compile and can be filled from their data alone, or there is a problem with its line; nothing is thrown and nothing hangs', async () => {
    const seen = { compiled: 0, refused: 0 };
    const secret = 'not-to-be-read';
    process.env.BATON_FUZZ_SECRET = secret;
    await fc.assert(
      fc.asyncProperty(hostileTemplate, async ({ body, subject, kind }) => {
        const whole = `<mjml><mj-body><mj-section><mj-column><mj-text>${body}</mj-text><mj-text>{{ brand.postal-address }} <a href="{{ unsubscribe-url }}">leave</a></mj-text></mj-column></mj-section></mj-body></mjml>`;
        const source = `---\nsubject: ${JSON.stringify(subject)}\n---\n${kind === 'md' ? body : whole}`;
        const files = { hello: { file: `emails/hello.${kind}`, text: source, kind, email: 'hello' } };
        const began = performance.now();
        const { emails, problems } = await compileEmails({ brand, layout, sequence: sequenceOf([email('hello')]), files });
        const lines = source.split('\n').length;
        for (const it of problems) {
          expect(it.line).toBeGreaterThan(0);
          expect(it.line).toBeLessThanOrEqual(lines);
          expect(it.what.length).toBeGreaterThan(0);
        }
        const content = emails.hello;
        if (!content) {
          seen.refused++;
          expect(problems.filter((it) => it.severity === 'error').length).toBeGreaterThan(0);
          return;
        }
        seen.compiled++;
        for (const fields of [{}, { company: '<b>"x"</b>' }]) {
          const mail = compose(content, fields);
          expect(`${mail.subject}${mail.html}${mail.text}`).not.toContain(secret);
          expect(mail.html).not.toContain('<b>');
          expect(mail.html).toContain(`href="${sampleLinks(brand, 'token').unsubscribe}"`);
          expectSafe(mail.html);
          expectOneLine(mail);
        }
        expect(performance.now() - began, 'milliseconds').toBeLessThan(15_000);
      }),
      { numRuns: Number(process.env.BATON_FUZZ_RUNS ?? 250) },
    );
    delete process.env.BATON_FUZZ_SECRET;
    expect(Math.min(seen.compiled, seen.refused)).toBeGreaterThan(20);
  }, 120_000);
});

describe('links that are the reader’s own', () => {
  it.each(['unsubscribe-url', 'preferences-url', 'confirm-url'])('%s is kept out of click tracking', (name) => {
    const text = `<a class="x" href="{{ ${name} }}">go</a><a href="https://x.example">x</a>`;
    const vault = createVault([text]);
    const hidden = vault.hide({ file: 'x', text }, { text, offsetOf: (index) => index });
    expect(vault.reveal(withoutTracking(hidden, vault))).toBe(
      `<a ses:no-track class="x" href="{{ ${name} }}">go</a><a href="https://x.example">x</a>`,
    );
  });
});
