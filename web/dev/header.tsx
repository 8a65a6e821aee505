import { useLocation } from 'preact-iso';
import type { Speed } from '../../local/dev/api.ts';
import { post, useShared } from './data.ts';
import { counted, inFull } from './format.ts';

const pages = [
  { path: '/', label: 'Start' },
  { path: '/inbox', label: 'Inbox' },
  { path: '/leads', label: 'Leads' },
  { path: '/sequences', label: 'Sequences' },
  { path: '/tasks', label: 'Sales tasks' },
] as const;

const speeds: readonly { readonly speed: Speed; readonly label: string; readonly title: string }[] = [
  { speed: 'paused', label: 'Pause', title: 'Time stands still' },
  { speed: 'real', label: 'Real time', title: 'As on your clock' },
  { speed: 'hour', label: '1 h/s', title: 'An hour passes every second' },
  { speed: 'day', label: '1 day/s', title: 'A day passes every second' },
];

export const Header = () => {
  const { status, lost } = useShared();
  const { path } = useLocation();
  const counts: { readonly [path: string]: number | undefined } = {
    '/inbox': status?.mails,
    '/leads': status?.leads,
    '/tasks': status?.tasks,
  };
  return (
    <header>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="bar">
        <a class="brand" href="/">
          <b>Baton</b> dev <span>{status?.company}</span>
        </a>
        <Clock />
      </div>
      <nav aria-label="Pages">
        {pages.map((it) => (
          <a key={it.path} href={it.path} aria-current={isAt(path, it.path) ? 'page' : undefined}>
            {it.label}
            {counts[it.path] ? <span class="count">{counts[it.path]?.toLocaleString('en-GB')}</span> : null}
          </a>
        ))}
        <a href="/report" target="_blank" rel="noopener">
          Report
        </a>
      </nav>
      {lost && (
        <p class="alarm" role="alert">
          Baton does not answer. Is it still running in your terminal? Start it again with <code>npx baton dev</code>: it goes on where it
          was.
        </p>
      )}
      {status && status.deadLetters > 0 && (
        <p class="alarm" role="alert">
          {counted(status.deadLetters, 'message')} could not be handled: see the <a href="/dead-letters">dead letters</a>.
        </p>
      )}
      {status?.wholePauses.map((it) => (
        <p key={it.what} class="alarm" role="status">
          <b>{it.what === 'everything' ? 'Everything' : 'All sending'}</b> is paused since {inFull(it.at, status.zone)}: {it.why}.{' '}
          <a href="/sequences">Go on</a>
        </p>
      ))}
      {status?.paused.map((it) => (
        <p key={it} class="alarm" role="status">
          <b>{it}</b> is paused: none of its mails go. <a href={`/sequences/${it}`}>See why</a>
        </p>
      ))}
    </header>
  );
};

const isAt = (path: string, page: string) => (page === '/' ? path === '/' : path === page || path.startsWith(`${page}/`));

const Clock = () => {
  const { status, refresh } = useShared();
  if (!status) return <div class="clock" />;
  const set = (url: string, body: unknown) => void post(url, body).then(refresh);
  return (
    <div class="clock">
      <time dateTime={status.now} title={`Baton's own time, in ${status.zone}`}>
        {inFull(status.now, status.zone)}
        {status.runningTo && <small> time runs …</small>}
      </time>
      <fieldset class="group" aria-label="How fast time passes">
        {speeds.map((it) => (
          <button
            key={it.speed}
            type="button"
            title={it.title}
            aria-pressed={status.speed === it.speed}
            onClick={() => set('/api/speed', { speed: it.speed })}
          >
            {it.label}
          </button>
        ))}
      </fieldset>
      <fieldset class="group" aria-label="Jump ahead">
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
    </div>
  );
};
