/** A stable 32-bit hash of a text (FNV-1a, then mixed so that neighbours differ in every bit). Not for secrets. */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** In [0, 1), the same for the same text. */
export const unitOf = (text: string): number => hashText(text) / 2 ** 32;
