import { Tokenizer, TypeGuards } from 'liquidjs';
import { createLiquid } from './liquid.ts';
import type { Piece, Source } from './source.ts';

/** One `{{ … }}` or `{% … %}` as written, and where. */
export type Hidden = { readonly text: string; readonly source: Source; readonly offset: number };

/** Stands in for Liquid while Markdown, MJML and the minifier work: a plain word that none of them touches. */
export type Vault = {
  readonly hide: (source: Source, piece: Piece) => string;
  readonly reveal: (text: string) => string;
  readonly get: (index: number) => Hidden;
  /** The stand-ins in a text, in order. */
  readonly find: (text: string) => readonly { readonly hidden: Hidden; readonly index: number }[];
};

/** A word that none of the texts holds, so that nothing else can look like a stand-in. */
export const createVault = (texts: readonly string[]): Vault => {
  let mark = 'zqliquid';
  while (texts.some((it) => it.toLowerCase().includes(mark))) mark += 'q';
  const standIn = new RegExp(`${mark}(\\d+)end`, 'g');
  const kept: Hidden[] = [];
  const get = (index: number): Hidden => {
    const hidden = kept[index];
    if (!hidden) throw new RangeError(`there is no stand-in ${index}`);
    return hidden;
  };
  return {
    get,
    hide: (source, piece) =>
      cut(piece.text)
        .map(({ text, begin, isLiquid }) => {
          if (!isLiquid) return text;
          kept.push({ text, source, offset: piece.offsetOf(begin) });
          return `${mark}${kept.length - 1}end`;
        })
        .join(''),
    reveal: (text) => text.replace(standIn, (_, index: string) => get(Number(index)).text),
    find: (text) => [...text.matchAll(standIn)].map((it) => ({ hidden: get(Number(it[1])), index: it.index })),
  };
};

export const isBlockTag = (hidden: Hidden): boolean => hidden.text.startsWith('{%');

/** `if`, `endif`, `else`, …; undefined for an output. */
export const tagName = (hidden: Hidden): string | undefined => /^\{%-?\s*(\w+)/.exec(hidden.text)?.[1];

export const isOutputOf = (hidden: Hidden, name: string): boolean => hidden.text.replace(/^\{\{-?\s*|\s*-?\}\}$/g, '') === name;

const engine = createLiquid('text');

const cut = (text: string) =>
  new Tokenizer(text).readTopLevelTokens(engine.options).map((token) => ({
    text: text.slice(token.begin, token.end),
    begin: token.begin,
    isLiquid: !TypeGuards.isHTMLToken(token),
  }));
