import * as z from 'zod';
import { type PriceUnit, priceList, priceListAsOf, pricesEverywhere, unitNames } from './price-list.ts';
import { type SesPlan, sesPlanNames } from './ses-plans.ts';

/** US dollars for one unit. `ses`: by plan, the month's fee and an e-mail. */
export type Prices = { readonly region: string; readonly asOf: string; readonly own?: OwnUse } & {
  readonly [unit in PriceUnit]: number;
} & {
  readonly ses: { readonly [plan in SesPlan]: { readonly monthly: number; readonly email: number } };
};

/** That a file of the user's was read, and whose list stands in for what neither it nor the Region's own list has. */
export type OwnUse = { readonly base?: string };

const Usd = z.number().min(0);
/** `--prices file`: what you pay, where it differs from the list or the list does not know it. */
export const OwnPrices = z.strictObject({
  region: z.string().min(1),
  asOf: z.iso.date('a day such as 2026-11-20: when you read them'),
  base: z.string().min(1).optional(),
  units: z.partialRecord(z.enum(Object.keys(unitNames) as [PriceUnit, ...PriceUnit[]]), Usd).optional(),
  ses: z.partialRecord(z.enum(sesPlanNames as [SesPlan, ...SesPlan[]]), z.strictObject({ monthly: Usd, email: Usd })).optional(),
});
export type OwnPrices = z.output<typeof OwnPrices>;

/** Throws, in words, when a price of this Region is not known. */
export const pricesIn = (region: string, plan: SesPlan, own?: OwnPrices): Prices => {
  const listed = priceList[region];
  const mine = own?.region === region ? own : undefined;
  const base = mine?.base === undefined ? undefined : priceList[mine.base];
  if (mine?.base !== undefined && !base) throw new Error(`base: ${unknownRegion(mine.base)}`);
  if (!listed && !mine) throw new Error(`${unknownRegion(region)}; give your own with --prices <file> (docs/cost.md)`);
  const units = { ...usdOf(pricesEverywhere), ...usdOf(base), ...usdOf(listed), ...mine?.units };
  const ses = { ...base?.ses?.plans, ...listed?.ses?.plans, ...mine?.ses };
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
  const used = mine && { own: { ...(mine.base !== undefined && { base: mine.base }) } };
  return { ...units, region, asOf: mine?.asOf ?? priceListAsOf, ses, ...used } as Prices;
};

const usdOf = (listed: (typeof priceList)[string] | undefined): { readonly [unit: string]: number } =>
  Object.fromEntries(Object.entries(listed?.units ?? {}).map(([unit, it]) => [unit, it.usd]));

const unknownRegion = (region: string): string =>
  `no price of ${region} is known here, and none is guessed; known are: ${Object.keys(priceList).join(', ')}`;

/** us-east-1, all plans. */
export const prices: Prices = pricesIn('us-east-1', 'a-la-carte');
