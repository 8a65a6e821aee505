import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import { Diagram, liveFigures } from '../charts/diagram.tsx';
import type { EmailRow, SequenceView } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { dateTime } from '../lib/format.ts';
import { apiUrl, viewUrl } from '../lib/url.ts';
import { Badge, Choice, Loaded, Page } from '../ui/parts.tsx';
import { EmailDialog } from './email-dialog.tsx';
import { Experiments } from './sequence-experiments.tsx';
import { Emails, Endings, Problems } from './sequence-parts.tsx';
import { PauseSequence, Stops } from './sequence-pause.tsx';
import { StepTable } from './sequence-steps.tsx';
import { Compared, VersionChoice } from './sequence-versions.tsx';

const ranges = [
  { value: '7', label: '7 days' },
  { value: '28', label: '28 days' },
  { value: '91', label: '91 days' },
] as const;

export type Asked = { readonly days?: string; readonly version?: string; readonly compare?: string };

/** One sequence as its diagram: who is where, who went which way, and what became of it. */
export const Sequence = () => {
  const { sequence = '' } = useRoute().params;
  const { query, route } = useLocation();
  const asked: Asked = {
    days: query.days ?? '28',
    ...(query.version && { version: query.version }),
    ...(query.compare && { compare: query.compare }),
  };
  const view = useData<SequenceView>(apiUrl(`/sequences/${sequence}`, asked));
  const ask = (more: Asked) => route(viewUrl(`/sequences/${sequence}`, { ...asked, ...more }), true);
  return (
    <>
      <p class="crumb">
        <a href={viewUrl('/sequences')}>← All sequences</a>
      </p>
      <Page
        title={sequence}
        lead={view.data && <StateOf view={view.data} />}
        about={view.data && `${view.data.topic} · looked after by ${view.data.owner} · version ${view.data.version.slice(0, 12)}`}
        actions={
          <>
            <Choice label="Time range" options={ranges} value={asked.days as '28'} onChange={(days) => ask({ days })} />
            {view.data && <PauseSequence view={view.data} />}
          </>
        }
      >
        <Loaded of={view} rows={10}>
          {(data) => <Whole view={data} asked={asked} ask={ask} />}
        </Loaded>
      </Page>
    </>
  );
};

const StateOf = ({ view }: { view: SequenceView }) =>
  view.off ? (
    <Badge tone="warn">off</Badge>
  ) : view.paused ? (
    <Badge tone="bad">{view.paused.byItself ? 'paused itself' : 'paused'}</Badge>
  ) : (
    <Badge tone="good">running</Badge>
  );

const Whole = ({ view, asked, ask }: { view: SequenceView; asked: Asked; ask: (more: Asked) => void }) => {
  const [shown, setShown] = useState<EmailRow>();
  const emailOf = (step: string) => view.emails.find((it) => it.step === step);
  return (
    <>
      <Stops view={view} />
      <Problems problems={view.problems} />
      <VersionChoice view={view} asked={asked} ask={ask} />
      {asked.compare !== undefined && <Compared view={view} asked={asked} />}
      <div class="columns">
        <div>
          {asked.compare === undefined && (
            <Diagram
              diagram={view.diagram}
              figures={liveFigures}
              name={view.sequence}
              linkOf={(node) => emailOf(node.id)?.path}
              onOpen={(node) => setShown(emailOf(node.id))}
            />
          )}
          <p class="note diagram-note">
            {view.runsAsOf === undefined
              ? 'Leads on their way are counted at night; the first night makes it.'
              : `The round figure on a step says how many leads are there, as of ${dateTime(view.movedAt ?? view.runsAsOf)}. The others are of those who began in the last ${view.days} days before${view.movedAt === undefined ? '' : ` ${dateTime(view.runsAsOf)}`}.`}{' '}
            Follow an e-mail to read it.
          </p>
          <StepTable view={view} />
          <Experiments experiments={view.experiments} />
        </div>
        <aside aria-label="E-mails and endings">
          <Endings endings={view.endings} />
          <Emails emails={view.emails} onOpen={setShown} />
        </aside>
      </div>
      {shown && <EmailDialog email={shown} onClose={() => setShown(undefined)} />}
    </>
  );
};
