import * as z from 'zod';

const Finite = z.number();
const Share = z.number().min(0).max(1);
const Interval = z.strictObject({ value: Finite, low: Finite, high: Finite });

/** `mean`: of the slot over the leads that it was learnt from; what is reported of a lead is the difference from it. */
const Slot = z.strictObject({
  slot: z.enum(['value', 'level', 'other', 'missing']),
  level: z.string().optional(),
  weight: Finite,
  mean: Finite,
});
const slots = z.array(Slot).min(1);
const column = z.string().min(1);

/** Numbers are bounded (`low`, `high`), filled in (`fill`) where missing, and standardised. */
const NumberColumn = z.strictObject({
  kind: z.literal('number'),
  column,
  decimal: z.enum(['.', ',']),
  low: Finite,
  high: Finite,
  fill: Finite,
  mean: Finite,
  scale: Finite.positive(),
  slots,
});
/** A slot a level; rare ones share `other`. */
const CategoryColumn = z.strictObject({ kind: z.literal('category'), column, slots });
/** Too many levels for a slot each: each stands for its log-odds against the average, drawn to 0 where it is rare. */
const RatesColumn = z.strictObject({
  kind: z.literal('rates'),
  column,
  levels: z.array(z.strictObject({ level: z.string(), logOdds: Finite })),
  missing: Finite,
  mean: Finite,
  scale: Finite.positive(),
  slots,
});
export const ModelColumn = z.discriminatedUnion('kind', [NumberColumn, CategoryColumn, RatesColumn]);
export type ModelColumn = z.output<typeof ModelColumn>;

export const modelFormat = 'baton.prediction/1';

/** marketing/prediction.json: written by `baton score --train`, read by people in review, and by `predict`. No personal data. */
export const PredictionModel = z.strictObject({
  format: z.literal(modelFormat),
  trainedOn: z.iso.date(),
  source: z.enum(['leads', 'file']),
  label: z.string(),
  positive: z.string(),
  counts: z.strictObject({
    rows: z.number().int(),
    positive: z.number().int(),
    trained: z.number().int(),
    heldOut: z.number().int(),
    withoutOutcome: z.number().int(),
    repeated: z.number().int(),
  }),
  baseRate: Share,
  l2: Finite.positive(),
  intercept: Finite,
  /** The log-odds of the weights become calibrated ones: slope times them, plus intercept. */
  calibration: z.strictObject({ slope: Finite, intercept: Finite }),
  columns: z.array(ModelColumn),
  heldOut: z.strictObject({
    auc: Interval,
    baseline: z.strictObject({ of: z.enum(['rules', 'chance']), auc: Finite }),
    /** By how much it beats the baseline, on the same rows. */
    gain: Interval,
    brier: Finite,
    brierOfBaseRate: Finite,
    bins: z.array(z.strictObject({ count: z.number().int(), predicted: Share, observed: Share })),
  }),
  notUsed: z.array(z.strictObject({ column: z.string(), because: z.string() })),
  warnings: z.array(z.string()),
});
export type PredictionModel = z.output<typeof PredictionModel>;
