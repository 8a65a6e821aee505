import { meantHint } from '#core/did-you-mean';
import type { Problem } from '#core/problems';
import { type Piece, problemAt, type Source } from './source.ts';

/** Texts that several e-mails share, by name: `marketing/partials/signature.md`. */
export type Partials = { readonly [name: string]: Source };

const tag = /\{%-?\s*render\s+(['"])([^'"]*)\1\s*-?%\}/g;

/**
 * Puts partials in place of their `{% render 'signature' %}`, when the e-mail is compiled: the Lambda never looks anything up.
 * A problem inside a partial is told at the place that renders it. Partials hold no partials, so that none can hold itself.
 */
export const withPartials = (
  source: Source,
  piece: Piece,
  partials: Partials,
): { readonly piece: Piece; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const parts: { readonly text: string; readonly from: number; readonly isOwn: boolean }[] = [];
  let end = 0;
  for (const found of piece.text.matchAll(tag)) {
    const [whole, , name = ''] = found;
    parts.push({ text: piece.text.slice(end, found.index), from: end, isOwn: true });
    end = found.index + whole.length;
    const partial = partials[name];
    const problem = partial ? nested(partial, name) : unknownPartial(name, partials);
    if (problem) problems.push(problemAt(source, piece.offsetOf(found.index), problem));
    parts.push({ text: problem ? '' : (partial?.text.trim() ?? ''), from: found.index, isOwn: false });
  }
  parts.push({ text: piece.text.slice(end), from: end, isOwn: true });
  return { piece: { text: parts.map((it) => it.text).join(''), offsetOf: (index) => piece.offsetOf(placeIn(parts, index)) }, problems };
};

type Part = { readonly text: string; readonly from: number; readonly isOwn: boolean };

/** Where a character of the whole stands in the piece as it was written. */
const placeIn = (parts: readonly Part[], index: number): number => {
  let left = index;
  for (const { text, from, isOwn } of parts) {
    if (left <= text.length) return isOwn ? from + left : from;
    left -= text.length;
  }
  return parts.at(-1)?.from ?? 0;
};

const nested = ({ text }: Source, name: string) =>
  text.search(tag) < 0
    ? undefined
    : { code: 'nested-partial', what: `the partial "${name}" renders another one`, allowed: 'text, Markdown and merge fields' };

const unknownPartial = (name: string, partials: Partials) => {
  const names = Object.keys(partials).sort();
  return {
    code: 'unknown-partial',
    what: `there is no partial "${name}"`,
    got: name,
    allowed: names.length > 0 ? names.join(', ') : `a file partials/${name}.md`,
    ...meantHint(name, names),
  };
};
