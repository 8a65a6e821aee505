import { useCallback, useEffect, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import { ChartWithTable } from '../charts/chart.tsx';
import { Diagram, type DiagramFigures } from '../charts/diagram.tsx';
import type { SimulationFrame, SimulationView } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { calendarDay, counted, day, number } from '../lib/format.ts';
import { useKeys } from '../lib/keys.ts';
import { apiUrl, viewUrl } from '../lib/url.ts';
import { Choice, Figures, Loaded, Page, Section } from '../ui/parts.tsx';

/** A rehearsal over the diagram, day by day. */
export const Simulation = () => {
  const { name = '' } = useRoute().params;
  const { query, route } = useLocation();
  const view = useData<SimulationView>(apiUrl(`/simulations/${name}`, { ...(query.sequence && { sequence: query.sequence }) }));
  const { data } = view;
  return (
    <>
      <p class="crumb">
        <a href={viewUrl('/sequences')}>← All sequences</a>
      </p>
      <Page
        title={`Rehearsal ${name}`}
        about={
          data &&
          `${counted(data.leads, 'made-up lead')} over ${counted(data.days, 'day')}, simulated on ${day(data.at)}. Nothing was sent.`
        }
        actions={
          data &&
          data.sequences.length > 1 && (
            <Choice
              label="Sequence"
              options={data.sequences.map((it) => ({ value: it, label: it }))}
              value={data.sequence}
              onChange={(sequence) => route(viewUrl(`/simulations/${name}`, { sequence }), true)}
            />
          )
        }
      >
        <Loaded of={view}>{(it) => <Replay key={it.sequence} view={it} />}</Loaded>
      </Page>
    </>
  );
};

const perDayMilliseconds = 220;
/** Whoever wants little motion gets whole days, slowly. */
const calmMilliseconds = 1000;
const wantsCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

const usePlayer = (length: number) => {
  const [at, setAt] = useState(length - 1);
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => setAt((it) => Math.min(length - 1, it + 1)), wantsCalm() ? calmMilliseconds : perDayMilliseconds);
    return () => clearInterval(timer);
  }, [isPlaying, length]);
  useEffect(() => {
    if (at >= length - 1) setPlaying(false);
  }, [at, length]);
  const toggle = useCallback(() => {
    setAt((it) => (it >= length - 1 ? 0 : it));
    setPlaying((it) => !it);
  }, [length]);
  return { at, setAt, isPlaying, toggle };
};

const Replay = ({ view }: { view: SimulationView }) => {
  const { at, setAt, isPlaying, toggle } = usePlayer(view.frames.length);
  useKeys({ p: toggle });
  const frame = view.frames[at];
  if (!frame) return null;
  const said = `Day ${frame.day}, ${calendarDay(frame.date)}`;
  return (
    <>
      <Figures
        figures={[
          { label: 'Entered', value: number(frame.entered) },
          { label: 'Under way', value: number(frame.entered - frame.ended) },
          { label: 'Ended', value: number(frame.ended) },
          { label: 'E-mails so far', value: number(frame.sent) },
          { label: 'Qualified', value: number(frame.qualified) },
        ]}
      />
      <div class="player">
        <button type="button" class="main" onClick={toggle} aria-label={isPlaying ? 'Pause the replay' : 'Play the replay'}>
          {isPlaying ? 'Pause' : 'Play'}
        </button>
        <input
          type="range"
          aria-label="Day of the simulation"
          aria-valuetext={said}
          min={0}
          max={view.frames.length - 1}
          value={at}
          onInput={(event) => setAt(Number(event.currentTarget.value))}
        />
        <output>{said}</output>
      </div>
      <div class="replay">
        <Diagram diagram={view.diagram} figures={figuresOf(frame)} name={view.sequence} />
      </div>
      <FrameTable view={view} frame={frame} />
    </>
  );
};

const figuresOf = (frame: SimulationFrame): DiagramFigures => ({
  node: ({ id, kind }) => {
    const came = frame.came[id];
    return {
      lines: came === undefined ? [] : [`${number(came)} came`],
      ...(came !== undefined && kind !== 'start' && frame.entered > 0 && { share: came / frame.entered }),
      here: frame.here[id] ?? 0,
    };
  },
  edge: ({ label }) => ({ text: label }),
});

const FrameTable = ({ view, frame }: { view: SimulationView; frame: SimulationFrame }) => (
  <Section title="Day by day" about="The whole course as a table, and each step on the day that is shown.">
    <div class="stack">
      <ChartWithTable
        name={`${view.name}-${view.sequence}-day-${frame.day}`}
        table={{
          caption: `Steps of ${view.sequence} on day ${frame.day}`,
          columns: [{ name: 'Step' }, { name: 'There now', isNumber: true }, { name: 'Came by so far', isNumber: true }],
          rows: view.diagram.nodes.map((it) => [it.title, number(frame.here[it.id] ?? 0), number(frame.came[it.id] ?? 0)]),
        }}
      />
      <ChartWithTable
        name={`${view.name}-${view.sequence}`}
        table={{
          caption: `${view.sequence}, day by day`,
          columns: ['Day', 'Date', 'Entered', 'Ended', 'E-mails', 'Qualified'].map((it, at) => ({ name: it, isNumber: at > 1 })),
          rows: view.frames.map((it) => [
            String(it.day),
            calendarDay(it.date),
            ...[it.entered, it.ended, it.sent, it.qualified].map((count) => number(count)),
          ]),
          plain: view.frames.map((it) => [it.day, it.date, it.entered, it.ended, it.sent, it.qualified]),
        }}
      />
    </div>
  </Section>
);
