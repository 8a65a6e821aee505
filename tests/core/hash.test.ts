import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBase36 } from '#core/base36';
import { drawsOf } from '#core/behaviour/draws';
import { fractionOf, fractionsOf } from '#core/hash';

describe('what texts decide', () => {
  it('is what it always was: leads must not change arms', () => {
    expect(fractionOf('')).toBe(0.6689221885924687);
    expect(fractionOf('lead-a trial split é')).toBe(0.9069482137703644);
  });

  it('is the same wherever the text is cut, and whoever was asked about before', () => {
    const draw = drawsOf('seed');
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom('lead-a', 'lead-b', ''), (one, other, lead) => {
        expect(fractionsOf(one)(other)).toBe(fractionOf(one + other));
        expect(draw(lead, other)).toBe(fractionOf(`seed ${lead} ${other}`));
      }),
    );
  });
});

it('writes numbers in base 36 as JavaScript does', () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(1300), fc.maxSafeNat(), fc.maxSafeInteger(), fc.double()), (number) => {
      expect(inBase36(number)).toBe(number.toString(36));
    }),
    { numRuns: 500 },
  );
});
