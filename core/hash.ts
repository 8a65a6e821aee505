/** A number from 0 up to (not including) 1 that depends on the text alone: 53 bits of two mixed FNV-1a hashes. Not for secrets. */
export const fractionOf = (text: string): number => {
  const high = mixed(text, 0x811c9dc5);
  const low = mixed(text, 0x9e3779b9);
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
};

const mixed = (text: string, seed: number): number => {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
