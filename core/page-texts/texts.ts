import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';
import { pt } from './pt.ts';

/** Every text of the pages that leads reach from their mail. `{topic}`, `{company}`, `{address}` and `{date}` are filled in. */
export type PageTexts = { readonly [key in keyof typeof en]: string };
export type PageText = keyof PageTexts;

export const pageTexts: { readonly [language: string]: PageTexts } = { en, de, fr, es, it, nl, pt, pl };
export const pageTextKeys = Object.keys(en) as readonly PageText[];

/** The words between braces that a text must keep. */
export const placeholdersOf = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{([a-z]+)\}/g)].map(([, name = '']) => name))].sort();

/** The marketer's own words, by locale (`de`, `de-AT`). */
export type OwnTexts = { readonly [locale: string]: { readonly [key: string]: string } };

/** A text in the language of the mail, else in the brand's, else in English; the marketer's own words before ours. */
export const speakerOf = (locale: string, brandLocale: string, own: OwnTexts = {}) => {
  const spoken = [locale, brandLocale].find((it) => languageOf(it, own) !== undefined) ?? 'en';
  const language = spoken.slice(0, 2);
  const layers = [own[spoken], own[language], pageTexts[language], pageTexts.en];
  return {
    /** Of what is said, for `<html lang>` and dates. */
    locale: spoken,
    say: (key: PageText, values: { readonly [placeholder: string]: string } = {}): string => {
      const text = layers.flatMap((it) => it?.[key] ?? [])[0] ?? key;
      return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
    },
  };
};
export type Speaker = ReturnType<typeof speakerOf>;

/** Whether there are words for it. */
export const isSpoken = (locale: string, own: OwnTexts = {}): boolean => languageOf(locale, own) !== undefined;

const languageOf = (locale: string, own: OwnTexts): string | undefined => {
  const language = locale.slice(0, 2);
  return own[locale] || own[language] || pageTexts[language] ? language : undefined;
};
