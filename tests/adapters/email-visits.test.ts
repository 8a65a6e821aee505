import { describe, expect, it } from 'vitest';
import { liquidTemplates } from '#adapters/email/liquid';
import { withVisits } from '#adapters/email/visits';
import { mergeData, sampleLinks } from '#core/email';
import { withoutVisit } from '#core/visit-link';
import { toRow } from '#lambdas/events/event-row';
import { aLead, aSesEvent, now } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const sites = ['https://lintel.example'];
const hrefOf = (href: string, more = '') =>
  /href="([^"]*)"/.exec(withVisits(`<p><a ${more}class="x" href="${href}">y</a></p>`, { sites }))?.[1];

describe('links to the brand’s own sites', () => {
  it.each([
    ['https://lintel.example', 'https://lintel.example?bt={{ visit-token }}'],
    ['https://lintel.example/a', 'https://lintel.example/a?bt={{ visit-token }}'],
    ['https://lintel.example/a?b=1', 'https://lintel.example/a?b=1&amp;bt={{ visit-token }}'],
    ['https://lintel.example/a#top', 'https://lintel.example/a?bt={{ visit-token }}#top'],
    [
      'https://lintel.example/a?b={{ lead.x | default: "#" }}#top',
      'https://lintel.example/a?b={{ lead.x | default: "#" }}&amp;bt={{ visit-token }}#top',
    ],
  ])('say who follows them: %s', (given, expected) => {
    expect(hrefOf(given.replaceAll('"', '&quot;'))).toBe(expected.replaceAll('"', '&quot;'));
  });

  it.each([
    'https://other.example/',
    'https://lintel.example.evil.example/',
    'http://lintel.example/',
    'mailto:x@lintel.example',
    '{{ unsubscribe-url }}',
  ])('are the only ones that do: %s', (given) => {
    expect(hrefOf(given)).toBe(given);
  });

  it('are links still, in a mail made before the brand took its sites back', () => {
    const html = withVisits('<a href="https://lintel.example/a#b">x</a>', { sites });
    const { visit: _visit, ...links } = sampleLinks(liveConfig.brand, 'x');
    const data = mergeData({ brand: liveConfig.brand, lead: aLead(), sequence: 'nurture', topic: 'tips', links });
    expect(liquidTemplates().fill(html, { ...data }, 'html')).toBe('<a href="https://lintel.example/a?bt=#b">x</a>');
  });

  it('do not when they must not be tracked, or when the brand names no site', () => {
    expect(hrefOf('https://lintel.example/', 'ses:no-track ')).toBe('https://lintel.example/');
    expect(withVisits('<a href="https://lintel.example/">x</a>', {})).toBe('<a href="https://lintel.example/">x</a>');
  });
});

describe('a click that is kept', () => {
  it.each([
    ['https://lintel.example/a?bt=k1.e.s', 'https://lintel.example/a'],
    ['https://lintel.example/a?bt=k1.e.s#top', 'https://lintel.example/a#top'],
    ['https://lintel.example/a?bt=k1.e.s&b=1', 'https://lintel.example/a?b=1'],
    ['https://lintel.example/a?b=1&bt=k1.e.s&c=2', 'https://lintel.example/a?b=1&c=2'],
    ['https://lintel.example/a?abt=1', 'https://lintel.example/a?abt=1'],
    ['https://lintel.example/', 'https://lintel.example/'],
  ])('holds no token: %s', (link, expected) => {
    expect(withoutVisit(link)).toBe(expected);
    expect(toRow(aSesEvent({ kind: 'clicked', link }), now).link).toBe(expected);
  });
});
