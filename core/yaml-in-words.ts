import type { YAMLError } from 'yaml';
import type { Problem } from './problems.ts';

type Words = Pick<Problem, 'what' | 'got' | 'allowed' | 'hint'>;

/** What is wrong with the text of a YAML file, for somebody who does not write YAML every day. */
export const yamlInWords = ({ code, message, pos: [from] }: Pick<YAMLError, 'code' | 'message' | 'pos'>, text: string): Words => {
  const rest = text.slice(from).split(/\r?\n/, 1)[0]?.trim() ?? '';
  const got = rest === '' ? {} : { got: rest.length > 60 ? `${rest.slice(0, 57)}…` : rest };
  const known = words[code]?.(message);
  return known ? { ...got, ...known } : { what: `this is not valid YAML: ${message}`, ...got };
};

const words: { readonly [code in YAMLError['code']]?: (message: string) => Words } = {
  TAB_AS_INDENT: () => ({ what: 'a line begins with a tab', got: 'a tab', allowed: 'spaces, two for each step inwards' }),
  DUPLICATE_KEY: () => ({ what: 'this key stands here twice', allowed: 'each key once in a block' }),
  BAD_INDENT: (message) =>
    isUnclosed(message)
      ? unclosed
      : {
          what: 'this line does not begin below the one that it belongs to',
          allowed: 'the same number of spaces before all keys of a block',
        },
  MISSING_CHAR: (message) =>
    message.includes('quote') ? { what: 'a quotation mark is not closed', allowed: 'the same mark before and after the text' } : unclosed,
  BLOCK_AS_IMPLICIT_KEY: () => colon,
  MULTILINE_IMPLICIT_KEY: () => colon,
  BAD_SCALAR_START: () => ({ what: 'a text cannot begin like this', allowed: 'quotation marks around it: "…"' }),
};

const isUnclosed = (message: string): boolean => /must be sufficiently indented|end with a/.test(message);
const unclosed: Words = { what: 'a { or [ above is not closed', allowed: 'a } for each {, a ] for each [' };
const colon: Words = {
  what: 'there is a colon too many on a line, or the line before it is not finished',
  allowed: 'one "key: value" a line; quotation marks around a text with a colon in it: "…"',
};
