import type { Item, Update, Value } from '#core/table';

/** Bytes of an item as it is billed here: its JSON, without writing it. */
export const sizeOfItem = (item: Item): number => lengthOf(item);

/** The same of an item that an update made of another, by the attributes that it names: whoever counts into a row of many touches few. */
export const sizeAfter = (before: Item, bytesBefore: number, after: Item, update: Update): number => {
  let bytes = bytesBefore;
  const seen: string[] = [];
  const take = (name: string) => {
    if (seen.includes(name)) return;
    seen.push(name);
    bytes += lengthOfAttribute(name, after[name]) - lengthOfAttribute(name, before[name]);
  };
  for (const part of parts) for (const name in update[part]) take(name);
  if (update.remove) for (const name of update.remove) take(name);
  return bytes;
};
const parts = ['set', 'setIfAbsent', 'setIn', 'setInIfAbsent', 'removeIn', 'increase'] as const;

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
  for (const name in map) sum += lengthOfAttribute(name, map[name]);
  return sum === 1 ? 2 : sum;
};

/** With the colon, and the comma or bracket behind it. */
const lengthOfAttribute = (name: string, value: Value | undefined): number =>
  value === undefined ? 0 : lengthOfText(name) + lengthOf(value) + 2;

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
