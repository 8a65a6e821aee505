/**
 * What SES asks for an e-mail, by plan, in US dollars in us-east-1: `monthly` is the plan's own fee, `email` the price of the first
 * ten million a month. Read from AWS's price list of 2026-07-22 (source `ses` in price-list.ts).
 */
export const sesPlans = {
  'a-la-carte': { monthly: 0, email: 0.1 / 1000 },
  essentials: { monthly: 0, email: 0.16 / 1000 },
  pro: { monthly: 105, email: 0.22 / 1000 },
  enterprise: { monthly: 500, email: 0.23 / 1000 },
} as const;
export type SesPlan = keyof typeof sesPlans;
export const sesPlanNames = Object.keys(sesPlans) as readonly SesPlan[];
