import type { Item, Value } from '#core/table';

/** Bytes of an item as it is billed here: its JSON, without writing it. */
export const sizeOfItem = (item: Item): number => lengthOf(item);

/** Of a value as JSON, without writing it. */
const lengthOf = (value: Value | undefined): number => {
  switch (typeof value) {
    case 'string':
      return lengthOfText(value);
    case 'number':
      return value >= 0 && value < 1e6 && Number.isInteger(value) ? digitsOf(value) : String(value).length;
    case 'boolean':
      return value ? 4 : 5;
    case 'object':
      if (value === null) return 4;
      return Array.isArray(value)
        ? value.reduce<number>((sum, it) => sum + lengthOf(it) + 1, value.length === 0 ? 2 : 1)
        : ofMap(value as Item);
    default:
      return 0;
  }
};

const ofMap = (map: Item): number => {
  let sum = 1;
  for (const name in map) {
    const value = map[name];
    if (value !== undefined) sum += lengthOfText(name) + lengthOf(value) + 2;
  }
  return sum === 1 ? 2 : sum;
};

const digitsOf = (whole: number): number =>
  whole < 10 ? 1 : whole < 100 ? 2 : whole < 1000 ? 3 : whole < 10_000 ? 4 : whole < 100_000 ? 5 : 6;

const lengthOfText = (text: string): number => {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Space to the tilde, without the quote and the backslash.
    if (code < 32 || code > 126 || code === 34 || code === 92) return escaped.test(text) ? JSON.stringify(text).length : text.length + 2;
  }
  return text.length + 2;
};

/** What JSON writes with more characters than it has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;
