import { meantHint } from '#core/did-you-mean';
import { normaliseLocale } from '#core/locale';
import type { Report } from '#core/problems';
import { shown } from '#core/zod-report';
import { en } from './en.ts';
import { type PageText, pageTextKeys, placeholdersOf } from './texts.ts';

/** One file of `marketing/pages/`: its locale and the words in it. undefined: its name is no language. */
export const readPageFile = (
  name: string,
  data: unknown,
  report: Report,
): readonly [string, { readonly [key: string]: string }] | undefined => {
  const locale = normaliseLocale(name);
  if (locale === undefined) {
    report([], {
      code: 'not-a-locale',
      what: 'the name of this file is not a language',
      got: name,
      allowed: 'de.yaml, or with a country de-AT.yaml',
    });
    return undefined;
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    report([], { code: 'not-texts', what: 'there are no texts in this file', got: shown(data), allowed: 'leave-button: Abmelden' });
    return undefined;
  }
  const read = Object.entries(data).filter(([key, text]) => isText(key, text, report));
  return [locale, Object.fromEntries(read) as { readonly [key: string]: string }];
};

const isText = (key: string, text: unknown, report: Report): boolean => {
  if (!(pageTextKeys as readonly string[]).includes(key)) {
    report([key], {
      code: 'unknown-key',
      what: 'no page has a text of this name',
      got: key,
      allowed: pageTextKeys.join(', '),
      at: 'key',
      ...meantHint(key, pageTextKeys),
    });
    return false;
  }
  if (typeof text !== 'string' || text.trim() === '') {
    report([key], { code: 'not-a-text', what: 'this is not a text', got: shown(text) });
    return false;
  }
  const [wanted, found] = [placeholdersOf(en[key as PageText]), placeholdersOf(text)];
  if (wanted.join() === found.join()) return true;
  const inBraces = (names: readonly string[]) => (names.length === 0 ? 'none' : names.map((it) => `{${it}}`).join(', '));
  report([key], {
    code: 'placeholders',
    what: 'this text must have the same words in braces as ours',
    got: inBraces(found),
    allowed: inBraces(wanted),
  });
  return false;
};
