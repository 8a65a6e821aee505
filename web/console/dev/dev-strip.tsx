import type { Speed } from '../contract.ts';
import { send } from '../lib/ask.ts';
import { calendarDay, inFull } from '../lib/format.ts';
import { useShared } from './dev-data.ts';

const speeds: readonly { readonly speed: Speed; readonly label: string; readonly title: string }[] = [
  { speed: 'paused', label: 'Pause', title: 'Time stands still' },
  { speed: 'real', label: 'Real time', title: 'As on your clock' },
  { speed: 'hour', label: '1 h/s', title: 'An hour passes every second' },
  { speed: 'day', label: '1 day/s', title: 'A day passes every second' },
];

/** Baton's own time on this machine, and how it passes. */
export const DevStrip = () => {
  const { status, refresh } = useShared();
  const set = (url: string, body: unknown) => void send(url, body).then(refresh);
  return (
    <section class="dev-strip" aria-label="Time on this machine">
      {status ? (
        <time dateTime={status.now} title="Baton's own time">
          {inFull(status.now)}
          {status.runningTo && <small> on its way to {calendarDay(status.runningTo)}</small>}
        </time>
      ) : (
        <time> </time>
      )}
      <fieldset class="choice" aria-label="How fast time passes">
        {speeds.map((it) => (
          <button
            key={it.speed}
            type="button"
            title={it.title}
            aria-pressed={status?.speed === it.speed}
            onClick={() => set('/api/speed', { speed: it.speed })}
          >
            {it.label}
          </button>
        ))}
      </fieldset>
      <fieldset class="choice" aria-label="Jump ahead">
        <button type="button" title="To the next thing that happens to a lead" onClick={() => set('/api/ahead', {})}>
          Next event
        </button>
        <button type="button" title="Let a day pass" onClick={() => set('/api/ahead', { seconds: 86_400 })}>
          +1 day
        </button>
        <button type="button" title="Let a week pass" onClick={() => set('/api/ahead', { seconds: 7 * 86_400 })}>
          +1 week
        </button>
      </fieldset>
    </section>
  );
};
