import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKeys } from '#core/ports';

/** `keys`: by the name of the system that has it. Every key is compared, by digest, in constant time. */
export const createApiKeys = (keys: { readonly [system: string]: string }): ApiKeys => {
  const digests = Object.values(keys).map(digest);
  return {
    isKnown: (key) => {
      const given = digest(key);
      return digests.filter((it) => timingSafeEqual(it, given)).length > 0;
    },
  };
};

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
