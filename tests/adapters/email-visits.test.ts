import { describe, expect, it } from 'vitest';
import { withVisits } from '#adapters/email/visits';

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

  it('do not when they must not be tracked, or when the brand names no site', () => {
    expect(hrefOf('https://lintel.example/', 'ses:no-track ')).toBe('https://lintel.example/');
    expect(withVisits('<a href="https://lintel.example/">x</a>', {})).toBe('<a href="https://lintel.example/">x</a>');
  });
});
