import { ChartWithTable } from '../charts/chart.tsx';
import { CurveChart } from '../charts/curve.tsx';
import type { ScoreView } from '../contract.ts';
import { dateTime, day, number, signed } from '../lib/format.ts';
import { Badge, Figures, Section } from '../ui/parts.tsx';

/** Points, how they came about over time, and the lines that matter. */
export const Score = ({ score }: { score: ScoreView }) => (
  <Section title="Score">
    <Figures
      figures={[
        { label: 'Fit', value: number(score.fit) },
        { label: 'Engagement', value: number(score.engagement, 1) },
        ...(score.grade === undefined ? [] : [{ label: 'Grade', value: score.grade }]),
      ]}
    />
    <p class="verdict">
      <Badge tone={score.qualifies ? 'good' : 'plain'}>{score.qualifies ? 'ready for sales' : 'not ready yet'}</Badge>
    </p>
    {score.words.map((it) => (
      <p key={it} class="note">
        {it}
      </p>
    ))}
    <ChartWithTable
      name="score"
      table={{
        caption: 'Engagement at the end of each day',
        columns: [{ name: 'Day' }, { name: 'Engagement', isNumber: true }],
        rows: score.curve.map((it) => [day(it.at), number(it.engagement, 1)]),
        plain: score.curve.map((it) => [it.at, it.engagement]),
      }}
    >
      {score.curve.length > 1 && (
        <CurveChart
          curve={{
            label: `Engagement over time, now ${number(score.engagement, 1)}. ${score.thresholds.map((it) => `${it.what} at ${number(it.at)}`).join('; ')}`,
            points: score.curve.map((it) => ({ at: it.at, value: it.engagement })),
            thresholds: score.thresholds,
          }}
        />
      )}
    </ChartWithTable>
    <h3 class="score-lines-head">What made it</h3>
    {score.lines.length === 0 ? (
      <p class="note">No points yet.</p>
    ) : (
      <dl class="pairs score-lines">
        {score.lines.map((it, at) => (
          <div key={`${it.because} ${it.at ?? ''} ${at}`}>
            <dt>
              {it.because}
              <small>{[it.at && dateTime(it.at), it.why].filter(Boolean).join(' · ')}</small>
            </dt>
            <dd>
              {signed(it.now)}
              {it.now !== it.points && <small>of {signed(it.points)}</small>}
            </dd>
          </div>
        ))}
      </dl>
    )}
  </Section>
);
