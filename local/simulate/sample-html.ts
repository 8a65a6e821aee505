import { sentenceFor } from '#core/explain/endings';
import { details, escaped } from '#local/report/parts';
import type { About } from './about.ts';
import type { SimulationReport } from './report.ts';
import { sampleSentences, sampleTitle } from './sample-words.ts';

/** Said before any figure. */
export const sampleBanner = (it: SimulationReport): readonly string[] => {
  const title = sampleTitle(it);
  if (title === undefined) return [];
  return [
    `<p><strong>${escaped(`A sample: ${title}.`)}</strong> ${escaped(`${sampleSentences(it).join(' ')} Charts and diagrams show the middle, rounded to what the sample can tell.`)}</p>`,
  ];
};

type Sequence = SimulationReport['sequences'][number];
type OfSequence = NonNullable<NonNullable<SimulationReport['margins']>['sequences']>[number];

/** The figures of a sequence with their margins, at the end of its section. */
export const withMarginsOf = (section: string, it: Sequence, about: About, margins: OfSequence): string => {
  const tables = [stepMargins(it, about, margins), wayMargins(it, about, margins), endingMargins(it, about, margins)];
  return section.replace(/<\/section>$/, () => `${tables.join('\n')}</section>`);
};

const stepMargins = ({ sequence, steps }: Sequence, { number }: About, margins: OfSequence): string =>
  details({
    caption: `Steps of ${sequence}, in leads, with margins`,
    head: ['Step', 'Entered', 'Ended there early', 'Sent', 'Opened', 'Clicked', 'Unsubscribed after it'],
    rows: steps.map((it, at) => {
      const margin = margins?.steps?.[at];
      const mail = (['sent', 'opened', 'clicked', 'unsubscribed'] as const).map((what) => {
        const value = it[what];
        return value === undefined ? '-' : number(value, margin?.[what]);
      });
      return [it.step, number(it.entered, margin?.entered), number(it.stopped, margin?.stopped), ...mail];
    }),
  }).replace('The numbers', 'Margins by step');

const wayMargins = ({ sequence, ways }: Sequence, { number }: About, margins: OfSequence): string =>
  details({
    caption: `Ways between the steps of ${sequence}, with margins`,
    head: ['From', 'To', 'When', 'Leads'],
    rows: ways.map((it, at) => [it.from, it.to, it.label, number(it.count, margins?.ways?.[at]?.count)]),
  }).replace('The numbers', 'Margins by way');

const endingMargins = ({ sequence, endings }: Sequence, { number }: About, margins: OfSequence): string =>
  details({
    caption: `Why leads ended: ${sequence}, with margins`,
    head: ['Why', 'In short', 'Runs'],
    rows: Object.entries(endings).map(([word, runs]) => [sentenceFor(word), word, number(runs, margins?.endings?.[word])]),
  }).replace('The numbers', 'Margins by ending');
