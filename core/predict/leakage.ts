import { type Cell, levelOf, numberOf } from './cells.ts';
import type { Plan, UsedPlan } from './columns.ts';
import { aucOf } from './measure.ts';
import type { Example } from './split.ts';
import { wordsOf } from './words.ts';

const tooWell = 0.9;
const standsOut = { atLeast: 0.75, above: 0.1 };
const suspicious = 0.6;
/** Names of what is known only once the outcome is, or near. */
const consequence =
  /(^| )(duration|call length|talk time|outcome|result|status|stage|closed?|won|lost|reason|deal|amount|revenue|invoice|paid|payment|contract|signed|churn(ed)?|tags?|quality|notable|last activity|rejected|accepted|qualified|purchased?|ordered|customer since)( |$)/;

export const warnOfLeaks = (plans: readonly Plan[], examples: readonly Example[]): readonly string[] => {
  const alone = plans
    .filter((it) => it.kind !== 'none')
    .map((it) => ({ column: it.column, auc: aloneOf(it, examples) }))
    .sort((one, other) => other.auc - one.auc || (one.column < other.column ? -1 : 1));
  return alone.flatMap(({ column, auc }, at) => {
    const next = alone[at + 1]?.auc ?? 0.5;
    const says = `"${column}" alone tells the outcome with AUC ${auc.toFixed(2)}`;
    const advice = `If it is known only with the outcome or after it, leave it out: --drop "${column}"`;
    if (auc >= tooWell) return [`${says}: too good to be true. ${advice}`];
    if (auc >= suspicious && consequence.test(wordsOf(column)))
      return [`${says}, and by its name it may be a consequence of the outcome. ${advice}`];
    if (at === 0 && auc >= standsOut.atLeast && auc - next >= standsOut.above)
      return [`${says}, far better than any other column. ${advice}`];
    return [];
  });
};

const drawnBy = 5;
const mostBins = 20;

/** Rates of bins or levels learnt on each half of the rows, tested on the other. */
const aloneOf = (plan: UsedPlan, examples: readonly Example[]): number => {
  const keyOf = keysOf(
    plan,
    examples.map(({ row }) => row[plan.column]),
  );
  const keyed = examples.map((it, at) => ({ key: keyOf(it.row[plan.column]), label: it.label, half: at % 2 }));
  const rate = keyed.filter((it) => it.label === 1).length / keyed.length;
  const aucs = [0, 1].map((half) => {
    const learnt = new Map<string, { count: number; good: number }>();
    for (const { key, label } of keyed.filter((it) => it.half !== half)) {
      const { count, good } = learnt.get(key) ?? { count: 0, good: 0 };
      learnt.set(key, { count: count + 1, good: good + label });
    }
    const tested = keyed.filter((it) => it.half === half);
    const scored = tested.map(({ key }) => {
      const { count, good } = learnt.get(key) ?? { count: 0, good: 0 };
      return (good + drawnBy * rate) / (count + drawnBy);
    });
    return aucOf(
      scored,
      tested.map((it) => it.label),
    ).value;
  });
  return ((aucs[0] ?? 0.5) + (aucs[1] ?? 0.5)) / 2;
};

const keysOf = (plan: UsedPlan, cells: readonly Cell[]): ((cell: Cell) => string) => {
  if (plan.kind !== 'number') return (cell) => levelOf(cell) ?? '';
  const { decimal } = plan;
  const sorted = Float64Array.from(cells.flatMap((it) => numberOf(it, decimal) ?? [])).sort();
  const limits = Array.from({ length: mostBins - 1 }, (_, at) => sorted[Math.floor(((at + 1) / mostBins) * sorted.length)] ?? 0);
  return (cell) => {
    const value = numberOf(cell, decimal);
    return value === undefined ? '' : String(limits.filter((it) => value >= it).length);
  };
};
