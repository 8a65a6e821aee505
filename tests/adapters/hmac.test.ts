import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { macBy } from '#adapters/crypto/hmac';

it('a MAC is what node:crypto makes of the same key, one after the other, whatever the lengths', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(fc.oneof(bytes, fc.string()), fc.array(fc.oneof(bytes, fc.string({ unit: 'grapheme' })), { maxLength: 5 }), (key, all) => {
      const mac = macBy(key);
      for (const it of all) expect(mac(it)).toBe(createHmac('sha256', key).update(it).digest('base64url'));
    }),
    { numRuns: 300 },
  );
});
