import { Diagram, liveFigures } from '../charts/diagram.tsx';
import type { SequenceView, VersionRow } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { counted } from '../lib/format.ts';
import { apiUrl } from '../lib/url.ts';
import { Loaded, Note } from '../ui/parts.tsx';
import type { Asked } from './sequence.tsx';

const nameOf = ({ version, isCurrent, running }: VersionRow): string =>
  [`${version.slice(0, 12)}${isCurrent ? ', the current one' : ''}`, `${counted(running, 'lead')} on it`].join(' · ');

/** Which version is shown, and beside which; nothing while there is one alone. */
export const VersionChoice = ({ view, asked, ask }: { view: SequenceView; asked: Asked; ask: (more: Asked) => void }) => {
  if (view.versions.length < 2) return null;
  const others = view.versions.filter((it) => it.version !== view.version);
  return (
    <div class="fields versions">
      <label>
        Version
        <select value={view.version} onChange={(event) => ask({ version: event.currentTarget.value, compare: '' })}>
          {view.versions.map((it) => (
            <option key={it.version} value={it.version}>
              {nameOf(it)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Beside it
        <select value={asked.compare ?? ''} onChange={(event) => ask({ compare: event.currentTarget.value })}>
          <option value="">no other</option>
          {others.map((it) => (
            <option key={it.version} value={it.version}>
              {nameOf(it)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
};

/** Two versions side by side, each with its own figures, and what differs in words. */
export const Compared = ({ view, asked }: { view: SequenceView; asked: Asked }) => {
  const other = useData<SequenceView>(
    apiUrl(`/sequences/${view.sequence}`, { ...(asked.days && { days: asked.days }), ...(asked.compare && { version: asked.compare }) }),
  );
  return (
    <>
      {view.differences && (
        <Note title={`What ${view.version.slice(0, 12)} changes`}>
          <ul class="plain">
            {view.differences.words.map((it) => (
              <li key={it}>{it}</li>
            ))}
            {view.differences.words.length === 0 && <li>Nothing that leads would notice.</li>}
          </ul>
        </Note>
      )}
      <div class="side-by-side">
        <div>
          <h3>{view.version.slice(0, 12)}</h3>
          <Diagram diagram={view.diagram} figures={liveFigures} name={`version ${view.version.slice(0, 12)}`} />
        </div>
        <div>
          <h3>{(asked.compare ?? '').slice(0, 12)}</h3>
          <Loaded of={other}>
            {(data) => <Diagram diagram={data.diagram} figures={liveFigures} name={`version ${data.version.slice(0, 12)}`} />}
          </Loaded>
        </div>
      </div>
    </>
  );
};
