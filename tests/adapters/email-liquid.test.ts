import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiquid, liquidTemplates } from '#adapters/email/liquid';
import { plainTemplate } from '#adapters/email/plain-template';
import { isScriptUrl } from '#adapters/email/urls';

const { fill } = liquidTemplates();
const permanent = (message: RegExp) => expect.objectContaining({ name: 'PermanentError', message: expect.stringMatching(message) });

describe('filling templates', () => {
  it('fills the same template for many leads', () => {
    expect(['Kim', 'Ana'].map((name) => fill('Hi {{ lead.first-name }}', { lead: { 'first-name': name } }, 'text'))).toEqual([
      'Hi Kim',
      'Hi Ana',
    ]);
  });

  it('escapes in html and not in text', () => {
    const data = { lead: { company: 'A & <B>' } };
    expect(fill('{{ lead.company }}', data, 'html')).toBe('A &amp; &lt;B&gt;');
    expect(fill('{{ lead.company }}', data, 'text')).toBe('A & <B>');
  });

  it('has no way to switch escaping off', () => {
    expect(fill('{{ lead.company | raw }}', { lead: { company: '<b>' } }, 'html')).toBe('&lt;b&gt;');
  });

  it('takes a missing variable only before default and in conditions', () => {
    expect(fill("{{ lead.company | default: 'you' }}{% if lead.company %}!{% endif %}", { lead: {} }, 'text')).toBe('you');
    expect(() => fill('{{ lead.company }}', { lead: {} }, 'text')).toThrow(permanent(/undefined variable: lead.company/));
  });

  it('refuses unknown filters and tags', () => {
    expect(() => fill('{{ lead.a | shout }}', { lead: { a: 'x' } }, 'text')).toThrow(permanent(/shout/));
    expect(() => fill('{% shout %}', {}, 'text')).toThrow(permanent(/shout/));
  });

  it('reads no files and no prototypes', () => {
    expect(() => fill("{% render 'package.json' %}", {}, 'text')).toThrow(permanent(/could not be filled/));
    expect(() => fill("{% include './package.json' %}", {}, 'text')).toThrow(permanent(/could not be filled/));
    expect(() => fill('{{ lead.constructor }}', { lead: {} }, 'text')).toThrow(permanent(/undefined variable/));
    expect(() => fill('{{ lead.toString }}', { lead: {} }, 'text')).toThrow(permanent(/undefined variable/));
  });

  it('gives up on templates that want too much', () => {
    expect(() => fill('{% for i in (1..100000000) %}x{% endfor %}', {}, 'text')).toThrow(permanent(/could not be filled/));
    expect(() => fill('x'.repeat(600_000), {}, 'text')).toThrow(permanent(/could not be filled/));
  });

  it('does not quote values when it fails', () => {
    const fail = () =>
      fill('{{ lead.a | divided_by: lead.b | date: lead.c }}{{ lead.d }}', { lead: { a: 'Secretname', b: 0, c: '%Y' } }, 'text');
    expect(fail).toThrow(permanent(/could not be filled/));
    expect(fail).not.toThrow(/Secretname/);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        '<',
        '>',
        '&',
        '&quot;',
        '</p>',
        '<script>',
        '" onclick="x',
        '-->',
        '{{',
        '{%',
        '\u0000',
        'javascript:',
        '\n',
        'ä',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);
const decoded = (text: string) =>
  text.replace(
    /&(amp|lt|gt|quot|#34|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': "'" })[name] ?? '',
  );

describe('hostile fields', () => {
  it('stay text where text is', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const filled = fill('<p>{{ lead.x }}</p>', { lead: { x: value } }, 'html');
        const inside = filled.slice('<p>'.length, -'</p>'.length);
        expect(inside).not.toMatch(/[<>]/);
        expect(decoded(inside)).toBe(value);
      }),
    );
  });

  it('stay inside their attribute', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const filled = fill('<img alt="{{ lead.x }}">', { lead: { x: value } }, 'html');
        expect(filled).toMatch(/^<img alt="[^"<>]*">$/);
      }),
    );
  });

  it('never make a link that runs code', () => {
    const blank = fc.constantFrom('', ' ', '\t', '\n', '\u0000', '\u0001', '\u200b');
    const scheme = fc.constantFrom('javascript', 'JavaScript', 'data', 'vbscript', 'VBSCRIPT');
    fc.assert(
      fc.property(blank, scheme, blank, fc.nat({ max: 8 }), hostile, (before, name, between, cut, rest) => {
        const url = `${before}${name.slice(0, cut)}${between}${name.slice(cut)}:${rest}`;
        expect(fill('<a href="{{ lead.x }}">x</a>', { lead: { x: url } }, 'html')).toBe('<a href="#">x</a>');
        expect(fill("<a href='{{ lead.x }}'>x</a>", { lead: { x: url } }, 'html')).toBe('<a href="#">x</a>');
      }),
    );
  });

  it('leave good links alone', () => {
    const url = 'https://x.example/?a=1&b=javascript:void';
    expect(fill('<a href="{{ lead.x }}">x</a>', { lead: { x: url } }, 'html')).toBe(
      '<a href="https://x.example/?a=1&amp;b=javascript:void">x</a>',
    );
  });
});

describe('script URLs', () => {
  it('are seen through entities, case, blanks and controls', () => {
    const disguised = [
      'java&#115;cript:x',
      'java&#x73;cript&colon;x',
      'java&Tab;script:x',
      '&#0000106avascript:x',
      ' \u0001JAVASCRIPT:x',
      'data:text/html,x',
    ];
    for (const url of disguised) expect([url, isScriptUrl(url)]).toEqual([url, true]);
  });

  it('are not seen where there are none', () => {
    for (const url of ['https://x.example/data:', 'mailto:a@b.example', 'datacentre.example', '/javascript:'])
      expect([url, isScriptUrl(url)]).toEqual([url, false]);
  });
});

describe('a template that only names values', () => {
  const engines = { html: createLiquid('html'), text: createLiquid('text') };
  const outcomeOf = (fill: () => string): string => {
    try {
      return fill();
    } catch {
      return '(failed)';
    }
  };

  it('is filled by hand as Liquid fills it, and left to Liquid where it is not sure', () => {
    const pieces = fc.constantFrom(
      ...['{{ lead.a }}', '{{lead.b}}', '{{ lead.a | default: "you & <me>" }}', "{{ lead.c | default: 'it' }}", '{{ word }}', '{{ lead }}'],
      ...[
        '{{ lead.a.size }}',
        '{{ lead.size }}',
        '{{- lead.a }}',
        '{{ lead.a | upcase }}',
        '{% if lead.a %}yes{% endif %}',
        '{{ none.a }}',
      ],
      ...['{{ lead.a | default: lead.b }}', '{{ lead.true }}', '{{ true }}', '{{ lead.b|default:"x" }}', '{{ gone | default: "x" }}'],
      ...[' plain "text" & <b>more</b> } {', '\n', '{ {', '}}', "'", '{{ lead.d-1 }}', '{{ lead.first }}'],
    );
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom('', ' ', '<b>&"\'', '{{ lead.b }}', 0, 12.5, -1, true, false, null, undefined, [1, 2]),
    );
    const leads = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd-1', 'size', 'true', 'first'), values);
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), leads, fc.constantFrom('html' as const, 'text' as const), (all, lead, as) => {
        const template = all.join('');
        const data = { lead, word: 'A & B' };
        const own = outcomeOf(() => fill(template, data, as));
        expect(own).toBe(outcomeOf(() => String(engines[as].renderSync(engines[as].parse(template), data))));
      }),
      { numRuns: 500 },
    );
  });

  it('is what most mails are', () => {
    const template = 'Hi {{ lead.first-name | default: "there" }}, {{ brand.company }} here. {{ unsubscribe-url }}';
    const data = { lead: {}, brand: { company: 'A & B' }, 'unsubscribe-url': 'https://go.example.com/u/1' };
    expect(plainTemplate(template, 'html')?.(data)).toBe('Hi there, A &amp; B here. https://go.example.com/u/1');
    expect(plainTemplate('{{ lead.first-name | upcase }}', 'html')).toBeUndefined();
  });
});
