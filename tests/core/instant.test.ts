import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, toEpoch, toInstant } from '#core/instant';

const runs = { numRuns: 2000 };
const yearZero = Date.parse('0000-01-01T00:00:00.000Z');
const end = Date.parse('9999-12-31T23:59:59.999Z');

describe('a moment', () => {
  it('is the one that Date says, both ways, in every year of four digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: yearZero, max: end }), (epoch) => {
        const text = new Date(epoch).toISOString();
        expect(toEpoch(text)).toBe(epoch);
        expect(toInstant(epoch)).toBe(text);
      }),
      runs,
    );
    for (const day of ['2000-02-29', '1900-02-28', '2100-03-01', '2400-02-29', '0000-03-01', '1970-01-01'])
      expect(toEpoch(`${day}T12:00:00.000Z`)).toBe(Date.parse(`${day}T12:00:00.000Z`));
  });

  it('is what Date makes of any text that looks like one, and an error where that is nothing', () => {
    const part = (most: number, digits: number) => fc.integer({ min: 0, max: most }).map((it) => String(it).padStart(digits, '0'));
    const texts = fc.oneof(
      fc
        .tuple(part(9999, 4), part(14, 2), part(33, 2), part(26, 2), part(61, 2), part(61, 2), part(999, 3))
        .map(([year, month, date, hour, minute, second, rest]) => `${year}-${month}-${date}T${hour}:${minute}:${second}.${rest}Z`),
      fc.string({ minLength: 24, maxLength: 24 }),
      fc.constantFrom(
        '2026-02-30T00:00:00.000Z',
        '2026-01-01T24:00:00.000Z',
        '2026-01-01T00:00:00Z',
        '2026-01-01',
        '2026-1a-01T00:00:00.000Z',
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const expected = Date.parse(text);
        if (Number.isNaN(expected)) expect(() => toEpoch(text)).toThrow(TypeError);
        else expect(toEpoch(text)).toBe(expected);
      }),
      runs,
    );
  });

  it('moves by seconds', () => {
    expect(addSeconds('2024-02-28T23:59:59.500Z', 1)).toBe('2024-02-29T00:00:00.500Z');
  });
});
