import type { Plan } from './columns.ts';
import { warnOfLeaks } from './leakage.ts';
import { aucOf, binsOf, brierOf, gainOf, type Interval } from './measure.ts';
import type { PredictionModel } from './model.ts';
import { predict, rawLogit } from './predict.ts';
import { refuse } from './refusal.ts';
import type { Example } from './split.ts';

/** More are not used. */
export const mostRows = 200_000;

/** On rows that took no part in the fit. */
export const measure = (
  fitted: Omit<PredictionModel, 'heldOut' | 'notUsed' | 'warnings'>,
  heldOut: readonly Example[],
  baseline: string | undefined,
): PredictionModel['heldOut'] => {
  const labels = heldOut.map((it) => it.label);
  const model = { ...fitted, notUsed: [], warnings: [] } as unknown as PredictionModel;
  const chances = heldOut.map(({ row }) => predict(model, row).probability);
  const scores = heldOut.map(({ row }) => rawLogit(model, row) * Math.sign(fitted.calibration.slope));
  const against = heldOut.map((it) => (baseline === undefined ? 0 : (it.baseline ?? 0)));
  return {
    auc: roundInterval(aucOf(scores, labels)),
    baseline: { of: baseline === undefined ? 'chance' : 'rules', auc: round(aucOf(against, labels).value) },
    gain: roundInterval(gainOf(scores, against, labels)),
    brier: round(brierOf(chances, labels)),
    brierOfBaseRate: round(
      brierOf(
        labels.map(() => fitted.baseRate),
        labels,
      ),
    ),
    bins: binsOf(chances, labels).map((it) => ({ count: it.count, predicted: round(it.predicted), observed: round(it.observed) })),
  };
};

/** The whole interval of the gain must be above zero. */
export const refuseUnlessBetter = ({ auc, baseline, gain }: PredictionModel['heldOut'], column: string | undefined): void => {
  if (gain.low > 0) return;
  const than = baseline.of === 'rules' ? `the rules (“${column}”, AUC ${baseline.auc.toFixed(2)})` : 'chance (AUC 0.50)';
  refuse(
    `on rows that it had not seen, the model does not beat ${than} beyond doubt: AUC ${auc.value.toFixed(2)}, difference ${gain.low.toFixed(2)} to ${gain.high.toFixed(2)}. ` +
      'More outcomes, or columns that tell more, may change that; no file was written',
  );
};

type WarnParts = {
  readonly plans: readonly Plan[];
  readonly learnt: readonly Example[];
  readonly measured: PredictionModel['heldOut'];
  readonly slope: number;
  readonly repeated: number;
  readonly rows: number;
};

export const warningsOf = ({ plans, learnt, measured, slope, repeated, rows }: WarnParts): string[] => [
  ...warnOfLeaks(plans, learnt),
  ...plans.flatMap((it) => (it.kind === 'none' && it.isWarning ? [`"${it.column}" is not used: ${it.because}`] : [])),
  ...(measured.auc.value > 0.95
    ? [`AUC ${measured.auc.value.toFixed(2)} is more than real leads allow: look for a column that knows the outcome`]
    : []),
  ...(slope < 0.6 ? ['the weights were much surer than held-out rows allow; calibration tones them down. More outcomes would help'] : []),
  ...(repeated > 0.05 * rows ? [`${repeated} rows repeat another one`] : []),
  ...(rows > mostRows ? [`only ${mostRows} of ${rows} rows were used, chosen by a hash of their content`] : []),
];

/** So that the last bits of a sum never show. */
export const round = (it: number): number => Number(it.toPrecision(7)) + 0;
const roundInterval = ({ value, low, high }: Interval) => ({ value: round(value), low: round(low), high: round(high) });
