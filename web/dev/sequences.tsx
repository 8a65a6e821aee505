import { useEffect, useRef } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { ExperimentShown, PauseView, SequenceView } from '../../local/dev/api.ts';
import { useData, useShared } from './data.ts';
import { counted, inFull } from './format.ts';
import { Act, Empty } from './parts.tsx';

export const Sequences = () => {
  const { sequence } = useRoute().params;
  const { data } = useData<readonly SequenceView[]>('/api/sequences');
  if (!data) return <Empty>Counting …</Empty>;
  if (data.length === 0) return <Empty>There is no sequence in the marketing folder yet.</Empty>;
  const shown = data.find((it) => it.sequence === sequence) ?? data[0];
  return (
    <section>
      <div class="over">
        <h1>Sequences</h1>
        <nav class="tabs" aria-label="Sequences">
          {data.map((it) => (
            <a key={it.sequence} href={`/sequences/${it.sequence}`} aria-current={it === shown ? 'page' : undefined}>
              {it.sequence}
              {it.off ? (
                <span class="count stopped">off</span>
              ) : it.paused ? (
                <span class="count stopped">paused</span>
              ) : (
                <span class="count">{it.running}</span>
              )}
            </a>
          ))}
        </nav>
      </div>
      <WholePauses />
      {shown?.paused && <Paused sequence={shown.sequence} pause={shown.paused} />}
      {shown?.off && <Off inside={shown.off} />}
      {shown && <Sequence view={shown} />}
    </section>
  );
};

const insideInWords: { readonly [inside in NonNullable<SequenceView['off']>]: string } = {
  hold: 'Those in it wait where they are until it is on again.',
  finish: 'Those in it go on to the end.',
  exit: 'Those in it get no more mail, and leave when their wait is over.',
};

const Off = ({ inside }: { inside: NonNullable<SequenceView['off']> }) => (
  <div class="stop" role="status">
    <h2>Switched off</h2>
    <p>
      Nobody enters. {insideInWords[inside]} <span class="note">It says so in its sequence.yaml (enabled: false).</span>
    </p>
  </div>
);

/** Where it is wider than the screen, its middle is what one wants to see first. */
const Diagram = ({ svg }: { svg: string }) => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = (box.current.scrollWidth - box.current.clientWidth) / 2;
  }, []);
  return <div class="diagram" ref={box} dangerouslySetInnerHTML={{ __html: svg }} />;
};

const Paused = ({ sequence, pause }: { sequence: string; pause: PauseView }) => {
  const { status } = useShared();
  return (
    <div class="stop" role="status">
      <h2>{pause.byItself ? 'It paused itself' : 'Paused'}</h2>
      <p>{pause.why}.</p>
      <p class="note">
        Since {inFull(pause.at, status?.zone ?? 'UTC')}. Leads keep their places and get nothing twice; who waits looks again within 12
        hours after it goes on.
      </p>
      <Act url={`/api/sequences/${sequence}/resume`} body={{}} kind="main">
        Resume
      </Act>
    </div>
  );
};

const PauseIt = ({ sequence }: { sequence: string }) => (
  <Act url={`/api/sequences/${sequence}/pause`} body={{}} title="No mail of it goes until you resume it">
    Pause it
  </Act>
);

const wholes = [
  { what: 'sends', pause: 'Pause all sending', resume: 'Let sending go on', title: 'No mail to leads goes; leads still enter and leave' },
  { what: 'everything', pause: 'Pause everything', resume: 'Let everything go on', title: 'No mail goes and no new run begins' },
] as const;

const WholePauses = () => {
  const { status } = useShared();
  const isPaused = (what: string) => status?.wholePauses.some((it) => it.what === what) ?? false;
  return (
    <div class="over">
      {wholes.map(({ what, pause, resume, title }) =>
        isPaused(what) ? (
          <Act key={what} url={`/api/pauses/${what}/resume`} body={{}} kind="main">
            {resume}
          </Act>
        ) : (
          <Act key={what} url={`/api/pauses/${what}/pause`} body={{}} title={title}>
            {pause}
          </Act>
        ),
      )}
    </div>
  );
};

const Experiment = ({ shown }: { shown: ExperimentShown }) => (
  <>
    <h2>{shown.title}</h2>
    <dl class="arms">
      {shown.arms.map((it) => (
        <div key={it.arm}>
          <dt>{it.isAhead ? <strong>{it.arm}</strong> : it.arm}</dt>
          <dd>{it.words}</dd>
        </div>
      ))}
    </dl>
    <p class="note">{shown.words}</p>
  </>
);

const Sequence = ({ view }: { view: SequenceView }) => (
  <div class="columns">
    <Diagram key={view.sequence} svg={view.svg} />
    <aside>
      <h2>{view.sequence}</h2>
      <p>
        {counted(view.entered, 'lead')} entered, {view.running} under way.
      </p>
      {!view.paused && <PauseIt sequence={view.sequence} />}
      {view.experiments.map((it) => (
        <Experiment key={it.title} shown={it} />
      ))}
      {view.endings.length > 0 && (
        <>
          <h2>Why leads ended</h2>
          <table class="score">
            <tbody>
              {view.endings.map((it) => (
                <tr key={it.ending}>
                  <td>{it.words}</td>
                  <td class="number">{it.leads}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <p class="note">
        Version {view.version}. Numbers on the lines say how many went that way; those of an older version that is still under way count
        too.
      </p>
    </aside>
  </div>
);
