import type { ActRow, OperationsView } from '../contract.ts';
import { dateTime } from '../lib/format.ts';
import { leadUrl } from '../lib/url.ts';
import { Section } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';

/** What was asked for, by name of the act. */
const words: { readonly [act in ActRow['act']]: string } = {
  'pause-sequence': 'paused',
  'resume-sequence': 'resumed',
  'pause-lead': 'paused mail to a lead',
  'resume-lead': 'resumed mail to a lead',
  'exit-lead': 'took a lead out of',
  'erase-lead': 'asked to erase a lead',
  'answer-task': 'answered',
  redrive: 'had dead letters tried again of',
};

export const Acts = ({ view: { acts } }: { view: OperationsView }) => (
  <Section title="Who did what" about="The last twenty things that people did here by hand.">
    {acts.length === 0 ? (
      <p class="note">Nobody has done anything yet.</p>
    ) : (
      <Table
        caption="Who did what"
        rows={acts}
        keyOf={(it, at) => `${it.at}${at}`}
        columns={[
          { head: 'When', cell: (it) => dateTime(it.at) },
          { head: 'Who', isName: true, cell: (it) => it.who },
          { head: 'Did', cell: (it) => `${words[it.act]} ${it.what ?? ''}`.trim() },
          { head: 'Lead', cell: (it) => it.leadId && <a href={leadUrl(it.leadId)}>{it.leadId.slice(0, 8)}</a> },
        ]}
      />
    )}
  </Section>
);
