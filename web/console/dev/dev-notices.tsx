import { counted } from '../lib/format.ts';
import { sequenceUrl, viewUrl } from '../lib/url.ts';
import { useShared } from './dev-data.ts';

/** What one must know of on every page of `baton dev`. */
export const DevNotices = () => {
  const { status, lost } = useShared();
  return (
    <>
      {lost && (
        <p class="alarm" role="alert">
          Baton does not answer. Is it still running in your terminal? Start it again with <code>npx baton dev</code>: it goes on where it
          was.
        </p>
      )}
      {status && status.deadLetters > 0 && (
        <p class="alarm" role="alert">
          {counted(status.deadLetters, 'message')} could not be handled: see <a href={viewUrl('/operations')}>operations</a>.
        </p>
      )}
      {status?.paused.map((it) => (
        <p key={it} class="alarm" role="status">
          <b>{it}</b> is paused: none of its mails go. <a href={sequenceUrl(it)}>See why</a>
        </p>
      ))}
    </>
  );
};
