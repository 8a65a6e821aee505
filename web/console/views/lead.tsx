import { useRoute } from 'preact-iso/router';
import type { LeadView } from '../contract.ts';
import { DoAs } from '../dev/do-as.tsx';
import { useData, usePulse } from '../lib/data.ts';
import { ago, dateTime, day, inFull, withDates } from '../lib/format.ts';
import { useMe } from '../lib/me.ts';
import { apiUrl, sequenceUrl, taskUrl, viewUrl } from '../lib/url.ts';
import { Badge, Empty, Loaded, Note, Page, Section, type Tone } from '../ui/parts.tsx';
import { StageBadge } from '../ui/stage.tsx';
import { LeadActs } from './lead-acts.tsx';
import { Score } from './lead-score.tsx';
import { Timeline } from './lead-timeline.tsx';

/** One lead: what happened and why, what comes next, and what one may do. */
export const Lead = () => {
  const { leadId = '' } = useRoute().params;
  const lead = useData<LeadView>(apiUrl(`/leads/${leadId}`));
  const isGone = lead.trouble?.status === 404;
  const { data } = lead;
  return (
    <>
      <p class="crumb">
        <a href={viewUrl('/leads')}>← All leads</a>
      </p>
      <Page
        title={isGone ? 'There is no such lead' : (data?.name ?? 'Lead')}
        lead={data && <StageBadge stage={data.stage} />}
        about={data && <About lead={data} />}
        actions={data && <LeadActs lead={data} />}
      >
        {isGone ? (
          <Empty title={lead.trouble?.what ?? ''}>
            An erased lead is gone for good; its address is kept from mail by a scrambled mark alone.
          </Empty>
        ) : (
          <Loaded of={lead} rows={10}>
            {(it) => <Whole lead={it} />}
          </Loaded>
        )}
      </Page>
    </>
  );
};

const zoneWords = { own: 'its own', country: 'by country', brand: 'the brand’s' };

const About = ({ lead }: { lead: LeadView }) => (
  <>
    {lead.email}
    {lead.company && (
      <>
        {' · '}
        <bdi>{lead.company}</bdi>
      </>
    )}
    {lead.owner && ` · owned by ${lead.owner}`} · since {day(lead.createdAt)} · lives in {lead.zone.zone} ({zoneWords[lead.zone.because]})
  </>
);

const Whole = ({ lead }: { lead: LeadView }) => {
  const { isDev } = useMe();
  return (
    <>
      {lead.erasing && (
        <Note tone="bad" title="This lead is being erased">
          <p>It was asked for on {dateTime(lead.erasing.askedAt)}. All that is known of it goes; nothing is sent any more.</p>
        </Note>
      )}
      {(lead.held.length > 0 || lead.pausedUntil !== undefined) && (
        <Note tone="warn" title="No mail goes to this lead">
          <ul class="plain">
            {lead.held.map((it) => (
              <li key={it}>{withDates(it)}</li>
            ))}
            {lead.pausedUntil !== undefined && lead.held.length === 0 && <li>It is paused until {dateTime(lead.pausedUntil)}.</li>}
          </ul>
        </Note>
      )}
      <div class="columns">
        <div>
          <Next lead={lead} />
          <Timeline lead={lead} />
        </div>
        <aside aria-label="About the lead">
          <Score score={lead.score} />
          {isDev && <DoAs leadId={lead.leadId} />}
          <Consents lead={lead} />
          <Runs lead={lead} />
          <Tasks lead={lead} />
          <Fields lead={lead} />
        </aside>
      </div>
    </>
  );
};

const Next = ({ lead }: { lead: LeadView }) => {
  const { now } = usePulse();
  return (
    <Section title="What comes next">
      {lead.next.length === 0 ? (
        <p>Nothing is planned.</p>
      ) : (
        <ul class="plain next-list">
          {lead.next.map((it) => (
            <li key={`${it.at ?? ''} ${it.what}`}>
              {it.at && (
                <>
                  <b title={inFull(it.at)}>{dateTime(it.at)}</b> <small class="inline">({ago(it.at, now())})</small>{' '}
                </>
              )}
              {withDates(it.what)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
};

const consentTones: { readonly [state in LeadView['consents'][number]['state']]: Tone } = {
  agreed: 'good',
  confirmed: 'good',
  unconfirmed: 'warn',
  refused: 'bad',
};

const Consents = ({ lead: { consents } }: { lead: LeadView }) => (
  <Section title="Consents">
    {consents.length === 0 ? (
      <p class="note">It agreed to nothing, so that nothing but what it asks for goes.</p>
    ) : (
      <ul class="plain">
        {consents.map((it) => (
          <li key={it.topic}>
            {it.label} <Badge tone={consentTones[it.state]}>{it.state === 'unconfirmed' ? 'not confirmed' : it.state}</Badge>
            <br />
            <small>
              {dateTime(it.at)}, {it.source}
            </small>
          </li>
        ))}
      </ul>
    )}
  </Section>
);

const Runs = ({ lead: { enrolments } }: { lead: LeadView }) => (
  <Section title="Sequences">
    {enrolments.length === 0 ? (
      <p class="note">It was in none yet.</p>
    ) : (
      <ul class="plain">
        {enrolments.map((it) => (
          <li key={`${it.enrolmentId} ${it.leg}`}>
            <a href={sequenceUrl(it.sequence)}>{it.sequence}</a>{' '}
            {it.isRunning ? <Badge tone="good">{it.step ?? 'under way'}</Badge> : <Badge>over</Badge>}
            <br />
            <small>
              since {day(it.enrolledAt)}
              {!it.isRunning && ` · ${it.ending}`} · version {it.version.slice(0, 12)}
              {it.leg > 1 && ` · leg ${it.leg}`}
              {Object.entries(it.arms).map(([split, arm]) => ` · ${split}: ${arm}`)}
            </small>
          </li>
        ))}
      </ul>
    )}
  </Section>
);

const Tasks = ({ lead: { tasks } }: { lead: LeadView }) =>
  tasks.length === 0 ? null : (
    <Section title="Sales tasks">
      <ul class="plain">
        {tasks.map((it) => (
          <li key={it.taskId}>
            <a href={taskUrl(it.taskId)}>{day(it.createdAt)}</a> <Badge>{it.status}</Badge> {it.rep}
          </li>
        ))}
      </ul>
    </Section>
  );

const Fields = ({ lead: { fields } }: { lead: LeadView }) => (
  <Section title="Fields">
    <dl class="pairs">
      {fields.map((it) => (
        <div key={it.name}>
          <dt>{it.name}</dt>
          <dd title={it.at && `since ${inFull(it.at)}`}>{it.value}</dd>
        </div>
      ))}
    </dl>
  </Section>
);
