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
  'accept-restored': 'let mail go from a restored table',
  'add-key': 'made a key for',
  discard: 'threw a dead letter away of',
  'enrol-everyone': 'let everybody who may into',
  'forget-sequence': 'forgot the sequence',
  'keep-off-sales': 'put a company on the stop list:',
  'let-to-sales': 'took a company off the stop list:',
  migrate: 'moved leads to the newest version of',
  'publish-rehearsal': 'published the rehearsal',
  'publish-winner': 'published a winner:',
  'withdraw-winner': 'took a winner back:',
  recover: 'let failed runs go on of',
  'revoke-key': 'ended a key of',
  'rotate-key': 'made a new key for',
};

export const Acts = ({ view: { acts } }: { view: OperationsView }) => (
  <Section title="Who did what" about="The last twenty things that people did by hand, here or on the command line.">
    {acts.length === 0 ? (
      <p class="note">Nobody has done anything yet.</p>
    ) : (
      <Table
        caption="Who did what"
        rows={acts}
        keyOf={(it, at) => `${it.at}${at}`}
        columns={[
          { head: 'When', cell: (it) => dateTime(it.at) },
          {
            head: 'Who',
            isName: true,
            cell: (it) => (
              <>
                {it.who} {it.via && <small>on the command line</small>}
              </>
            ),
          },
          { head: 'Did', cell: (it) => `${words[it.act]} ${it.what ?? ''}`.trim() },
          { head: 'Lead', cell: (it) => it.leadId && <a href={leadUrl(it.leadId)}>{it.leadId.slice(0, 8)}</a> },
        ]}
      />
    )}
  </Section>
);
