import { count, counted, percent, share } from '#local/report/words';
import type { Handoffs } from '#local/simulate/handoffs';
import { answerRows, handoffSentences, queueRows, type Rows, repRows } from '#local/simulate/handoffs-words';
import type { SimulationReport } from '#local/simulate/report';

/** What sales gets, and what it does about it. */
export const salesInWords = ({ qualified, leads, medianDaysToQualify = 0, handoffs }: SimulationReport): readonly string[] => {
  const first =
    qualified === 0
      ? 'Nobody qualifies for sales.'
      : `${counted(qualified, 'lead')} qualif${qualified === 1 ? 'ies' : 'y'} (${percent(share(qualified, leads))}), half of them within ${counted(medianDaysToQualify, 'day')}`;
  const sentences = handoffSentences(handoffs);
  return [
    first,
    ...sentences.map((it) => `  ${it}`),
    ...(sentences.length === 0 ? [] : ['', ...columns(repRows(handoffs)), '', ...columns(answerRows(handoffs))]),
    ...queue(handoffs),
  ];
};

const queue = ({ whatIf }: Handoffs): readonly string[] =>
  whatIf ? ['', '  If a rep gets only so many done on a working day:', ...columns(queueRows(whatIf))] : [];

/** As wide as what stands in them; all but the first to the right. */
const columns = ({ head, rows }: Rows): readonly string[] => {
  const cells = [head.map((it) => it.toLowerCase()), ...rows.map((row) => row.map((it) => (typeof it === 'number' ? count(it) : it)))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((it, at) => (at === 0 ? it.padEnd(widths[0] ?? 0) : it.padStart(widths[at] ?? 0))).join('  ');
  return cells.map((row) => `  ${line(row)}`);
};
