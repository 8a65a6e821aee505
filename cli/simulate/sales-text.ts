import { count, counted } from '#local/report/words';
import { aboutOf } from '#local/simulate/about';
import type { Handoffs } from '#local/simulate/handoffs';
import { answerRows, handoffSentences, queueCaveat, queueRows, type Rows, repRows, type SaidAs } from '#local/simulate/handoffs-words';
import type { SimulationReport } from '#local/simulate/report';

/** What sales gets, and what it does about it. */
export const salesInWords = (it: SimulationReport): readonly string[] => {
  const { qualified, leads, medianDaysToQualify = 0, handoffs } = it;
  const as = { about: aboutOf(it), margins: it.margins?.handoffs };
  const first =
    qualified === 0
      ? `Nobody ${as.about.isSample ? 'in the sample ' : ''}qualifies for sales.`
      : `${as.about.number(qualified, it.margins?.qualified)} lead${qualified === 1 ? '' : 's'} qualif${qualified === 1 ? 'ies' : 'y'} (${as.about.percent(qualified, leads)}), half of them within ${as.about.isSample ? '≈ ' : ''}${counted(medianDaysToQualify, 'day')}`;
  const sentences = handoffSentences(handoffs, as);
  return [
    first,
    ...sentences.map((sentence) => `  ${sentence}`),
    ...(sentences.length === 0 ? [] : ['', ...columns(repRows(handoffs, as)), '', ...columns(answerRows(handoffs, as))]),
    ...queue(handoffs, as),
  ];
};

const queue = ({ whatIf }: Handoffs, as: SaidAs): readonly string[] =>
  whatIf
    ? [
        '',
        '  If a rep gets only so many done on a working day:',
        ...columns(queueRows(whatIf, as)),
        ...(as.about.isSample ? [`  ${queueCaveat}`] : []),
      ]
    : [];

/** As wide as what stands in them; all but the first to the right. */
const columns = ({ head, rows }: Rows): readonly string[] => {
  const cells = [head.map((it) => it.toLowerCase()), ...rows.map((row) => row.map((it) => (typeof it === 'number' ? count(it) : it)))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((it, at) => (at === 0 ? it.padEnd(widths[0] ?? 0) : it.padStart(widths[at] ?? 0))).join('  ');
  return cells.map((row) => `  ${line(row)}`);
};
