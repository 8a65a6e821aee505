import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { Choices, LeadDetail, LeadList, TimelineEntry } from '../../local/dev/api.ts';
import { useData, useShared } from './data.ts';
import { counted, inFull, short } from './format.ts';
import { Act, Empty, More, Search } from './parts.tsx';

export const Leads = () => {
  const [search, setSearch] = useState('');
  const [from, setFrom] = useState(0);
  const { data } = useData<LeadList>(`/api/leads?search=${encodeURIComponent(search)}&from=${from}`);
  return (
    <section>
      <div class="over">
        <h1>Leads</h1>
        <Search
          value={search}
          onChange={(text) => {
            setSearch(text);
            setFrom(0);
          }}
          label="Search by address, name or company"
        />
      </div>
      {data?.total === 0 && <Empty>{search ? 'No lead fits.' : 'No lead yet. Import the sample list or add one on the start page.'}</Empty>}
      {data && data.total > 0 && (
        <>
          <div class="wide">
            <table class="leads">
              <thead>
                <tr>
                  <th>Lead</th>
                  <th>Company</th>
                  <th>Stage</th>
                  <th class="number">Fit</th>
                  <th class="number">Engagement</th>
                  <th>Where</th>
                </tr>
              </thead>
              <tbody>
                {data.leads.map((it) => (
                  <tr key={it.leadId}>
                    <td>
                      <a href={`/leads/${it.leadId}`}>{it.name}</a>
                      {it.name !== it.email && <small>{it.email}</small>}
                    </td>
                    <td>{it.company}</td>
                    <td>
                      <i class={`stage ${it.stage}`}>{stageInWords[it.stage] ?? it.stage}</i>
                    </td>
                    <td class="number">{it.fit}</td>
                    <td class="number">{it.engagement}</td>
                    <td>{it.where}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="pages">
            {counted(data.total, 'lead')}
            {from > 0 && (
              <button type="button" onClick={() => setFrom(Math.max(0, from - 50))}>
                Newer
              </button>
            )}
            <More shown={from + data.leads.length} total={data.total} onMore={() => setFrom(from + 50)} />
          </p>
        </>
      )}
    </section>
  );
};

const stageInWords: { readonly [stage: string]: string } = { lead: 'lead', mql: 'with sales', customer: 'customer' };

export const Lead = () => {
  const { leadId = '' } = useRoute().params;
  const { status } = useShared();
  const { data: lead, missing } = useData<LeadDetail>(`/api/leads/${leadId}`);
  if (missing) return <Empty>There is no such lead.</Empty>;
  if (!lead || !status) return <section />;
  return (
    <section class="lead-page">
      <p>
        <a href="/leads">← All leads</a>
      </p>
      <h1>
        {lead.name} <i class={`stage ${lead.stage}`}>{stageInWords[lead.stage] ?? lead.stage}</i>
      </h1>
      <p class="meta">
        {lead.email}
        {lead.company && ` · ${lead.company}`} · times below in {lead.zone}
      </p>
      <div class="columns">
        <div>
          <h2>What comes next</h2>
          {lead.next.length === 0 ? (
            <p>Nothing: {lead.where}.</p>
          ) : (
            <ul class="next">
              {lead.next.map((it) => (
                <li key={it.what}>
                  {it.at && <b>{inFull(it.at, lead.zone)}</b>} {it.what}
                </li>
              ))}
            </ul>
          )}
          <h2>Timeline</h2>
          <Timeline entries={lead.timeline} zone={lead.zone} />
        </div>
        <aside>
          <DoAs lead={lead} />
          <h2>Score</h2>
          {lead.score.map((it) => (
            <p key={it} class="verdict">
              {it}
            </p>
          ))}
          {lead.scoreLines.length === 0 ? (
            <p>No points yet.</p>
          ) : (
            <table class="score">
              <thead>
                <tr>
                  <th>Because</th>
                  <th class="number">Points</th>
                  <th class="number">Now</th>
                </tr>
              </thead>
              <tbody>
                {lead.scoreLines.map((it, at) => (
                  <tr key={`${it.because} ${it.at ?? ''} ${at}`}>
                    <td>
                      {it.because}
                      {it.at && <small>{short(it.at, lead.zone)}</small>}
                      {it.why && <small>{it.why}</small>}
                    </td>
                    <td class="number">{signed(it.points)}</td>
                    <td class="number">{signed(it.now)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <h2>Agreed to</h2>
          <ul class="plain">
            {lead.consents.map((it) => (
              <li key={it.topic}>
                {consentMarks[it.state]} {it.topic}{' '}
                <small>
                  {consentWords[it.state]} {short(it.at, lead.zone)}, {it.source}
                </small>
              </li>
            ))}
            {lead.consents.length === 0 && <li>nothing</li>}
          </ul>
          <h2>Sequences</h2>
          <ul class="plain">
            {lead.runs.map((it) => (
              <li key={`${it.sequence} ${it.version} ${it.leg}`}>
                {it.sequence}{' '}
                <small>
                  version {it.version}
                  {it.leg > 1 && `, leg ${it.leg}`}
                  {!it.isRunning && ', over'}
                </small>
              </li>
            ))}
            {lead.runs.length === 0 && <li>none</li>}
          </ul>
          <h2>Fields</h2>
          <dl>
            {Object.entries(lead.fields).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </aside>
      </div>
    </section>
  );
};

const consentMarks = { agreed: '✓', confirmed: '✓✓', unconfirmed: '…', refused: '✗' };
const consentWords = { agreed: 'since', confirmed: 'confirmed', unconfirmed: 'not confirmed yet, asked', refused: 'refused' };

const DoAs = ({ lead }: { lead: LeadDetail }) => {
  const { data: choices } = useData<Choices>('/api/choices');
  const url = `/api/leads/${lead.leadId}/act`;
  return (
    <div class="as-reader">
      <h2>Do what the lead would do</h2>
      {lead.actsAlone && <p class="note">This one also acts by itself.</p>}
      <div class="acts">
        {choices?.paths.map((it) => (
          <Act key={it} url={url} body={{ visit: it }}>
            Visit {it}
          </Act>
        ))}
        {choices?.events.map((it) => (
          <Act key={it} url={url} body={{ event: it }}>
            {it}
          </Act>
        ))}
      </div>
    </div>
  );
};

/** With a minus of the width of a digit. */
const signed = (points: number): string => String(points).replace('-', '−');

const Timeline = ({ entries, zone }: { entries: readonly TimelineEntry[]; zone: string }) => (
  <ol class="timeline">
    {entries.map((it, at) => (
      <li key={at} class={it.kind}>
        <time dateTime={it.at}>{short(it.at, zone)}</time>
        <div>
          {it.messageId ? <a href={`/inbox/${it.messageId}`}>{it.what}</a> : it.what}
          {it.why && <small>{it.why}</small>}
        </div>
      </li>
    ))}
  </ol>
);
