import { describe, expect, it } from 'vitest';
import { readPageFile } from '#core/page-texts/read';
import { pageTextKeys, pageTexts, placeholdersOf, speakerOf } from '#core/page-texts/texts';
import type { Problem } from '#core/problems';

const read = (name: string, data: unknown) => {
  const problems: Pick<Problem, 'code'>[] = [];
  const texts = readPageFile(name, data, (path, { code }) => void problems.push({ code: `${path.join('.')} ${code}` }));
  return { texts, problems: problems.map((it) => it.code) };
};

describe('the texts of pages', () => {
  it.each(Object.entries(pageTexts))('say all there is to say in %s, with the same words in braces', (_, texts) => {
    expect(Object.keys(texts)).toEqual(pageTextKeys);
    for (const key of pageTextKeys) {
      expect(texts[key].trim(), key).not.toBe('');
      expect(placeholdersOf(texts[key]), key).toEqual(placeholdersOf(pageTexts.en?.[key] ?? ''));
    }
  });

  it('speak the language of the mail, else that of the brand, else English', () => {
    expect(speakerOf('de-AT', 'fr').say('leave-button')).toBe('Abmelden');
    expect(speakerOf('fi', 'fr').say('save-button')).toBe('Enregistrer');
    expect(speakerOf('fi', 'sv').say('save-button')).toBe('Save');
    expect(speakerOf('fi', 'sv').locale).toBe('en');
    expect(speakerOf('de', 'en').say('leave-title', { topic: 'Tipps {company}' })).toBe('Abmelden: Tipps {company}');
  });

  it('may be the marketer’s own, in our languages and in others', () => {
    const own = { fi: { 'save-button': 'Tallenna' }, 'de-AT': { 'leave-button': 'Pfiat di' } };
    expect(speakerOf('fi', 'en', own).say('save-button')).toBe('Tallenna');
    expect(speakerOf('fi', 'en', own).say('leave-button')).toBe('Unsubscribe');
    expect(speakerOf('de-AT', 'en', own).say('leave-button')).toBe('Pfiat di');
    expect(speakerOf('de-AT', 'en', own).say('save-button')).toBe('Speichern');
    expect(speakerOf('de', 'en', own).say('leave-button')).toBe('Abmelden');
  });

  it('are read with what is wrong said of each', () => {
    expect(read('fi', { 'save-button': 'Tallenna', 'leave-title': 'Peru {topic}' })).toEqual({
      texts: ['fi', { 'save-button': 'Tallenna', 'leave-title': 'Peru {topic}' }],
      problems: [],
    });
    expect(read('finnish', {}).problems).toEqual([' not-a-locale']);
    expect(read('fi', 'Tallenna').problems).toEqual([' not-texts']);
    expect(read('fi', { 'save-buton': 'x', 'leave-title': 'Peru', 'left-title': 7, saved: '{topic}' }).problems).toEqual([
      'save-buton unknown-key',
      'leave-title placeholders',
      'left-title not-a-text',
      'saved placeholders',
    ]);
  });
});
