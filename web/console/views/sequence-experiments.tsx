import { ChartWithTable } from '../charts/chart.tsx';
import { IntervalChart } from '../charts/intervals.tsx';
import type { ExperimentShown } from '../contract.ts';
import { dateTime, number, percent, signed } from '../lib/format.ts';
import { Badge, Section, type Tone } from '../ui/parts.tsx';

const tones: { readonly [state: string]: Tone } = { published: 'good', won: 'good', advised: 'info', withdrawn: 'warn' };

export const Experiments = ({ experiments }: { experiments: readonly ExperimentShown[] }) =>
  experiments.length === 0 ? null : (
    <Section title="Experiments" about="A dot is what was seen, its line where the true rate lies. The lines hold however often one looks.">
      <div class="stack">
        {experiments.map((it) => (
          <Experiment key={it.split} shown={it} />
        ))}
      </div>
    </Section>
  );

const Experiment = ({ shown }: { shown: ExperimentShown }) => {
  const arms = shown.arms.filter((it) => it.rate !== undefined);
  const lift = (by: number) => `${signed(by * 100, 0)} %`;
  return (
    <article class="card">
      <div class="section-head">
        <h3>{shown.title}</h3>
        <Badge tone={tones[shown.state] ?? 'plain'}>{shown.state}</Badge>
      </div>
      <p>{shown.words}</p>
      {arms.length > 0 && (
        <IntervalChart
          label={`Rates of ${shown.title}: ${shown.armWords.join('; ')}`}
          rows={arms.map((it) => ({
            name: it.holdout ? `${it.arm} (holdout)` : it.arm,
            is: it.rate?.is ?? 0,
            from: it.rate?.from ?? 0,
            to: it.rate?.upTo ?? 0,
            isAhead: it.arm === shown.arm,
          }))}
        />
      )}
      <ChartWithTable
        name={`${shown.sequence}-${shown.split}`}
        table={{
          caption: `Arms of ${shown.title}${shown.asOf ? `, as of ${dateTime(shown.asOf)}` : ''}`,
          columns: [
            { name: 'Arm' },
            { name: 'Leads', isNumber: true },
            { name: 'Converted', isNumber: true },
            { name: 'Rate', isNumber: true },
            { name: 'From', isNumber: true },
            { name: 'To', isNumber: true },
            { name: 'Against the holdout', isNumber: true },
          ],
          rows: shown.arms.map((it) => [
            it.holdout ? `${it.arm} (holdout)` : it.arm,
            number(it.leads),
            number(it.conversions),
            ...(it.rate ? [percent(it.rate.is), percent(it.rate.from), percent(it.rate.upTo)] : ['–', '–', '–']),
            it.lift ? `${lift(it.lift.by)} (${lift(it.lift.from)} to ${it.lift.upTo === undefined ? 'any' : lift(it.lift.upTo)})` : '–',
          ]),
          plain: shown.arms.map((it) => [it.arm, it.leads, it.conversions, it.rate?.is, it.rate?.from, it.rate?.upTo, it.lift?.by]),
        }}
      />
    </article>
  );
};
