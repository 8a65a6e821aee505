import { type Document, isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml';
import type { Problem } from './problems.ts';

type Words = Pick<Problem, 'what' | 'got' | 'allowed' | 'hint'>;
/** `at`: how many characters stand before it. */
export type YamlTrouble = { readonly at: number; readonly words: Words };

/**
 * What is wrong with the text of a YAML file, for somebody who does not write YAML every day, and where that began. After one slip
 * YAML finds fault with most that follows: of all but keys that stand twice, only the first is told.
 */
export const yamlTroubles = (document: Document, text: string): readonly YamlTrouble[] => {
  const errors = [...document.errors].sort((one, other) => one.pos[0] - other.pos[0]);
  const first = errors.find((it) => it.code === 'TAB_AS_INDENT') ?? errors.find((it) => it.code !== 'DUPLICATE_KEY');
  const told = errors.filter((it) => it === first || it.code === 'DUPLICATE_KEY');
  return told.map((it) => {
    const { at, ...words } = troubleOf(it, document, text);
    const rest = lineFrom(text, at);
    return { at, words: { ...(rest !== '' && { got: rest }), ...words } };
  });
};

type Found = Words & { readonly at: number };

const troubleOf = (error: YAMLError, document: Document, text: string): Found => {
  const at = error.pos[0];
  const open = openAt(document, at, text);
  if (open && 'quote' in open) return { at: open.at, ...(error.code === 'MISSING_CHAR' ? quoteOpen : quoteTooSoon) };
  if (open && isUnclosed(error))
    return {
      at: open.at,
      what: `this ${open.bracket} is not closed`,
      allowed: open.bracket === '{' ? '} at its end' : '] at its end',
    };
  const dash = dashBefore(text, at);
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && dash !== undefined)
    return { at: dash, what: 'there is no space after this -', allowed: '- name: …' };
  if (error.code === 'MULTILINE_IMPLICIT_KEY' && !/:(\s|$)/.test(lineFrom(text, at)))
    return { at, what: 'there is no colon after the key on this line', allowed: 'key: value, with a space after the colon' };
  return { at, ...(words[error.code]?.(error.message) ?? { what: `this is not valid YAML: ${error.message}` }) };
};

type Open = { readonly at: number } & ({ readonly quote: true } | { readonly bracket: string });

/** What YAML took to go on until there, where it stumbled: a text in quotation marks, else the innermost { or [. */
const openAt = (document: Document, stumbled: number, text: string): Open | undefined => {
  let found: Open | undefined;
  visit(document, {
    Node: (_, node: Node) => {
      const [from, to] = node.range ?? [0, Number.POSITIVE_INFINITY];
      if (to > stumbled || text.slice(to, stumbled).trim() !== '' || (found && 'quote' in found)) return;
      if (isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')) found = { at: from, quote: true };
      else if (isCollection(node) && node.flow) found = { at: from, bracket: text[from] ?? '{' };
    },
  });
  return found;
};

/** Where the line before says `-name` instead of `- name`. */
const dashBefore = (text: string, at: number): number | undefined => {
  const end = text.lastIndexOf('\n', at - 1);
  const start = text.lastIndexOf('\n', end - 1) + 1;
  const dash = end < 0 ? undefined : /^ *-(?=[^\s-])/.exec(text.slice(start, end));
  return dash ? start + dash[0].length - 1 : undefined;
};

const lineFrom = (text: string, at: number): string => {
  const rest = text.slice(at).split(/\r?\n/, 1)[0]?.trim() ?? '';
  return rest.length > 60 ? `${rest.slice(0, 57)}…` : rest;
};

const quoteOpen: Words = { what: 'this quotation mark is not closed', allowed: 'the same mark before and after the text' };
const quoteTooSoon: Words = {
  what: 'more follows after the quotation mark that ends this text',
  allowed: 'one mark before and one after the whole text; "…" around a text with an apostrophe in it',
};
const colon: Words = {
  what: 'there is a colon too many on a line, or the line before it is not finished',
  allowed: 'one "key: value" a line; quotation marks around a text with a colon in it: "…"',
};

const words: { readonly [code in YAMLError['code']]?: (message: string) => Words } = {
  TAB_AS_INDENT: () => ({ what: 'a line begins with a tab', got: 'a tab', allowed: 'spaces, two for each step inwards' }),
  DUPLICATE_KEY: () => ({ what: 'this key stands here twice', allowed: 'each key once in a block' }),
  BAD_INDENT: () => ({
    what: 'this line does not begin below the one that it belongs to',
    allowed: 'the same number of spaces before all keys of a block',
  }),
  MISSING_CHAR: () => ({ what: 'something above is not closed', allowed: 'a } for each {, a ] for each [, the same mark around a text' }),
  BLOCK_AS_IMPLICIT_KEY: () => colon,
  MULTILINE_IMPLICIT_KEY: () => colon,
  BAD_SCALAR_START: () => ({ what: 'a text cannot begin like this', allowed: 'quotation marks around it: "…"' }),
  UNEXPECTED_TOKEN: (message) =>
    /flow-(map|seq)-end/.test(message)
      ? { what: 'there is a } or ] too many', allowed: 'a } for each {, a ] for each [' }
      : {
          what: 'this does not belong to what stands before it',
          allowed: 'quotation marks around the whole of a text that begins with {, [ or a quotation mark',
        },
};

const isUnclosed = ({ code, message }: YAMLError): boolean =>
  (code === 'BAD_INDENT' || code === 'MISSING_CHAR') && /must be sufficiently indented|end with a/.test(message);
