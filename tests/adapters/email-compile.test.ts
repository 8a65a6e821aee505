import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledEmails, compileEmails, type EmailFile } from '#adapters/email/compile-emails';
import { liquidTemplates } from '#adapters/email/liquid';
import { type Brand, brandDefaults } from '#core/config';
import { mergeData, sampleLinks } from '#core/email';
import type { CompiledEmail, Sequence, Step } from '#core/sequences/model';

const brand: Brand = {
  company: 'Lintel',
  postalAddress: '14 Mill Row, Galway',
  sender: { name: 'Maeve', address: 'maeve@mail.lintel.example' },
  links: 'https://go.lintel.example',
  locale: 'en',
  timeZone: 'Europe/Dublin',
  ...brandDefaults,
  topics: {},
};
const footer = '<mj-text>{{ brand.postal-address }} <a href="{{ unsubscribe-url }}">leave</a></mj-text>';
const layoutWith = (column: string) => `<mjml lang="en">
  <mj-head><mj-style inline="inline">.prose p { color: #123456 }</mj-style></mj-head>
  <mj-body><mj-section><mj-column>
    ${column}
  </mj-column></mj-section></mj-body>
</mjml>
`;
const layout = layoutWith(`<content />${footer}`);
const letter = (body: string, front = 'subject: Hello') => `---\n${front}\n---\n${body}\n`;
const mailStep = (id: string, email = id): Step => ({ id, kind: 'email', email, atOnce: true });
const sequenceOf = (steps: readonly Step[]): Sequence => ({
  id: 'trial',
  owner: 'maeve@lintel.example',
  topic: 'tips',
  lawfulBasis: 'consent',
  priority: 50,
  enter: { on: { event: 'trial.started' }, again: 'never' },
  exits: [],
  giveUpAfter: { seconds: 86_400, deferrals: 10 },
  steps,
});

/** Most letters here are too short for a preheader; what is hinted at has its own tests (email-lint). */
const withoutHints = ({ problems, ...rest }: CompiledEmails): CompiledEmails => ({
  ...rest,
  problems: problems.filter((it) => it.code !== 'no-preheader'),
});

type Texts = { readonly [name: string]: string };
const compile = (texts: Texts, options: { layout?: string; steps?: readonly Step[]; kind?: EmailFile['kind'] } = {}) => {
  const kind = options.kind ?? 'md';
  const named = (name: string) => {
    const [email = name, locale] = name.split('.');
    return { email, ...(locale !== undefined && { locale }) };
  };
  const files = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, { file: `emails/${name}.${kind}`, text, kind, ...named(name) }]),
  );
  const plain = Object.keys(texts).filter((it) => !it.includes('.'));
  const sequence = sequenceOf(options.steps ?? plain.map((it) => mailStep(it)));
  return compileEmails({ brand, layout: { file: 'layout.mjml', text: options.layout ?? layout }, sequence, files }).then(withoutHints);
};

describe('languages', () => {
  it('are kept beside the plain e-mail, each with its own subject and text', async () => {
    const { emails, problems } = await compile({ hi: letter('Hello'), 'hi.de': letter('Hallo'), 'hi.pt-BR': letter('Olá') });
    expect(problems).toEqual([]);
    expect(Object.keys(emails.hi?.locales ?? {})).toEqual(['de', 'pt-BR']);
    expect(emails.hi?.locales?.de?.text).toContain('Hallo');
    expect(emails.hi?.text).toContain('Hello');
  });

  it('are told to screen readers, and the text part ends in them', async () => {
    const { emails } = await compile({ hi: letter('Hello'), 'hi.de': letter('Hallo'), 'hi.fi': letter('Moi') });
    expect(emails.hi?.html).toContain('<html lang="en"');
    expect(emails.hi?.locales?.de?.html).toContain('<html lang="de"');
    expect(emails.hi?.locales?.fi?.html).toContain('<html lang="fi"');
    expect(emails.hi?.text).toContain('Unsubscribe: {{ unsubscribe-url }}');
    expect(emails.hi?.locales?.de?.text).toContain('Abmelden: {{ unsubscribe-url }}');
    expect(emails.hi?.locales?.fi?.text).toContain('Unsubscribe: {{ unsubscribe-url }}');
  });

  it('need a plain e-mail for everybody else', async () => {
    const { problems } = await compile({ 'hi.de': letter('Hallo') }, { steps: [mailStep('hi')] });
    expect(problems.map((it) => [it.file, it.code])).toEqual([['emails/hi.de.md', 'no-plain-email']]);
  });

  it('are checked like any other e-mail', async () => {
    const { problems } = await compile({ hi: letter('Hello'), 'hi.de': letter('Hallo {{ lead.first-name }}') });
    expect(problems.map((it) => [it.file, it.code])).toEqual([['emails/hi.de.md', 'merge-field-without-default']]);
  });
});

describe('partials', () => {
  const partials = {
    md: {
      signature: { file: 'partials/signature.md', text: '\n**Maeve**, {{ brand.company }}\n' },
      outer: { file: 'partials/outer.md', text: "{% render 'signature' %}" },
    },
    mjml: {},
  };
  const withThem = async (text: string) => {
    const sequence = sequenceOf([mailStep('hi')]);
    const files = { hi: { file: 'emails/hi.md', text: letter(text), kind: 'md' as const, email: 'hi' } };
    return compileEmails({ brand, layout: { file: 'layout.mjml', text: layout }, sequence, files, partials }).then(withoutHints);
  };

  it('stand in the e-mail as if they were written there', async () => {
    const { emails, problems } = await withThem("Hello\n\n{% render 'signature' %}");
    expect(problems).toEqual([]);
    expect(emails.hi?.html).toMatch(/<strong>Maeve<\/strong>, \{\{ brand.company \}\}/);
    expect(emails.hi?.text).toContain('Maeve');
  });

  it.each([
    ["{% render 'signatur' %}", 'unknown-partial'],
    ["{% render 'outer' %}", 'nested-partial'],
    ['{% render lead.company %}', 'liquid-tag-not-allowed'],
    ["{% include 'signature' %}", 'liquid-tag-not-allowed'],
  ])('%s is refused where it stands', async (tag, code) => {
    const { problems } = await withThem(`Hello\n\n${tag}`);
    expect(problems.map((it) => it.code)).toEqual([code]);
    expect(problems[0]?.line).toBeGreaterThan(4);
  });

  it('keep the place of what comes after them', async () => {
    const { problems } = await withThem("{% render 'signature' %}\n\nDear {{ lead.first-name }}");
    expect(problems.map((it) => [it.code, it.line])).toEqual([
      ['merge-field-without-default', letter('x').trimEnd().split('\n').length + 2],
    ]);
  });
});

const compileOne = async (text: string, options: Parameters<typeof compile>[1] = {}): Promise<CompiledEmail> => {
  const { emails, problems } = await compile({ hi: text }, options);
  expect(problems).toEqual([]);
  const { hi } = emails;
  if (!hi) throw new Error('the e-mail was not compiled');
  return hi;
};

describe('pictures', () => {
  const words = 'Words enough for those who see no pictures: '.repeat(4);
  const sized = async (picture: string) => {
    const { emails, problems } = await compile({ hi: letter(`${words}\n\n${picture}`) });
    return { tag: /<img[^>]*>/.exec(emails.hi?.html ?? '')?.[0] ?? '', problems: problems.map((it) => it.code) };
  };

  it('on a line of their own are as wide as they say, or as the column', async () => {
    const narrow = await sized('![A plan](https://x.example/a.png){width=200}');
    expect(narrow.tag).toContain('width="200"');
    expect(narrow.problems.filter((it) => it.startsWith('image'))).toEqual([]);
    const wide = await sized('![A plan](https://x.example/a.png)');
    expect(wide.tag).toMatch(/width="\d{3}"/);
    expect(wide.problems.filter((it) => it.startsWith('image'))).toEqual([]);
  });

  it('within a text need a width, and keep it', async () => {
    expect((await sized('A dot ![red](https://x.example/a.png){width=20 height=20} here')).tag).toMatch(/width="20" height="20"/);
    expect((await sized('A dot ![red](https://x.example/a.png) here')).problems).toContain('image-without-size');
  });

  it('take no size that is no number, and nothing else in braces', async () => {
    const { tag } = await sized('A dot ![red](https://x.example/a.png){width=1e9 onerror=alert style=x} here');
    expect(tag).not.toMatch(/1e9|onerror|style/);
  });
});

const problemsOf = async (text: string, options: Parameters<typeof compile>[1] = {}) => {
  const { problems, emails } = await compile({ hi: text }, options);
  if (problems.some((it) => it.severity === 'error')) expect(emails).toEqual({});
  return problems.map(({ file, line, column, code, hint }) => ({
    at: `${file}:${line}:${column}`,
    code,
    ...(hint !== undefined && { hint }),
  }));
};

const filled = (email: CompiledEmail, fields: Record<string, string> = {}) => {
  const data = mergeData({
    brand,
    lead: { email: 'kim@example.com', fields },
    sequence: 'trial',
    topic: 't',
    links: sampleLinks(brand, 't'),
  });
  const { fill } = liquidTemplates();
  return { html: fill(email.html, data, 'html'), text: fill(email.text, data, 'text') };
};

describe('compiling Markdown e-mails', () => {
  it('gives html in the layout and a text part of its own', async () => {
    const email = await compileOne(
      letter("# Hello\n\nHi {{ lead.first-name | default: 'there' }}, see [prices](https://x.example/p?a=1&b=2).\n\n- one\n- two"),
    );
    expect(email.subject).toBe('Hello');
    expect(email.html).toContain('<p style="color: #123456;">Hi {{ lead.first-name | default: \'there\' }}, see');
    expect(email.html).toContain('href="https://x.example/p?a=1&amp;b=2"');
    expect(email.text).toBe(
      [
        'Hello',
        '',
        "Hi {{ lead.first-name | default: 'there' }}, see prices (https://x.example/p?a=1&b=2).",
        '',
        '- one',
        '- two',
        '',
        '-- ',
        '{{ brand.company }}, {{ brand.postal-address }}',
        'Unsubscribe: {{ unsubscribe-url }}',
        'Or choose what you get: {{ preferences-url }}',
        '',
      ].join('\n'),
    );
  });

  it('leaves every Liquid tag as it was written', async () => {
    const tags = [
      `{{ lead.company | default: "a 'b' & <c>" }}`,
      "{%- if lead.country == 'DE' -%}",
      '{%- else -%}',
      '{%- endif -%}',
      "{{ lead.company | default: '}}' }}",
    ];
    const email = await compileOne(letter(`**${tags[0]}** ${tags[1]}a${tags[2]}b${tags[3]} _${tags[4]}_`));
    for (const tag of tags) expect([tag, email.html.includes(tag), email.text.includes(tag)]).toEqual([tag, true, true]);
  });

  it('makes a button of a link that says so, with Liquid in its address', async () => {
    const email = await compileOne(letter("[Go on](https://x.example/?c={{ lead.company | default: '' | url_encode }}){.button}"));
    expect(email.html).toMatch(
      /<td[^>]*bgcolor=[^>]*>\s*<a href="https:\/\/x\.example\/\?c=\{\{ lead\.company \| default: '' \| url_encode \}\}"[^>]*>\s*Go on/,
    );
    expect(email.text).toContain("Go on (https://x.example/?c={{ lead.company | default: '' | url_encode }})");
  });

  it('shows subject and preheader to the inbox, filled and escaped', async () => {
    const email = await compileOne(letter('Hi', `subject: "A & {{ lead.company | default: 'B' }}"\npreheader: "<3 for {{ lead.email }}"`));
    expect(email.subject).toBe("A & {{ lead.company | default: 'B' }}");
    expect(email.html).toContain("<title>A &amp; {{ lead.company | default: 'B' }}</title>");
    expect(email.html).toMatch(/<div style="display:none[^>]*>&lt;3 for \{\{ lead\.email \}\}<\/div>/);
    expect(email.text).not.toContain('<3 for');
  });

  it('keeps a condition around whole paragraphs free of empty ones', async () => {
    const email = await compileOne(letter('A\n\n{% if lead.company %}\nAt {{ lead.company }}.\n{% else %}\nNowhere.\n{% endif %}\n\nB'));
    const without = filled(email);
    expect(without.html).toContain('Nowhere.');
    expect(without.html).not.toContain('At ');
    expect(without.html).not.toMatch(/<p[^>]*>\s*<\/p>/);
    expect(filled(email, { company: 'Hart' }).html).toContain('At Hart.');
  });

  it('keeps list items in a condition in lists', async () => {
    const email = await compileOne(letter('- one\n{% if lead.company %}\n- two\n{% endif %}\n- three'));
    const tags = (html: string) => (html.match(/<\/?(ul|li)\b/g) ?? []).join('');
    expect(tags(filled(email).html)).toBe('<ul<li</li</ul<ul<li</li</ul');
    expect(tags(filled(email, { company: 'x' }).html)).toBe('<ul<li</li</ul<ul<li</li</ul<ul<li</li</ul');
  });

  it('keeps the reader’s own links out of click tracking, and only those', async () => {
    const email = await compileOne(letter('[x](https://x.example) [what you get]({{ preferences-url }})'));
    expect(email.html.match(/<a ses:no-track href="\{\{ unsubscribe-url \}\}"/g)).toHaveLength(1);
    expect(email.html.match(/<a ses:no-track href="\{\{ preferences-url \}\}"/g)).toHaveLength(1);
    expect(email.html.match(/ses:no-track/g)).toHaveLength(2);
  });

  it('takes a sender from the front matter', async () => {
    const email = await compileOne(
      letter('Hi', 'subject: Hi\nfrom: { name: Owen, address: owen@mail.lintel.example, reply-to: o@lintel.example }'),
    );
    expect(email.sender).toEqual({ name: 'Owen', address: 'owen@mail.lintel.example', replyTo: 'o@lintel.example' });
  });

  it.each([
    ['owen@lintel.example', [{ at: 'emails/hi.md:3:30', code: 'foreign-sender' }]],
    ['owen@notmail.lintel.example', [{ at: 'emails/hi.md:3:30', code: 'foreign-sender' }]],
    ['owen@team.mail.lintel.example', []],
  ])('a sender %s, where mail.lintel.example signs: %j', async (address, expected) => {
    expect(await problemsOf(letter('Hi', `subject: Hi\nfrom: { name: Owen, address: ${address} }`))).toEqual(expected);
  });

  it('serves several steps, however deep, with one file', async () => {
    const steps: Step[] = [
      mailStep('first', 'hi'),
      {
        id: 'w',
        kind: 'wait-for',
        atMostSeconds: 60,
        since: 'here',
        arms: [{ name: 'happened', awaits: 'did:x', steps: [mailStep('second', 'hi')] }],
        timedOut: [mailStep('third', 'hi')],
      },
      { id: 's', kind: 'split', arms: [{ name: 'a', share: 100, holdout: false, steps: [mailStep('fourth', 'hi')] }] },
      { id: 'b', kind: 'branch', arms: [{ name: 'a', steps: [mailStep('fifth', 'hi'), { id: 'out', kind: 'exit', as: 'exit' }] }] },
      mailStep('sixth', 'not-there'),
    ];
    const { emails } = await compile({ hi: letter('Hi') }, { steps });
    expect(Object.keys(emails)).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  });

  it('gives the same bytes every time, whatever else is compiled with it', async () => {
    const one = letter("Hi {{ lead.first-name | default: 'you' }}\n\n[a](https://x.example){.button}");
    const [alone, together] = await Promise.all([
      compile({ hi: one }),
      compile({ a: letter('{{ lead.email }}'), hi: one, z: letter('z') }),
    ]);
    expect(together.emails.hi).toEqual(alone.emails.hi);
  });

  it('does not mistake words for its own marks', async () => {
    const email = await compileOne(letter('zqliquid0end {{ lead.email }} zqliquidq1end'));
    expect(filled(email).text).toContain('zqliquid0end kim@example.com zqliquidq1end');
  });
});

describe('compiling whole MJML e-mails', () => {
  const whole = (body: string) => letter(`<mjml>\n<mj-body><mj-section><mj-column>\n${body}\n</mj-column></mj-section></mj-body></mjml>`);

  it('takes them without the layout', async () => {
    const email = await compileOne(whole(`<mj-text><p>Only {{ lead.email }}</p></mj-text>${footer}`), { kind: 'mjml', layout });
    expect(filled(email).html).toContain('Only kim@example.com');
    expect(email.html).not.toContain('#123456');
    expect(filled(email).text).toContain('leave (https://go.lintel.example/u/t)');
  });

  it('demands address and unsubscribe link of them', async () => {
    expect(await problemsOf(whole('<mj-text>Hi</mj-text>'), { kind: 'mjml' })).toEqual([
      { at: 'emails/hi.mjml:1:1', code: 'no-unsubscribe-path' },
      { at: 'emails/hi.mjml:1:1', code: 'no-postal-address' },
    ]);
  });

  it('says on which line the MJML is wrong', async () => {
    const [problem] = await problemsOf(whole(`<mj-txt>Hi</mj-txt>${footer}`), { kind: 'mjml' });
    expect(problem).toEqual({ at: 'emails/hi.mjml:6:1', code: 'bad-mjml' });
  });

  it.each(['mj-include', 'mj-carousel', 'mj-navbar', 'mj-accordion'])('refuses %s', async (tag) => {
    expect(await problemsOf(whole(`<${tag} />${footer}`), { kind: 'mjml' })).toEqual([
      { at: 'emails/hi.mjml:6:1', code: 'mjml-not-allowed' },
    ]);
  });

  it.each([
    ['a style', '<mj-text><p style="color: {{ lead.email }}">x</p></mj-text>'],
    ['an event', '<mj-text><p onclick="{{ lead.email }}">x</p></mj-text>'],
    ['an element name', '<mj-raw><p {{ lead.email }}>x</p></mj-raw>'],
    ['a style sheet', '<mj-raw><style>p { color: {{ lead.email }} }</style></mj-raw>'],
    ['a script', '<mj-raw><script>"{{ lead.email }}"</script></mj-raw>'],
  ])('refuses to fill in %s', async (_, body) => {
    const problems = await problemsOf(whole(`${body}${footer}`), { kind: 'mjml' });
    expect(problems.map((it) => it.code)).toContain('unsafe-place');
    expect(problems.find((it) => it.code === 'unsafe-place')?.at).toMatch(/^emails\/hi\.mjml:6:\d+$/);
  });

  it('puts quotes around attributes that have none', async () => {
    const email = await compileOne(whole(`<mj-text><p title={{ lead.email }}>x</p></mj-text>${footer}`), { kind: 'mjml' });
    expect(email.html).toContain('title="{{ lead.email }}"');
  });

  it('takes fields in quoted attributes', async () => {
    await compileOne(
      whole(`<mj-text><a href="https://x.example/?e={{ lead.email | url_encode }}" title="{{ lead.email }}">x</a></mj-text>${footer}`),
      { kind: 'mjml' },
    );
  });
});

describe('the layout', () => {
  it.each([
    ['without a link', '<content /><mj-text>{{ brand.postal-address }}</mj-text>', ['no-unsubscribe-path']],
    ['with the link as text', '<content /><mj-text>{{ brand.postal-address }} {{ unsubscribe-url }}</mj-text>', ['no-unsubscribe-path']],
    [
      'with the link in a comment',
      '<content /><mj-text>{{ brand.postal-address }} <!-- <a href="{{ unsubscribe-url }}">x</a> --></mj-text>',
      ['no-unsubscribe-path'],
    ],
    [
      'with both in a condition',
      `<content /><mj-text>{% if lead.company %}{{ brand.postal-address }} <a href="{{ unsubscribe-url }}">x</a>{% endif %}</mj-text>`,
      ['no-unsubscribe-path', 'no-postal-address'],
    ],
    ['without an address', '<content /><mj-text><a href="{{ unsubscribe-url }}">x</a></mj-text>', ['no-postal-address']],
    ['without a slot', footer, ['no-content-slot']],
    ['with a field that may be missing', `<content />${footer}<mj-text>{{ lead.company }}</mj-text>`, ['merge-field-without-default']],
  ])('%s is refused, once for all e-mails', async (_, column, codes) => {
    const { problems, emails } = await compile({ a: letter('A'), b: letter('B') }, { layout: layoutWith(column) });
    expect(problems.map((it) => it.code).sort()).toEqual([...codes].sort());
    expect(problems.every((it) => it.file === 'layout.mjml')).toBe(true);
    expect(emails).toEqual({});
  });

  it('tells line and column of its own mistakes', async () => {
    const [problem] = await problemsOf(letter('Hi'), {
      layout: layoutWith(`<content />\n  ${footer}<mj-text>{{ lead.company }}</mj-text>`),
    });
    expect(problem?.at).toMatch(/^layout\.mjml:5:\d+$/);
  });
});

describe('what must not compile', () => {
  it.each([
    ['a field without default', 'Hi {{ lead.first-name }}', 'merge-field-without-default', '4:7'],
    ['a default that does not come first', "Hi\nyou {{ lead.first-name | upcase | default: 'X' }}", 'merge-field-without-default', '5:8'],
    ['a default that may be missing itself', 'Hi {{ lead.first-name | default: lead.company }}', 'merge-field-without-default', '4:34'],
    [
      'a field behind a condition about another',
      '{% if lead.company %}{{ lead.country }}{% endif %}',
      'merge-field-without-default',
      '4:25',
    ],
    [
      'a field where the condition failed',
      '{% if lead.company %}a{% else %}{{ lead.company }}{% endif %}',
      'merge-field-without-default',
      '4:36',
    ],
    ['a field behind or', '{% if lead.a or lead.b %}{{ lead.a }}{% endif %}', 'merge-field-without-default', '4:29'],
    ['a field behind !=', "{% if lead.company != 'x' %}{{ lead.company }}{% endif %}", 'merge-field-without-default', '4:32'],
    ['a field behind == nil', '{% if lead.company == nil %}{{ lead.company }}{% endif %}', 'merge-field-without-default', '4:32'],
    ['a field behind unless', '{% unless lead.company %}{{ lead.company }}{% endunless %}', 'merge-field-without-default', '4:29'],
    ['a field after its condition', '{% if lead.company %}a{% endif %} {{ lead.company }}', 'merge-field-without-default', '4:38'],
    ['an assigned field without default', '{% assign c = lead.company %}{{ c }}', 'merge-field-without-default', '4:15'],
    ['a name assigned only sometimes', "{% if lead.a %}{% assign c = 'x' %}{% endif %}{{ c }}", 'unknown-variable', '4:50'],
    ['an unknown root', 'Hi {{ led.first-name }}', 'unknown-variable', '4:7'],
    ['a bare field', 'Hi {{ first-name }}', 'unknown-variable', '4:7'],
    ['an unknown word of the brand', '{{ brand.slogan }}', 'unknown-variable', '4:4'],
    ['a computed name', '{{ lead[sequence.id] }}', 'unknown-variable', '4:4'],
    ['the lead as a whole', '{{ lead }}', 'unknown-variable', '4:4'],
    ['snake case', "{{ lead.first_name | default: 'x' }}", 'unknown-merge-field', '4:4'],
    ['camel case', "{{ lead.firstName | default: 'x' }}", 'unknown-merge-field', '4:4'],
    ['an unknown filter', '{{ lead.email | upcas }}', 'unknown-filter', '4:4'],
    ['the filter that switches escaping off', '{{ lead.email | raw }}', 'unknown-filter', '4:4'],
    ['a loop', '{% for x in lead.list %}{% endfor %}', 'liquid-tag-not-allowed', '4:1'],
    ['a partial that is none', "a {% render 'x' %}", 'unknown-partial', '4:3'],
    ['a file', "a {% render 'x.html', a: 1 %}", 'liquid-tag-not-allowed', '4:3'],
    ['a word too many', '{{ lead.email lead.email }}', 'bad-liquid', '4:4'],
    ['an open tag', 'Hi\n{{ lead.email', 'bad-liquid', '5:1'],
    ['an open condition', 'Hi\n\n {% if lead.email %} x', 'bad-liquid', '6:2'],
    ['an unknown tag', '{% wenn x %}', 'bad-liquid', '4:1'],
    ['a link that runs code', 'Hi [x](javascript:alert)', 'unsafe-link', '4:8'],
    ['a picture with content of its own', '![x](data:image/png;base64,AAAA)', 'unsafe-link', '4:6'],
    ['a link to nowhere', 'Hi\n[x](/pricing)', 'relative-link', '5:5'],
    ['a button among words', 'Press [x](https://x.example){.button} now', 'button-not-alone', '4:11'],
    ['a picture without words', '![](https://x.example/a.png)', 'picture-without-words', '4:5'],
    ['HTML', 'Hi\n\n<b>you</b>', 'html-in-markdown', '6:1'],
    ['an unknown style', '[x](https://x.example){.buton}', 'unknown-class', '4:5'],
    ['a condition across elements', '**{% if lead.a %}x** y{% endif %}', 'liquid-crosses-markup', '4:3'],
  ])('%s', async (_, body, code, at) => {
    const problems = await problemsOf(letter(body));
    expect(problems[0]).toMatchObject({ code, at: `emails/hi.md:${at}` });
  });

  it.each([
    ['nothing above the text', 'Hi', 'no-front-matter', '1:1'],
    ['front matter that does not end', '---\nsubject: Hi\n', 'no-front-matter', '1:1'],
    ['no subject', '---\npreheader: x\n---\nHi', 'missing', '2:1'],
    ['an empty subject', '---\nsubject: "  "\n---\nHi', 'invalid', '2:10'],
    ['an unknown key', '---\nsubject: Hi\npreheadr: x\n---\nHi', 'unknown-key', '3:1'],
    ['a key twice', '---\nsubject: Hi\nsubject: Ho\n---\nHi', 'not-yaml', '3:1'],
    ['Liquid without quotes', '---\nsubject: {{ lead.email }}, hi\n---\nHi', 'not-yaml', '2:26'],
    ['a sender without address', '---\nsubject: Hi\nfrom: { name: Owen }\n---\nHi', 'missing', '3:7'],
    ['a field without default in the subject', '---\nsubject: "Hi {{ lead.first-name }}"\n---\nHi', 'merge-field-without-default', '2:17'],
    [
      'a field without default in the preheader',
      '---\nsubject: Hi\npreheader: At {{ lead.company }}\n---\nHi',
      'merge-field-without-default',
      '3:18',
    ],
  ])('%s', async (_, text, code, at) => {
    expect((await problemsOf(text))[0]).toMatchObject({ code, at: `emails/hi.md:${at}` });
  });

  it('tells all problems of all e-mails at once, and compiles the others', async () => {
    const { emails, problems } = await compile({ a: letter('{{ lead.x }} {{ lead.y }}'), b: letter('fine'), c: letter('{{ foo }}') });
    expect(Object.keys(emails)).toEqual(['b']);
    expect(problems.map((it) => it.file)).toEqual(['emails/a.md', 'emails/a.md', 'emails/c.md']);
  });

  it('says what was meant', async () => {
    expect((await problemsOf(letter('{{ led.first-name }}')))[0]?.hint).toContain('lead.first-name');
    expect((await problemsOf(letter('{{ first-name }}')))[0]?.hint).toContain('lead.first-name');
    expect((await problemsOf(letter('{{ unsubscribe_url }}')))[0]?.hint).toContain('unsubscribe-url');
    expect((await problemsOf(letter('{{ lead.email | upcas }}')))[0]?.hint).toContain('upcase');
    expect((await problemsOf(letter("{{ lead.jobTitle | default: '' }}")))[0]?.hint).toContain('lead.job-title');
  });

  it('only doubts an unusual field, for any column is one', async () => {
    const { emails, problems } = await compile({ hi: letter("{{ lead.frist-name | default: 'x' }} {{ lead.shoe-size | default: 'x' }}") });
    expect(problems.map((it) => [it.severity, it.code])).toEqual([['warning', 'unusual-merge-field']]);
    expect(Object.keys(emails)).toEqual(['hi']);
  });
});

describe('what may compile', () => {
  it.each([
    ['a default', "{{ lead.first-name | default: 'x' | upcase }}"],
    ['a guarded field', '{% if lead.company %}{{ lead.company }}{% endif %}'],
    ['two guarded fields', '{% if lead.a and lead.b %}{{ lead.a }}{{ lead.b }}{% endif %}'],
    ['a compared field', "{% if lead.country == 'DE' %}{{ lead.country }}{% elsif lead.employees > 5 %}{{ lead.employees }}{% endif %}"],
    ['a nested guard', '{% if lead.a %}{% if lead.b %}{{ lead.a }}{{ lead.b }}{% endif %}{% endif %}'],
    ['a case', "{% case lead.country %}{% when 'DE', 'AT' %}{{ lead.country }}{% else %}x{% endcase %}"],
    ['an assigned default', "{% assign who = lead.company | default: 'you' %}{{ who }}"],
    ['a comment', '{% comment %} {{ lead.nothing }} {% endcomment %}x'],
    ['a quoted name', "{{ lead['first-name'] | default: 'x' }}"],
    [
      'all that is always there',
      '{{ lead.email }} {{ brand.company }} {{ brand.postal-address }} {{ sequence.id }} [x]({{ unsubscribe-url }})',
    ],
    ['code and tables', '`<b>`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n<i>\n```'],
  ])('%s', async (_, body) => {
    const email = await compileOne(letter(body));
    expect(filled(email).html).toContain('</html>');
    expect(filled(email, { company: 'x', country: 'DE', a: 'a', b: 'b' }).text).toContain('Unsubscribe: https://go.lintel.example/u/t');
  });

  it('any text: it compiles and can be filled, or there is a problem; it never throws', async () => {
    const bits = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{%',
        '%}',
        ' if ',
        ' endif ',
        'lead.company',
        'lead.email',
        '|',
        "default: 'x'",
        '\n\n',
        '\n',
        '- ',
        '# ',
        '**',
        '`',
        '[x](',
        ')',
      ],
      ...[
        '{.button}',
        '<p>',
        '</p>',
        'https://x.example',
        '---',
        '&',
        '"',
        "'",
        '{',
        '}',
        'ä',
        '{% if lead.a %}',
        '{% else %}',
        '{% endif %}',
        '{{ lead.email }}',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(bits, { maxLength: 14 }), fc.string(), async (parts, rest) => {
        const { emails, problems } = await compile({ hi: letter(`${parts.join('')}${rest}`) });
        if (!emails.hi) {
          expect(problems.length).toBeGreaterThan(0);
          return;
        }
        for (const fields of [{}, { company: 'c', a: 'a' }]) {
          const { html, text } = filled(emails.hi, fields as Record<string, string>);
          expect(html).toContain('href="https://go.lintel.example/u/t"');
          expect(text).toContain('Unsubscribe: https://go.lintel.example/u/t');
          for (const tag of ['p', 'li', 'ul', 'strong', 'code', 'a', 'table', 'td', 'h1']) {
            expect([tag, html.split(new RegExp(`<${tag}[ >]`)).length]).toEqual([tag, html.split(`</${tag}>`).length]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
