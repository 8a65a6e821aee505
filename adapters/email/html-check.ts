import type { Problem } from '#core/problems';
import { type Finding, problemAt, type Source } from './source.ts';
import { decodeEntities, isAbsoluteUrl, isScriptUrl } from './urls.ts';
import { type Hidden, isBlockTag, isOutputOf, tagName, type Vault } from './vault.ts';

/** Judges HTML with its Liquid hidden: links that cannot work, Liquid where escaping does not protect, tags that cross. */
export const checkHtml = (html: string, vault: Vault, source: Source, from = 0): readonly Problem[] => {
  const parts = partsOf(html);
  const at = (near: string, finding: Finding) =>
    problemAt(source, Math.max(source.text.indexOf(near === '' ? ']()' : near, from), from), finding);
  const atLiquid = (hidden: Hidden, finding: Finding) => problemAt(hidden.source, hidden.offset, finding);
  return [
    ...parts.flatMap((it) => linksIn(it, vault)).flatMap(({ url, finding }) => (finding ? [at(url, finding)] : [])),
    ...parts.flatMap((it, index) => exposedIn(it, isRawText(parts, index), vault)).map((it) => atLiquid(it, exposed)),
    ...crossing(parts, vault).map((it) => atLiquid(it, crosses)),
    ...parts.filter(runsCode).map((it) => at(vault.reveal(it), { ...code, got: vault.reveal(it).slice(0, 60) })),
  ];
};

/** What every e-mail must show to everyone: not in a comment, not in a condition. */
export const showsAlways = (html: string, vault: Vault) => {
  const shown = unconditional(partsOf(html), vault);
  const links = (name: string) => shown.some((it) => isOutputOf(it.hidden, name) && /^<a\s(?:[^>]*\s)?href="$/i.test(it.before));
  return {
    unsubscribeLink: links('unsubscribe-url'),
    confirmLink: links('confirm-url'),
    postalAddress: shown.some((it) => isOutputOf(it.hidden, 'brand.postal-address') && !it.before.startsWith('<')),
  };
};

/** Links that are the reader's alone: whoever else had them, a tracker included, could act for the reader. */
const personal: readonly string[] = ['unsubscribe-url', 'preferences-url', 'confirm-url'];

/** SES leaves links with this mark out of click tracking. */
export const withoutTracking = (html: string, vault: Vault): string =>
  partsOf(html)
    .map((part) =>
      /^<a\s/i.test(part) && vault.find(part).some((it) => personal.some((name) => isOutputOf(it.hidden, name)))
        ? `<a ses:no-track${part.slice(2)}`
        : part,
    )
    .join('');

/** Comments, tags and texts, in order; together they are the HTML. */
const partsOf = (html: string): readonly string[] => html.match(/<!--[\s\S]*?-->|<(?:"[^"]*"|'[^']*'|[^'">])*>|[^<]+|</g) ?? [];

const isRawText = (parts: readonly string[], index: number): boolean => /^<(style|script)\b/i.test(parts[index - 1] ?? '');

type Link = { readonly url: string; readonly finding: Finding | undefined };

const linksIn = (part: string, vault: Vault): readonly Link[] =>
  part.startsWith('<!--') || !part.startsWith('<')
    ? []
    : [...part.matchAll(/\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map((it) => judge(decodeEntities(it[1] ?? it[2] ?? ''), vault));

const judge = (hiddenUrl: string, vault: Vault): Link => {
  const url = vault.reveal(hiddenUrl);
  const allowed = 'a whole link, e.g. https://…, or mailto:…';
  if (isScriptUrl(url)) return { url, finding: { code: 'unsafe-link', what: 'this link would run code', got: url, allowed } };
  const isFilled = vault.find(hiddenUrl)[0]?.index === 0;
  if (isFilled || isAbsoluteUrl(url)) return { url, finding: undefined };
  return {
    url,
    finding: { code: 'relative-link', what: 'this link leads nowhere from an inbox', got: url === '' ? 'nothing' : url, allowed },
  };
};

const code: Omit<Finding, 'got'> = {
  code: 'runs-code',
  what: 'mail programs take this out, and filters take the e-mail for an attack',
  allowed: 'text, pictures and links',
};

const runsCode = (part: string): boolean =>
  /^<(script|iframe|frame|applet|base)\b/i.test(part) ||
  (/^<[a-z]/i.test(part) && /\son[a-z]+\s*=/i.test(part.replace(/=\s*(?:"[^"]*"|'[^']*')/g, '=')));

const exposed: Finding = {
  code: 'unsafe-place',
  what: 'what is filled in here would not be protected against what a lead may have typed',
  allowed: 'text, and attributes in double quotes other than style and on…',
};

/** Escaping protects text and quoted attributes; not styles, scripts, comments, names, or attributes without quotes. */
const exposedIn = (part: string, rawText: boolean, vault: Vault): readonly Hidden[] => {
  const found = vault.find(part).filter((it) => !isBlockTag(it.hidden));
  if (part.startsWith('<!--') || (rawText && !part.startsWith('<'))) return found.map((it) => it.hidden);
  if (!part.startsWith('<')) return [];
  return found.filter(({ index }) => !isInQuotedAttribute(part.slice(0, index))).map((it) => it.hidden);
};

const isInQuotedAttribute = (before: string): boolean => {
  const unclosed = /\s([^\s"'<>=]+)\s*=\s*"[^"]*$/.exec(before)?.[1];
  return unclosed !== undefined && !/^(style|srcdoc|on.*)$/i.test(unclosed);
};

const crosses: Finding = {
  code: 'liquid-crosses-markup',
  what: 'this condition begins inside one element and ends in another, so the e-mail would break when it does not hold',
  allowed: 'a condition within one paragraph, or with its tags on lines of their own around whole paragraphs',
};

const voidElements: readonly string[] = [
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
];

/** Conditions of which one tag stands in another element than the one that opens them. */
const crossing = (parts: readonly string[], vault: Vault): readonly Hidden[] => {
  const found = new Set<Hidden>();
  const open: { readonly hidden: Hidden; readonly element: number | undefined }[] = [];
  for (const { hidden, element } of blockTags(parts, vault)) {
    const change = depthChange(hidden);
    if (change > 0) open.push({ hidden, element });
    const condition = open.at(-1);
    if (condition && condition.element !== element) found.add(condition.hidden);
    if (change < 0) open.pop();
  }
  return [...found];
};

const blockTags = (parts: readonly string[], vault: Vault) => {
  const around = elementsAround(parts);
  return parts.flatMap((part, index) =>
    vault
      .find(part)
      .filter((it) => isBlockTag(it.hidden))
      .map(({ hidden }) => ({ hidden, element: around[index] })),
  );
};

/** Which element each part stands in, by number; an end tag closes what was left open inside. */
const elementsAround = (parts: readonly string[]): readonly (number | undefined)[] => {
  const open: { readonly name: string; readonly number: number }[] = [];
  return parts.map((part, number) => {
    const around = open.at(-1)?.number;
    const name = /^<\/?([a-z][a-z0-9]*)/i.exec(part)?.[1]?.toLowerCase();
    if (name === undefined) return around;
    const opened = open.findLastIndex((it) => it.name === name);
    if (!part.startsWith('</')) {
      if (!part.endsWith('/>') && !voidElements.includes(name)) open.push({ name, number });
    } else if (opened >= 0) open.splice(opened);
    return around;
  });
};

/** Stand-ins outside comments and conditions, each with what its part says before it. */
const unconditional = (parts: readonly string[], vault: Vault) => {
  let depth = 0;
  const found = parts
    .filter((part) => !part.startsWith('<!--'))
    .flatMap((part) => vault.find(part).map(({ hidden, index }) => ({ hidden, before: part.slice(0, index) })));
  return found.filter(({ hidden }) => {
    depth += depthChange(hidden);
    return depth === 0;
  });
};

const depthChange = (hidden: Hidden): number => {
  const name = tagName(hidden) ?? '';
  if (['if', 'unless', 'case', 'comment'].includes(name)) return 1;
  return name.startsWith('end') ? -1 : 0;
};
