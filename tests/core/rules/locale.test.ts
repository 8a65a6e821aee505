import { describe, expect, it } from 'vitest';
import { contentFor, normaliseLocale } from '#core/locale';
import type { CompiledEmail } from '#core/sequences/model';

const content = (subject: string, locales?: CompiledEmail['locales']): CompiledEmail => ({
  subject,
  preheader: '',
  html: '',
  text: '',
  ...(locales && { locales }),
});
const mail = content('plain', { de: content('de'), 'pt-BR': content('pt-BR'), 'de-CH': content('de-CH') });
const chosen = (fields: Record<string, string>, plain = 'en') => {
  const { content: found, locale } = contentFor(mail, { fields }, plain);
  return [found.subject, locale];
};

describe('the language of an e-mail', () => {
  it.each([
    [{ locale: 'de' }, ['de', 'de']],
    [{ locale: 'de_ch' }, ['de-CH', 'de-CH']],
    [{ locale: 'de-AT' }, ['de', 'de']],
    [{ language: 'PT' }, ['pt-BR', 'pt-BR']],
    [{ locale: 'fr' }, ['plain', 'en']],
    [{}, ['plain', 'en']],
    [{ locale: 'en-GB' }, ['plain', 'en-GB']],
    [{ locale: 'nonsense', language: 'de' }, ['de', 'de']],
  ])('%o gets %o', (fields, expected) => {
    expect(chosen(fields as Record<string, string>)).toEqual(expected);
  });

  it('is the plain file’s own when that is what the lead reads', () => {
    expect(chosen({ locale: 'de-AT' }, 'de')).toEqual(['de', 'de']);
    expect(chosen({ locale: 'pt-PT' }, 'pt-PT')).toEqual(['plain', 'pt-PT']);
  });

  it.each([
    ['de', 'de'],
    ['DE-at', 'de-AT'],
    ['german', undefined],
    ['', undefined],
    ['de-AT-x', undefined],
  ])('%s is read as %s', (text, expected) => {
    expect(normaliseLocale(text)).toBe(expected);
  });
});
