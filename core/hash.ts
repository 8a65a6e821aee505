/** A number from 0 up to (not including) 1 that depends on the text alone: 53 bits of two mixed FNV-1a hashes. Not for secrets. */
export const fractionOf = (text: string): number => fractionAfter(start, text);

/** Of many texts that begin alike: the beginning is gone through once. `fractionsOf(one)(other)` is `fractionOf(one + other)`. */
export const fractionsOf = (beginning: string): ((rest: string) => number) => {
  const begun = { high: hashed(start.high, beginning), low: hashed(start.low, beginning) };
  return (rest) => fractionAfter(begun, rest);
};

type Begun = { readonly high: number; readonly low: number };
const start: Begun = { high: 0x811c9dc5, low: 0x9e3779b9 };

const fractionAfter = ({ high, low }: Begun, text: string): number =>
  (mixed(hashed(high, text)) * 2 ** 21 + (mixed(hashed(low, text)) >>> 11)) / 2 ** 53;

const hashed = (begun: number, text: string): number => {
  let hash = begun;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
};

const mixed = (given: number): number => {
  let hash = Math.imul(given ^ (given >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
