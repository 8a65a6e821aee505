import { useState } from 'preact/hooks';
import type { LeadView, TimelineRow } from '../contract.ts';
import { dateTime, inFull, withDates } from '../lib/format.ts';
import { sequenceUrl } from '../lib/url.ts';
import { Choice, Section } from '../ui/parts.tsx';

const filters = [
  { value: 'all', label: 'All' },
  { value: 'mails', label: 'Mail and decisions' },
  { value: 'lead', label: 'What it did' },
] as const;
type Filter = (typeof filters)[number]['value'];

const kindsOf: { readonly [filter in Exclude<Filter, 'all'>]: readonly TimelineRow['kind'][] } = {
  mails: ['mail', 'decision', 'start', 'stop', 'end'],
  lead: ['lead', 'event'],
};

/** Everything that happened, newest first, with its reasons. */
export const Timeline = ({ lead: { timeline, isCut } }: { lead: LeadView }) => {
  const [filter, setFilter] = useState<Filter>('all');
  const rows = filter === 'all' ? timeline : timeline.filter((it) => kindsOf[filter].includes(it.kind));
  return (
    <Section title="Timeline" actions={<Choice label="What is shown" options={filters} value={filter} onChange={setFilter} />}>
      {rows.length === 0 && <p class="note">Nothing of this kind has happened.</p>}
      <ol class="timeline">
        {rows.map((it, at) => (
          <li key={`${it.at} ${at}`} class={it.byMachine ? `${it.kind} by-machine` : it.kind}>
            <time dateTime={it.at} title={inFull(it.at)}>
              {dateTime(it.at)}
            </time>
            <div>
              {withDates(it.what)}
              {it.why && <small>{withDates(it.why)}</small>}
              {it.sequence && it.kind === 'start' && (
                <small>
                  <a href={sequenceUrl(it.sequence)}>{it.sequence}</a>
                </small>
              )}
            </div>
          </li>
        ))}
      </ol>
      {isCut && <p class="note">Older than this there is more; baton explain shows all of it.</p>}
    </Section>
  );
};
