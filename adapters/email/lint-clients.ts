import type { Problem } from '#core/problems';
import { type ClientFeature, declarations, elements, pictures, selectors } from './client-features.ts';
import { unsupportedBy } from './client-support.ts';
import { problemAt, type Source } from './source.ts';

/**
 * What its author wrote and some mail program does not know: one warning a feature and file. `markup` is HTML or MJML as
 * written: what MJML makes of its own elements has ways for Outlook already. Styles inside @media are there for those that can.
 */
export const lintClients = (source: Source, markup: string, from = 0): readonly Problem[] => {
  const warned = new Set<string>();
  return featuresIn(withoutComments(markup)).flatMap(({ feature, near }) => {
    if (warned.has(feature.slug)) return [];
    warned.add(feature.slug);
    const without = unsupportedBy(feature.slug);
    if (without.length === 0) return [];
    return [
      problemAt(source, Math.max(source.text.indexOf(near, from), from), {
        severity: 'warning',
        code: 'unsupported-by-client',
        what: `${without.join(', ')} ${without.length === 1 ? 'does' : 'do'} not know this: ${feature.what}`,
        got: near.length > 60 ? `${near.slice(0, 60)}…` : near,
        allowed: feature.allowed,
      }),
    ];
  });
};

/** `near`: as it stands in the file. */
type Used = { readonly feature: ClientFeature; readonly near: string };

const featuresIn = (markup: string): readonly Used[] => [
  ...[...markup.matchAll(/\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].flatMap((it) => declarationsIn(it[1] ?? it[2] ?? '')),
  ...styleSheets(markup).flatMap((css) => [...selectorsIn(css), ...declarationsIn(css)]),
  ...[...withoutStyleSheets(markup).matchAll(/<([a-z][a-z0-9]*)(?=[\s/>])/gi)].flatMap(([near, tag = '']) =>
    elements.filter((it) => it.tag.test(tag.toLowerCase())).map((feature) => ({ feature, near })),
  ),
  ...[...markup.matchAll(/<(?:img|mj-image)\b[^>]*?\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].flatMap((it) => {
    const near = it[1] ?? it[2] ?? '';
    return pictures.filter(({ url }) => url.test(near)).map((feature) => ({ feature, near }));
  }),
];

const styleSheet = /<(mj-style|style)\b[^>]*>([\s\S]*?)<\/\1\s*>/gi;

const styleSheets = (markup: string): readonly string[] =>
  [...markup.matchAll(styleSheet)].map(([, , css = '']) => withoutConditions(css.replaceAll(/\/\*[\s\S]*?\*\//g, ' ')));
const withoutStyleSheets = (markup: string): string => markup.replaceAll(styleSheet, ' ');
const withoutComments = (markup: string): string => markup.replaceAll(/<!--[\s\S]*?-->/g, ' ');

/** Without `@media … { … }` and `@supports … { … }`, however many blocks are inside. */
const withoutConditions = (css: string): string => {
  const at = /@(media|supports)\b/i.exec(css);
  if (!at) return css;
  let depth = 0;
  let end = css.indexOf('{', at.index);
  for (; end >= 0 && end < css.length; end++) {
    if (css[end] === '{') depth++;
    if (css[end] === '}' && --depth === 0) break;
  }
  return end < 0 ? css.slice(0, at.index) : css.slice(0, at.index) + withoutConditions(css.slice(end + 1));
};

const selectorsIn = (css: string): readonly Used[] =>
  selectors.flatMap((feature) => {
    const near = feature.matches.exec(css)?.[0];
    return near === undefined ? [] : [{ feature, near }];
  });

const declarationsIn = (css: string): readonly Used[] =>
  [...css.matchAll(/(?:^|[;{\s])(-?[a-z][a-z-]*)\s*:\s*([^;{}]+)/gi)].flatMap(([whole, property = '', value = '']) =>
    declarations
      .filter((it) => it.property.test(property.toLowerCase()) && (it.value?.test(value.toLowerCase()) ?? true))
      .map((feature) => ({ feature, near: whole.replace(/^[;{\s]+/, '').trimEnd() })),
  );
