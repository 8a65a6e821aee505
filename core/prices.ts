import * as z from 'zod';
import { type PriceUnit, priceList, priceListAsOf, unitNames } from './price-list.ts';
import { type SesPlan, sesPlanNames } from './ses-plans.ts';

/** US dollars for one unit. `ses`: by plan, the month's fee and an e-mail. */
export type Prices = { readonly region: string; readonly asOf: string } & { readonly [unit in PriceUnit]: number } & {
  readonly ses: { readonly [plan in SesPlan]: { readonly monthly: number; readonly email: number } };
};

const Usd = z.number().min(0);
/** `--prices file`: what you pay, where it differs from the list or the list does not know it. */
export const OwnPrices = z.strictObject({
  region: z.string().min(1),
  asOf: z.iso.date().optional(),
  units: z.partialRecord(z.enum(Object.keys(unitNames) as [PriceUnit, ...PriceUnit[]]), Usd).optional(),
  ses: z.partialRecord(z.enum(sesPlanNames as [SesPlan, ...SesPlan[]]), z.strictObject({ monthly: Usd, email: Usd })).optional(),
});
export type OwnPrices = z.output<typeof OwnPrices>;

/** Throws, in words, when a price of this Region is not known. */
export const pricesIn = (region: string, plan: SesPlan, own?: OwnPrices): Prices => {
  const listed = priceList[region];
  const mine = own?.region === region ? own : undefined;
  if (!listed && !mine) throw new Error(`${unknownRegion(region)}; give your own with --prices <file> (docs/cost.md)`);
  const units = { ...Object.fromEntries(Object.entries(listed?.units ?? {}).map(([unit, it]) => [unit, it.usd])), ...mine?.units };
  const ses = { ...listed?.ses?.plans, ...mine?.ses };
  const missing = [
    ...(Object.keys(unitNames) as PriceUnit[]).filter((it) => units[it] === undefined).map((it) => `${unitNames[it]} (${it})`),
    ...(ses[plan] === undefined ? [`SES: an e-mail on the plan ${plan} (ses.${plan})`] : []),
  ];
  if (missing.length > 0)
    throw new Error(
      [
        `of ${region} these prices have no source here, and none is guessed; add them with --prices <file> (docs/cost.md):`,
        ...missing,
      ].join('\n  '),
    );
  return { ...units, region, asOf: mine?.asOf ?? priceListAsOf, ses } as Prices;
};

const unknownRegion = (region: string): string =>
  `no price of ${region} is known here, and none is guessed; known are: ${Object.keys(priceList).join(', ')}`;

/** us-east-1, all plans. */
export const prices: Prices = pricesIn('us-east-1', 'a-la-carte');
