import { ChartWithTable } from '../charts/chart.tsx';
import type { SequenceView } from '../contract.ts';
import { number, percent } from '../lib/format.ts';
import { Section } from '../ui/parts.tsx';

const shown = (value: number | undefined) => (value === undefined ? '–' : number(value));
const part = (value: number | undefined, whole: number | undefined) => (value === undefined || !whole ? '–' : percent(value / whole));

/** The diagram for those who do not see it, and for a spreadsheet. */
export const StepTable = ({ view }: { view: SequenceView }) => {
  const { nodes, edges } = view.diagram;
  const onward = (id: string) =>
    edges
      .filter((it) => it.from === id && it.runs !== undefined)
      .map((it) => `${it.label || `to ${it.to}`}: ${number(it.runs ?? 0)}${it.share === undefined ? '' : ` (${percent(it.share)})`}`)
      .join('; ');
  const steps = nodes.filter((it) => it.kind !== 'end');
  return (
    <Section title="Step by step" about="The same as in the diagram.">
      <ChartWithTable
        name={`${view.sequence}-steps`}
        table={{
          caption: `Steps of ${view.sequence} with their counts`,
          columns: [
            { name: 'Step' },
            { name: 'Does' },
            { name: 'Now here', isNumber: true },
            { name: 'Came by', isNumber: true },
            { name: 'Of all', isNumber: true },
            { name: 'Sent', isNumber: true },
            { name: 'Opened', isNumber: true },
            { name: 'Clicked', isNumber: true },
            { name: 'Went on' },
          ],
          rows: steps.map((it) => [
            it.title,
            it.detail,
            shown(it.here),
            shown(it.came),
            it.share === undefined ? '–' : percent(it.share),
            it.mails ? number(it.mails.sent) : '',
            it.mails ? part(it.mails.opened, it.mails.sent) : '',
            it.mails ? part(it.mails.clicked, it.mails.sent) : '',
            onward(it.id),
          ]),
          plain: steps.map((it) => [
            it.title,
            it.detail,
            it.here,
            it.came,
            it.share,
            it.mails?.sent,
            it.mails?.opened,
            it.mails?.clicked,
            onward(it.id),
          ]),
        }}
      />
    </Section>
  );
};
