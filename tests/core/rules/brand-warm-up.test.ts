import { describe, expect, it } from 'vitest';
import { BrandShape, readBrand } from '#core/brand-schema';
import type { Problem } from '#core/problems';

const brand = (perDay: readonly number[], start = '2026-12-01') => ({
  company: 'Lintel',
  'postal-address': '14 Mill Row, Galway',
  sender: { name: 'Maeve', address: 'maeve@mail.lintel.example' },
  links: 'https://go.lintel.example',
  'time-zone': 'Europe/Dublin',
  topics: { tips: { label: 'Tips', consent: 'opt-in' } },
  'warm-up': { start, 'per-day': perDay },
});

const problemsOf = (perDay: readonly number[]) => {
  const found: { readonly severity?: Problem['severity']; readonly code: string; readonly at: string; readonly got?: string }[] = [];
  const read = readBrand(BrandShape.parse(brand(perDay)), (path, { severity, code, got }) =>
    found.push({ ...(severity && { severity }), code, at: path.join('.'), ...(got !== undefined && { got }) }),
  );
  expect(read.warmUp).toEqual({ start: '2026-12-01', perDay });
  return found;
};

describe('a warm-up in brand.yaml', () => {
  it.each([[[50]], [[50, 100, 200, 400]], [[10, 30, 90]], [[5, 5, 5]]])('%j is as it should be', (perDay) => {
    expect(problemsOf(perDay)).toEqual([]);
  });

  it('is doubted where it more than triples or shrinks, at that day', () => {
    expect(problemsOf([50, 151, 100, 100, 400])).toEqual([
      { severity: 'warning', code: 'steep-warm-up', at: 'warm-up.per-day.1', got: '151 after 50' },
      { severity: 'warning', code: 'shrinking-warm-up', at: 'warm-up.per-day.2', got: '100 after 151' },
      { severity: 'warning', code: 'steep-warm-up', at: 'warm-up.per-day.4', got: '400 after 100' },
    ]);
  });

  it.each([
    ['a start that is no date', brand([50], '2026-02-30')],
    ['a start with a time', brand([50], '2026-12-01T00:00:00Z')],
    ['no days', brand([])],
    ['a day of nothing', brand([0, 50])],
    ['half an e-mail', brand([50.5])],
    ['more than a year', brand(Array.from({ length: 366 }, () => 50))],
  ])('is refused with %s', (_, data) => {
    expect(BrandShape.safeParse(data).success).toBe(false);
  });
});
