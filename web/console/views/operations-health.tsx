import { ChartWithTable } from '../charts/chart.tsx';
import type { HealthRow, OperationsView } from '../contract.ts';
import { number, percent } from '../lib/format.ts';
import { sequenceUrl } from '../lib/url.ts';
import { Badge, Bar, Section, type Tone } from '../ui/parts.tsx';

const tones: { readonly [says in HealthRow['says']]: Tone } = { good: 'good', watch: 'warn', bad: 'bad', 'too few to say': 'plain' };

/** Bounces and complaints against the lines at which a sequence pauses itself. */
export const Health = ({ view: { health } }: { view: OperationsView }) => (
  <Section title="Deliverability" about="A full bar is where a sequence pauses itself.">
    {health.length === 0 ? (
      <p class="note">Nothing was sent lately.</p>
    ) : (
      <>
        <ul class="plain health">
          {health.map((it) => (
            <One key={it.sequence} row={it} />
          ))}
        </ul>
        <ChartWithTable
          name="deliverability"
          table={{
            caption: 'Bounces and complaints by sequence',
            columns: ['Sequence', 'Delivered', 'Bounced', 'Bounces', 'At most', 'Complaints', 'Rate', 'At most '].map((name, at) => ({
              name,
              isNumber: at > 0,
            })),
            rows: health.map((it) => [
              it.sequence,
              number(it.delivered),
              number(it.bounced),
              percent(it.bounceShare),
              percent(it.mostBounces),
              number(it.complained),
              percent(it.complaintShare),
              percent(it.mostComplaints),
            ]),
          }}
        />
      </>
    )}
  </Section>
);

const toneOf = (share: number, most: number): Tone => (share >= most ? 'bad' : share >= most / 2 ? 'warn' : 'good');

const One = ({ row }: { row: HealthRow }) => (
  <li class="card health-row">
    <p class="row">
      <a href={sequenceUrl(row.sequence)}>{row.sequence}</a> <Badge tone={tones[row.says]}>{row.says}</Badge>
      <small>{number(row.delivered)} delivered</small>
    </p>
    <div>
      <small>
        Bounces {percent(row.bounceShare)} of at most {percent(row.mostBounces)}
      </small>
      <Bar share={row.bounceShare / row.mostBounces} tone={toneOf(row.bounceShare, row.mostBounces)} />
    </div>
    <div>
      <small>
        Complaints {percent(row.complaintShare)} of at most {percent(row.mostComplaints)}
      </small>
      <Bar share={row.complaintShare / row.mostComplaints} tone={toneOf(row.complaintShare, row.mostComplaints)} />
    </div>
  </li>
);
