/** Offered on pages; ISO 4217. */
export const usualCurrencies = [
  'EUR',
  'USD',
  'GBP',
  'CHF',
  'SEK',
  'NOK',
  'DKK',
  'PLN',
  'CZK',
  'HUF',
  'RON',
  'BGN',
  'TRY',
  'CAD',
  'AUD',
  'NZD',
  'JPY',
  'CNY',
  'HKD',
  'SGD',
  'INR',
  'KRW',
  'BRL',
  'MXN',
  'ZAR',
  'AED',
  'ILS',
  'ISK',
] as const;

const known = new Set(Intl.supportedValuesOf('currency'));

export const isCurrency = (code: string): boolean => known.has(code);

/**
 * An amount as people write it: `12500`, `12,500.00`, `12.500,00`, `12 500`, `€ 12,500`. One sign before three last digits separates
 * thousands. undefined: it cannot be told what is meant.
 */
export const parseAmount = (text: string): number | undefined => {
  const bare = text
    .trim()
    .replace(/^[\p{Sc}\s]+|[\p{Sc}\s]+$|[.,]-+$/gu, '')
    .replace(/['’\s\u00a0\u202f]/gu, ' ');
  const found = /^(?<whole>\d+|\d{1,3}(?<sign>[., ])\d{3}(?:\k<sign>\d{3})*)(?:[.,](?<fraction>\d{1,2}))?$/.exec(bare)?.groups;
  const { whole, fraction = '' } = found ?? {};
  if (whole === undefined) return undefined;
  const amount = Number(`${whole.replace(/[., ]/g, '')}${fraction === '' ? '' : `.${fraction}`}`);
  return amount <= 1e12 ? amount : undefined;
};
