import { describe, expect, it } from 'vitest';
import { liquidTemplates } from '#adapters/email/liquid';

const { fill } = liquidTemplates();
const says = (template: string, data: Record<string, unknown> = {}) =>
  fill(template, { locale: 'en', zone: 'Europe/Dublin', ...data }, 'text').replaceAll(/[\u00a0\u202f]/g, ' ');

describe('filters', () => {
  it.each([
    ["{{ at | date: 'long' }}", {}, 'March 2, 2026'],
    ["{{ at | date: 'long' }}", { locale: 'de' }, '2. März 2026'],
    ["{{ at | date: 'full' }}", { locale: 'de' }, 'Montag, 2. März 2026'],
    ["{{ at | date: 'weekday' }}", { locale: 'fr' }, 'lundi'],
    ["{{ at | date: 'time' }}", { locale: 'en-GB' }, '23:30'],
    ["{{ at | date: 'time' }}", { locale: 'en-GB', zone: 'Asia/Tokyo' }, '08:30'],
    ["{{ at | date: 'long' }}", { zone: 'Asia/Tokyo' }, 'March 3, 2026'],
    ["{{ day | date: 'long' }}", { zone: 'America/Los_Angeles' }, 'March 2, 2026'],
    ["{{ 1200 | money: 'EUR' }}", { locale: 'de' }, '1.200 €'],
    ["{{ 49.5 | money: 'USD' }}", {}, '$49.50'],
    ['{{ 12345 | number }}', { locale: 'de' }, '12.345'],
    ["{{ 1 | pluralize: 'site', 'sites' }}", {}, '1 site'],
    ["{{ 1200 | pluralize: 'site', 'sites' }}", {}, '1,200 sites'],
    ["{{ 0 | pluralize: 'chantier', 'chantiers' }}", { locale: 'fr' }, '0 chantier'],
  ])('%s with %o is %s', (template, data, expected) => {
    expect(says(template, { at: '2026-03-02T23:30:00Z', day: '2026-03-02', ...data })).toBe(expected);
  });

  it.each(["{{ word | date: 'long' }}", "{{ word | money: 'EUR' }}", '{{ word | number }}'])('%s leaves alone what is none', (template) => {
    expect(says(template, { word: 'soon' })).toBe('soon');
  });

  it('do not let anything out of HTML', () => {
    const html = fill(
      '{{ word | pluralize: word, word }}{{ word | money: word }}',
      { word: '<script>', locale: 'en', zone: 'UTC' },
      'html',
    );
    expect(html).not.toContain('<script>');
  });
});
