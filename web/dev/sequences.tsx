import { useEffect, useRef } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { SequenceView } from '../../local/dev/api.ts';
import { useData } from './data.ts';
import { counted } from './format.ts';
import { Empty } from './parts.tsx';

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
              <span class="count">{it.running}</span>
            </a>
          ))}
        </nav>
      </div>
      {shown && <Sequence view={shown} />}
    </section>
  );
};

/** Where it is wider than the screen, its middle is what one wants to see first. */
const Diagram = ({ svg }: { svg: string }) => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = (box.current.scrollWidth - box.current.clientWidth) / 2;
  }, []);
  return <div class="diagram" ref={box} dangerouslySetInnerHTML={{ __html: svg }} />;
};

const Sequence = ({ view }: { view: SequenceView }) => (
  <div class="columns">
    <Diagram key={view.sequence} svg={view.svg} />
    <aside>
      <h2>{view.sequence}</h2>
      <p>
        {counted(view.entered, 'lead')} entered, {view.running} under way.
      </p>
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
