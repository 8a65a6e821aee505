import type { SequenceList as Answer, MailCounts, SequenceRow, SimulationList } from '../contract.ts';
import { type Data, useData } from '../lib/data.ts';
import { counted, dateTime, day, number, percent } from '../lib/format.ts';
import { useMe } from '../lib/me.ts';
import { apiUrl, sequenceUrl, viewUrl } from '../lib/url.ts';
import { Badge, Empty, Figures, Loaded, Page, Section } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';

export const SequenceList = () => {
  const list = useData<Answer>(apiUrl('/sequences'));
  const simulations = useData<SimulationList>(apiUrl('/simulations'));
  return (
    <Page title="Sequences" about="Where leads are on their way, and what their e-mails came to in the last 28 days.">
      <Loaded of={list}>{(data) => (data.sequences.length === 0 ? <NoSequence /> : <Known data={data} />)}</Loaded>
      <Simulations list={simulations} />
    </Page>
  );
};

const NoSequence = () => (
  <Empty title="There is no sequence yet.">
    Write one under <code>marketing/sequences/</code>, let <code>npx baton check</code> look at it, and deploy.
  </Empty>
);

const sumOf = (rows: readonly SequenceRow[], of: (row: SequenceRow) => number) => rows.reduce((sum, it) => sum + of(it), 0);

const Known = ({ data: { sequences, runsAsOf, movedAt } }: { data: Answer }) => {
  const mails = (of: (counts: MailCounts) => number) => sumOf(sequences, (it) => of(it.mails));
  const sent = mails((it) => it.sent);
  return (
    <div class="stack">
      <Figures
        figures={[
          { label: 'Under way now', value: runsAsOf === undefined ? '–' : number(sumOf(sequences, (it) => it.runs?.running ?? 0)) },
          { label: 'E-mails, 28 days', value: number(sent) },
          {
            label: 'Clicked',
            value: sent === 0 ? '–' : percent(mails((it) => it.clicked) / sent),
            note: `${number(mails((it) => it.clicked))} e-mails`,
          },
          { label: 'Left the topic', value: number(mails((it) => it.unsubscribed)) },
          { label: 'Qualified', value: number(mails((it) => it.qualified)) },
          { label: 'Won', value: number(mails((it) => it.won)) },
        ]}
      />
      <Rows sequences={sequences} />
      <p class="note">
        {runsAsOf === undefined
          ? 'Leads on their way are counted at night; the first night makes it.'
          : movedAt === undefined
            ? `Leads on their way as of ${dateTime(runsAsOf)}; e-mails are counted as they go.`
            : `Leads under way as they were at ${dateTime(movedAt)}, who entered and ended as of ${dateTime(runsAsOf)}; e-mails are counted as they go.`}
      </p>
    </div>
  );
};

const Rows = ({ sequences }: { sequences: readonly SequenceRow[] }) => (
  <Table
    caption="Sequences with their counts"
    rows={sequences}
    keyOf={(it) => it.sequence}
    columns={[
      { head: 'Sequence', isName: true, cell: (it) => <Name row={it} /> },
      { head: 'State', cell: (it) => <State row={it} /> },
      { head: 'Under way', isNumber: true, cell: (it) => runsOf(it, 'running') },
      { head: 'Entered', isNumber: true, cell: (it) => runsOf(it, 'entered') },
      { head: 'Ended', isNumber: true, cell: (it) => runsOf(it, 'ended') },
      { head: 'Sent', isNumber: true, cell: (it) => number(it.mails.sent) },
      { head: 'Opened', isNumber: true, cell: (it) => partOf(it.mails.opened, it.mails.sent) },
      { head: 'Clicked', isNumber: true, cell: (it) => partOf(it.mails.clicked, it.mails.sent) },
      { head: 'Qualified', isNumber: true, cell: (it) => number(it.mails.qualified) },
    ]}
  />
);

const runsOf = ({ runs }: SequenceRow, which: 'running' | 'entered' | 'ended') => (runs ? number(runs[which]) : '–');
const partOf = (part: number, whole: number) => (whole === 0 ? '–' : percent(part / whole));

const Name = ({ row }: { row: SequenceRow }) => (
  <>
    <a href={sequenceUrl(row.sequence)}>{row.sequence}</a>
    <small>
      {row.enters} · {counted(row.emails, 'e-mail')} in {counted(row.steps, 'step')}
    </small>
  </>
);

export const State = ({ row }: { row: Pick<SequenceRow, 'paused' | 'off' | 'problems' | 'experiments'> }) => (
  <span class="row">
    {row.off ? (
      <Badge tone="warn">off</Badge>
    ) : row.paused ? (
      <Badge tone="bad">{row.paused.byItself ? 'paused itself' : 'paused'}</Badge>
    ) : (
      <Badge tone="good">running</Badge>
    )}
    {row.problems > 0 && <Badge tone="warn">{counted(row.problems, 'problem')}</Badge>}
    {row.experiments > 0 && <Badge tone="info">{counted(row.experiments, 'experiment')}</Badge>}
  </span>
);

const Simulations = ({ list }: { list: Data<SimulationList> }) => {
  const { isDev } = useMe();
  const simulations = list.data?.simulations ?? [];
  if (!list.data) return null;
  return (
    <Section title="Rehearsals" about="Simulations that were kept for the console: watch one day by day over the diagram.">
      {simulations.length === 0 ? (
        <p class="note">
          None yet. <code>npx baton simulate --population 10000 {isDev ? '--console' : '--publish'} spring</code> keeps one under the name
          of spring.
        </p>
      ) : (
        <Table
          caption="Simulations, newest first"
          rows={simulations}
          keyOf={(it) => it.name}
          columns={[
            { head: 'Simulation', isName: true, cell: (it) => <a href={viewUrl(`/simulations/${it.name}`)}>{it.name}</a> },
            { head: 'Made', cell: (it) => day(it.at) },
            { head: 'Sequences', cell: (it) => it.sequences.join(', ') },
            { head: 'Leads', isNumber: true, cell: (it) => number(it.leads) },
            { head: 'Days', isNumber: true, cell: (it) => number(it.days) },
          ]}
        />
      )}
    </Section>
  );
};
