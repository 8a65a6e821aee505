import { useState } from 'preact/hooks';
import type { OperationsView } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { dateTime, dollars, number, percent } from '../lib/format.ts';
import { useMay } from '../lib/me.ts';
import { apiUrl, sequenceUrl } from '../lib/url.ts';
import { Act } from '../ui/act.tsx';
import { Badge, Bar, Figures, Loaded, Page, Section, type Tone } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';
import { Acts } from './operations-acts.tsx';
import { DeadLetters } from './operations-dead-letters.tsx';
import { Health } from './operations-health.tsx';
import { PauseDialog } from './pause-dialog.tsx';

export const Operations = () => {
  const view = useData<OperationsView>(apiUrl('/operations'));
  return (
    <Page title="Operations" about="Whether mail goes as it should, what waits, what was stopped, and what it costs.">
      <Loaded of={view}>{(data) => <Whole view={data} />}</Loaded>
    </Page>
  );
};

const Whole = ({ view }: { view: OperationsView }) => {
  const alarms = view.alarms.filter((it) => it.state === 'alarm').length;
  const dead = view.deadLetters.reduce((sum, it) => sum + it.count, 0);
  const waiting = view.queues.reduce((sum, it) => sum + (it.isForOthers ? 0 : it.waiting), 0);
  const tone = (count: number): { readonly tone?: Tone } => (count > 0 ? { tone: 'bad' } : {});
  return (
    <>
      <Figures
        figures={[
          { label: 'Alarms', value: view.alarms.length === 0 ? '–' : number(alarms), ...tone(alarms) },
          { label: 'Dead letters', value: number(dead), ...tone(dead) },
          { label: 'Stopped', value: number(view.pauses.length), ...tone(view.pauses.length) },
          { label: 'Waiting in queues', value: number(waiting) },
          {
            label: 'Last full count',
            value: view.recount.isRunning ? 'now' : <span class="when">{view.recount.asOf ? dateTime(view.recount.asOf) : 'not yet'}</span>,
          },
        ]}
      />
      <Pauses view={view} />
      <DeadLetters view={view} />
      <Health view={view} />
      <Alarms view={view} />
      <Queues view={view} />
      <Budget view={view} />
      <Acts view={view} />
    </>
  );
};

const Pauses = ({ view: { pauses } }: { view: OperationsView }) => {
  const mayResume = useMay('resume-sequence');
  return (
    <Section title="Stopped">
      {pauses.length === 0 ? (
        <p class="note">Nothing is paused: every sequence sends when its time comes.</p>
      ) : (
        <Table
          caption="What is paused"
          rows={pauses}
          keyOf={(it) => it.what}
          columns={[
            { head: 'What', isName: true, cell: (it) => (it.kind === 'sequence' ? <a href={sequenceUrl(it.what)}>{it.what}</a> : it.what) },
            { head: 'By', cell: (it) => (it.byItself ? <Badge tone="bad">itself</Badge> : (it.who ?? <Badge>hand</Badge>)) },
            { head: 'Since', cell: (it) => dateTime(it.at) },
            { head: 'Why', cell: (it) => it.why },
            {
              head: 'Act',
              cell: (it) =>
                mayResume && (
                  <Act url={apiUrl('/operations/resume')} body={{ what: it.what }} done={`${it.what} goes on.`}>
                    Resume
                  </Act>
                ),
            },
          ]}
        />
      )}
      <PauseWhole pauses={pauses} />
    </Section>
  );
};

const wholes = [
  {
    what: 'sends',
    label: 'Pause all mail',
    means: 'No mail of any sequence goes until somebody resumes it. People still enter, and wait at their first mail.',
  },
  {
    what: 'everything',
    label: 'Pause everything',
    means: 'Nobody enters a sequence, and no mail goes, until somebody resumes it. Leads are still taken in, and whoever leaves has left.',
  },
] as const;

/** For all sequences at once. */
const PauseWhole = ({ pauses }: { pauses: OperationsView['pauses'] }) => {
  const mayPause = useMay('pause-sequence');
  const [asked, ask] = useState<(typeof wholes)[number]>();
  if (!mayPause) return null;
  return (
    <div class="acts">
      {wholes
        .filter((it) => pauses.every((pause) => pause.what !== it.what))
        .map((it) => (
          <button key={it.what} type="button" onClick={() => ask(it)}>
            {it.label}
          </button>
        ))}
      {asked && (
        <PauseDialog
          what={asked.what === 'sends' ? 'all mail' : 'everything'}
          url={apiUrl('/operations/pause')}
          more={{ what: asked.what }}
          onClose={() => ask(undefined)}
        >
          {asked.means}
        </PauseDialog>
      )}
    </div>
  );
};

const alarmTones: { readonly [state in OperationsView['alarms'][number]['state']]: Tone } = {
  ok: 'good',
  alarm: 'bad',
  'no-data': 'plain',
};

const alarmWords = { ok: 'quiet', alarm: 'rings', 'no-data': 'nothing to say' } as const;

const Alarms = ({ view: { alarms, alarmsUnknown } }: { view: OperationsView }) => (
  <Section title="Alarms">
    {alarms.length === 0 ? (
      <p class="note">{alarmsUnknown ? 'There is nobody to ask about alarms here; on AWS, CloudWatch is asked.' : 'There is none.'}</p>
    ) : (
      <Table
        caption="Alarms"
        rows={alarms.toSorted((one, other) => Number(other.state === 'alarm') - Number(one.state === 'alarm'))}
        keyOf={(it) => it.name}
        columns={[
          { head: 'Alarm', isName: true, cell: (it) => it.name },
          { head: 'State', cell: (it) => <Badge tone={alarmTones[it.state]}>{alarmWords[it.state]}</Badge> },
          { head: 'Since', cell: (it) => (it.since === undefined ? '' : dateTime(it.since)) },
          { head: 'Means', class: 'words', cell: (it) => it.means },
        ]}
      />
    )}
  </Section>
);

const Queues = ({ view: { queues } }: { view: OperationsView }) => (
  <Section title="Queues">
    <Table
      caption="Queues"
      rows={queues}
      keyOf={(it) => it.queue}
      columns={[
        {
          head: 'Queue',
          isName: true,
          cell: (it) => (
            <>
              {it.queue} {it.isForOthers && <small>for systems of yours, if any; the inbox does without</small>}
            </>
          ),
        },
        { head: 'Waiting', isNumber: true, cell: (it) => number(it.waiting) },
        { head: 'In work', isNumber: true, cell: (it) => number(it.inFlight) },
        { head: 'For later', isNumber: true, cell: (it) => number(it.delayed) },
        { head: 'Dead', isNumber: true, cell: (it) => number(it.dead) },
      ]}
    />
  </Section>
);

const budgetInWords = ({ spentEmails, mostEmails, warnFromEmails, nextMonthAt }: NonNullable<OperationsView['budget']>): string => {
  const share = percent(mostEmails === 0 ? 1 : Math.min(1, spentEmails / mostEmails));
  if (spentEmails >= mostEmails)
    return `It is spent: marketing mail waits until ${dateTime(nextMonthAt)}; confirmations and what leads asked for go on. For more, raise budget in brand.yaml and deploy.`;
  const near = spentEmails >= warnFromEmails ? 'It is nearly spent' : 'There is room';
  return `${near}: ${share} of the e-mails that it is enough for have gone. At the limit marketing mail waits for the next month; confirmations and what leads asked for go on.`;
};

const Budget = ({ view: { budget } }: { view: OperationsView }) => (
  <Section title="Budget">
    {budget === undefined ? (
      <p class="note">
        There is none. <code>budget: 200 USD per month</code> in brand.yaml makes one: mail stops before it is spent.
      </p>
    ) : (
      <div class="card">
        <Figures
          figures={[
            { label: `Spent in ${budget.month}`, value: dollars(budget.spentUsd), note: `of ${dollars(budget.usd)}` },
            { label: 'E-mails', value: number(budget.spentEmails), note: `of ${number(budget.mostEmails)} at most` },
            { label: 'Warned from', value: number(budget.warnFromEmails), note: 'e-mails on' },
          ]}
        />
        <p class="note">{budgetInWords(budget)}</p>
        <Bar
          share={budget.mostEmails === 0 ? 0 : budget.spentEmails / budget.mostEmails}
          tone={budget.spentEmails >= budget.mostEmails ? 'bad' : budget.spentEmails >= budget.warnFromEmails ? 'warn' : 'good'}
        />
      </div>
    )}
  </Section>
);
