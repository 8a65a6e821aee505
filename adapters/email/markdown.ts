import MarkdownIt from 'markdown-it';
import attrs from 'markdown-it-attrs';
import { didYouMean } from '#core/did-you-mean';
import type { Finding } from './source.ts';
import { isBlockTag, type Vault } from './vault.ts';

/** An e-mail's body, Liquid hidden: for the frame as MJML, and plain for the text part and the checks. */
export type Body = { readonly mjml: string; readonly html: string; readonly findings: readonly (Finding & { readonly near: string })[] };

export const renderMarkdown = (hidden: string, vault: Vault): Body => {
  const tokens = markdown.parse(ownLines(hidden, vault), {});
  const blocks = inBlocks(tokens);
  return {
    mjml: blocksToMjml(blocks, vault),
    html: unwrapBlockTags(markdown.renderer.render(tokens, markdown.options, {}), vault),
    findings: blocks.flatMap(findingsIn),
  };
};

type Token = ReturnType<ReturnType<typeof createMarkdown>['parse']>[number];
type Block = readonly Token[];

const createMarkdown = () => {
  const md = new MarkdownIt({ html: false, linkify: true, typographer: false }).use(attrs, {
    allowedAttributes: ['class', 'width', 'height'],
  });
  // Unsafe links must become problems, not silent text.
  md.validateLink = () => true;
  md.core.ruler.push('sizes', ({ tokens }) => tokens.forEach(keepSizesOfPictures));
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  return md;
};
const markdown = createMarkdown();

const sizes = ['width', 'height'];

/** `{width=560}` is for pictures, in pixels; anywhere else, or as anything else, it is dropped. */
const keepSizesOfPictures = (token: Token): void => {
  token.children?.forEach(keepSizesOfPictures);
  const isKept = ([name, value]: readonly [string, unknown]) =>
    !sizes.includes(name) || (token.type === 'image' && /^[1-9]\d{0,3}$/.test(String(value)));
  if (token.attrs) token.attrs = token.attrs.filter(isKept);
};

/** A line with nothing but {% … %} is a block of its own, wherever it stands. */
const ownLines = (hidden: string, vault: Vault): string =>
  hidden
    .split(/\r?\n/)
    .map((line) => (/^\S/.test(line) && isOnlyBlockTags(line, vault) ? `\n${line.trim()}\n` : line))
    .join('\n');

const isOnlyBlockTags = (text: string, vault: Vault): boolean => {
  const words = vault.find(text).filter((it) => isBlockTag(it.hidden));
  return (
    words.length > 0 &&
    vault
      .reveal(text)
      .replace(/\{%[\s\S]*?%\}/g, '')
      .trim() === ''
  );
};

const unwrapBlockTags = (html: string, vault: Vault): string =>
  html.replace(/<p>([^<]*)<\/p>/g, (whole, inner: string) => (isOnlyBlockTags(inner, vault) ? inner : whole));

const inBlocks = (tokens: readonly Token[]): readonly Block[] => {
  const blocks: Token[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) blocks.push([]);
    blocks.at(-1)?.push(token);
    depth += token.nesting;
  }
  return blocks;
};

/** Runs of text become one mj-text; buttons, pictures, rules and lone Liquid tags become elements of their own. */
const blocksToMjml = (blocks: readonly Block[], vault: Vault): string => {
  const parts: string[] = [];
  let text: Token[] = [];
  const flush = () => {
    const html = text.length > 0 ? unwrapBlockTags(markdown.renderer.render(text, markdown.options, {}), vault) : '';
    if (html) parts.push(`<mj-text css-class="prose">${html.trim()}</mj-text>`);
    text = [];
  };
  for (const block of blocks) {
    const own = asElement(block, vault);
    if (own === undefined) {
      text.push(...block);
      continue;
    }
    flush();
    parts.push(own);
  }
  flush();
  return parts.join('\n');
};

const asElement = (block: Block, vault: Vault): string | undefined => {
  if (block[0]?.type === 'hr') return '<mj-divider />';
  const words = spoken(block);
  const [first] = words;
  if (!first) return undefined;
  const inline = words.map((it) => it.content).join('');
  if (words.every((it) => it.type === 'text') && isOnlyBlockTags(inline, vault)) return `<mj-raw>${inline.trim()}</mj-raw>`;
  if (first.type === 'image' && words.length === 1) {
    const width = attribute(first, 'width');
    const size = width === '' ? '' : ` width="${width}px"`;
    return `<mj-image src="${escaped(attribute(first, 'src'))}" alt="${escaped(first.content)}"${size} />`;
  }
  if (isButton(first) && isOneLink(words)) {
    const label = markdown.renderer.render([inlineOf(words.slice(1, -1))], markdown.options, {});
    return `<mj-button href="${escaped(attribute(first, 'href'))}">${label}</mj-button>`;
  }
  return undefined;
};

/** What a paragraph says, without blanks around it. */
const spoken = (block: Block): readonly Token[] =>
  block[0]?.type === 'paragraph_open' ? (block[1]?.children ?? []).filter((it) => it.type !== 'text' || it.content.trim() !== '') : [];

const isButton = (token: Token): boolean => token.type === 'link_open' && classesOf(token).includes('button');
const isOneLink = (words: readonly Token[]): boolean =>
  words.at(-1)?.type === 'link_close' && words.filter((it) => it.type === 'link_open').length === 1;
const classesOf = (token: Token): readonly string[] => attribute(token, 'class').split(' ').filter(Boolean);

const inlineOf = (children: readonly Token[]): Token => {
  const [inline] = markdown.parseInline('', {});
  if (!inline) throw new TypeError('markdown-it gave no token');
  inline.children = [...children];
  return inline;
};

const attribute = (token: Token, name: string): string => String(token.attrGet(name) ?? '');
const escaped = (value: string): string => markdown.utils.escapeHtml(value);

/** What a marketer would only notice in the inbox. `near` is a text to find the place by. */
const findingsIn = (block: Block): readonly (Finding & { near: string })[] =>
  block.flatMap((token) => [...classFindings(token, token.content), ...(token.children ?? []).flatMap((it) => inlineFindings(it, block))]);

const inlineFindings = (it: Token, block: Block): readonly (Finding & { near: string })[] => {
  const href = attribute(it, 'href');
  if (isButton(it) && !isOneLink(spoken(block))) {
    return [
      {
        near: href,
        code: 'button-not-alone',
        what: 'a button needs a paragraph of its own',
        allowed: 'an empty line before and after [label](link){.button}',
      },
    ];
  }
  if (it.type === 'image' && it.content.trim() === '') {
    const src = attribute(it, 'src');
    return [
      {
        near: src,
        code: 'picture-without-words',
        what: 'this picture says nothing to those who cannot see it',
        allowed: '![what it shows](link)',
      },
    ];
  }
  const torn = it.type === 'text' ? /\]\s+\($/.exec(it.content)?.[0] : undefined;
  if (torn !== undefined) {
    const what = 'a space stands between a label and its link, so both are shown as they are written';
    return [{ near: torn, severity: 'warning', code: 'torn-link', what, allowed: '[label](link), without a space' }];
  }
  const tag = it.type === 'text' ? /<\/?[a-z][^<>]*>/i.exec(it.content)?.[0] : undefined;
  if (tag === undefined) return classFindings(it, href);
  return [
    {
      near: tag,
      code: 'html-in-markdown',
      what: 'HTML in Markdown would be shown as it is written',
      got: tag,
      hint: 'write Markdown, or the whole e-mail as .mjml',
    },
  ];
};

const classFindings = (token: Token, near: string): readonly (Finding & { near: string })[] =>
  classesOf(token)
    .filter((it) => it !== 'button' && !it.startsWith('language-'))
    .map((it) => ({
      near: near === '' ? `.${it}` : near,
      code: 'unknown-class',
      what: `there is no style ".${it}"`,
      got: it,
      allowed: '.button',
      ...(didYouMean(it, ['button']) !== undefined && { hint: 'did you mean ".button"?' }),
    }));
