import type { Lead } from './lead.ts';
import type { CompiledEmail } from './sequences/model.ts';

/** `de` or `de-AT`: a language, perhaps with a country. */
export const localePattern = /^[a-z]{2}(-[A-Z]{2})?$/;

/** `de_at`, `DE-at`, `de` as one form; undefined: not such a thing. */
export const normaliseLocale = (text: string): string | undefined => {
  const [language = '', country, ...rest] = text.trim().split(/[-_]/);
  const locale = country === undefined ? language.toLowerCase() : `${language.toLowerCase()}-${country.toUpperCase()}`;
  return rest.length === 0 && localePattern.test(locale) ? locale : undefined;
};

/** How dates are written. English that names no country is British here, as the words of our own pages are (decision 0107). */
export const dateLocale = (locale: string): string => (locale === 'en' ? 'en-GB' : locale);

/** What the lead's fields say: `locale`, else `language`. */
export const localeOf = ({ fields }: Pick<Lead, 'fields'>): string | undefined => said(fields.locale) ?? said(fields.language);
const said = (field: unknown): string | undefined => (typeof field === 'string' ? normaliseLocale(field) : undefined);

export type LocalContent = { readonly content: CompiledEmail; readonly locale: string };

/** The variant for this lead: its own locale's, else its language's, else another country's of its language, else the plain file. */
export const contentFor = (content: CompiledEmail, lead: Pick<Lead, 'fields'>, plain: string): LocalContent => {
  const wanted = localeOf(lead);
  if (wanted === undefined) return { content, locale: plain };
  const variants = content.locales ?? {};
  const language = wanted.slice(0, 2);
  const plainFits = plain === wanted || plain.slice(0, 2) === language;
  const found =
    [wanted, language].find((it) => it in variants) ??
    (plainFits
      ? undefined
      : Object.keys(variants)
          .sort()
          .find((it) => it.startsWith(language)));
  const variant = found === undefined ? undefined : variants[found];
  return variant && found !== undefined ? { content: variant, locale: found } : { content, locale: plainFits ? wanted : plain };
};
