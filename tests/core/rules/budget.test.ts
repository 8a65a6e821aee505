import { describe, expect, it } from 'vitest';
import { BrandShape, readBrand } from '#core/brand-schema';
import {
  allowanceAt,
  emailsFor,
  emailUsd,
  fixedUsd,
  isExemptFromBudget,
  newsOf,
  nextLookAt,
  standingUsd,
  usualEngineToSes,
} from '#core/budget';
import { standingCost, usualPricing } from '#core/cost';
import { sesPlanNames } from '#core/ses-plans';

const budget = { usd: 200, sesPlan: 'essentials' } as const;

describe('what a month’s budget is enough for', () => {
  it('is e-mails with all that surrounds them, after what stands there anyway', () => {
    expect(emailsFor(budget)).toEqual({ most: Math.floor(182 / 0.00028), warnFrom: Math.ceil(Math.floor(182 / 0.00028) * 0.8) });
    expect(emailsFor({ usd: 106, sesPlan: 'pro' }).most).toBe(0);
    for (const sesPlan of sesPlanNames)
      for (const emails of [1, 7, 100_000])
        expect(emailsFor({ sesPlan, usd: fixedUsd(sesPlan) + emails * emailUsd({ sesPlan }) }).most).toBe(emails);
  });

  it('is counted with prices that the price list and the bench hold up', () => {
    expect(standingCost(usualPricing).total).toBeLessThanOrEqual(standingUsd);
    expect(emailUsd({ sesPlan: 'a-la-carte' })).toBeCloseTo(0.0001 * (1 + usualEngineToSes));
  });

  it('is for a month of the brand’s zone', () => {
    const at = (timeZone: string, moment: string) => allowanceAt({ budget, timeZone }, moment);
    expect(at('Europe/Dublin', '2026-03-31T22:59:59.000Z')).toMatchObject({ month: '2026-03', nextMonthAt: '2026-03-31T23:00:00.000Z' });
    expect(at('Europe/Dublin', '2026-03-31T23:00:00.000Z')).toMatchObject({ month: '2026-04', usd: 200 });
    expect(at('America/New_York', '2026-12-31T23:00:00.000Z')).toMatchObject({ month: '2026-12', nextMonthAt: '2027-01-01T05:00:00.000Z' });
    expect(allowanceAt({ timeZone: 'Europe/Dublin' }, '2026-03-31T23:00:00.000Z')).toBeUndefined();
  });

  it('has those who wait look on the first of the month, or in a week', () => {
    const look = (from: string) =>
      nextLookAt({ ...emailsFor(budget), month: '2026-04', usd: 200, nextMonthAt: '2026-05-01T00:00:00.000Z' }, from);
    expect(look('2026-04-03T10:00:00.000Z')).toBe('2026-04-10T10:00:00.000Z');
    expect(look('2026-04-28T10:00:00.000Z')).toBe('2026-05-01T00:00:00.000Z');
  });

  it('tells at four fifths and at the end', () => {
    const all = { most: 10, warnFrom: 8 };
    expect([7, 8, 9, 10, 11].map((it) => newsOf(it, all))).toEqual([undefined, 'nearly', 'nearly', 'spent', 'spent']);
    expect(newsOf(0, { most: 0, warnFrom: 0 })).toBe('spent');
  });

  it('holds back nothing that somebody waits for', () => {
    expect(isExemptFromBudget({ lawfulBasis: 'consent' }, {})).toBe(false);
    expect(isExemptFromBudget({ lawfulBasis: 'legitimate-interest' }, undefined)).toBe(false);
    expect(isExemptFromBudget({ lawfulBasis: 'consent' }, { transactional: true })).toBe(true);
    expect(isExemptFromBudget({ lawfulBasis: 'contract' }, {})).toBe(true);
    expect(isExemptFromBudget({ lawfulBasis: 'confirmation' }, {})).toBe(true);
  });
});

describe('a budget in brand.yaml', () => {
  const brand = (budget: object) => ({
    company: 'Lintel',
    'postal-address': '14 Mill Row, Galway',
    sender: { name: 'Maeve', address: 'maeve@mail.lintel.example' },
    links: 'https://go.lintel.example',
    'time-zone': 'Europe/Dublin',
    topics: { tips: { label: 'Tips', consent: 'opt-in' } },
    budget,
  });
  const read = (budget: object) => {
    const codes: string[] = [];
    const { budget: found } = readBrand(BrandShape.parse(brand(budget)), (path, { code }) => codes.push(`${code} at ${path.join('.')}`));
    return { found, codes };
  };

  it('is for the plan that new accounts have, unless it says which', () => {
    expect(read({ usd: 200, per: 'month' })).toEqual({ found: { usd: 200, sesPlan: 'essentials' }, codes: [] });
    const more = { 'ses-plan': 'a-la-carte', tell: 'ana@lintel.example' };
    expect(read({ usd: 200, per: 'month', ...more }).found).toEqual({ usd: 200, sesPlan: 'a-la-carte', tell: 'ana@lintel.example' });
  });

  it('must pay for an e-mail', () => {
    expect(read({ usd: 18, per: 'month' }).codes).toEqual(['budget-too-small at budget.usd']);
    expect(read({ usd: 19, per: 'month' }).codes).toEqual([]);
    expect(read({ usd: 122, per: 'month', 'ses-plan': 'pro' }).codes).toEqual(['budget-too-small at budget.usd']);
  });

  it.each([
    { usd: 200 },
    { usd: '200', per: 'month' },
    { usd: 200, per: 'week' },
    { usd: -1, per: 'month' },
    { usd: 9, per: 'month', plan: 'pro' },
  ])('is refused as %j', (budget) => expect(BrandShape.safeParse(brand(budget)).success).toBe(false));
});
