import type { TaskView } from '../../local/dev/api.ts';
import { useData, useShared } from './data.ts';
import { short } from './format.ts';
import { Empty } from './parts.tsx';

export const Tasks = () => {
  const { status } = useShared();
  const { data } = useData<readonly TaskView[]>('/api/tasks');
  if (!data || !status) return <section />;
  return (
    <section class="narrow">
      <h1>Sales tasks</h1>
      {data.length === 0 && <Empty>No task yet. A lead that fits and shows interest gets one, after the hold of scoring.yaml.</Empty>}
      {data.map((it) => (
        <article key={it.taskId} class="card task">
          <h2>
            <a href={`/leads/${it.leadId}`}>{it.name}</a>
            {it.company && `, ${it.company}`}
          </h2>
          <p class="meta">
            For <b>{it.rep || 'nobody yet'}</b> since {short(it.createdAt, status.zone)} · fit {it.fit}, engagement{' '}
            {Math.round(it.engagement)}
            {it.messageId && (
              <>
                {' '}
                · <a href={`/inbox/${it.messageId}`}>the brief</a>
              </>
            )}
          </p>
          <p class="meta">
            <b>{it.status === 'holding' ? 'held until sales has room' : it.status}</b>
            {it.acceptBy && ` · to be answered by ${short(it.acceptBy, status.zone)}`}
            {it.doNotEmail && ' · do not e-mail'}
            {it.answers.map((answer) => (
              <span key={answer.at}>
                {' '}
                · {answer.words} ({short(answer.at, status.zone)})
              </span>
            ))}
            {it.answerPath && (
              <>
                {' '}
                ·{' '}
                <a href={it.answerPath} target="_blank" rel="noopener">
                  answer as {it.rep}
                </a>
              </>
            )}
          </p>
          <h3>Why now</h3>
          <ul class="plain">
            {it.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          <details>
            <summary>Last touches</summary>
            <ul class="plain">
              {it.touches.map((touch) => (
                <li key={`${touch.at} ${touch.what}`}>
                  <time dateTime={touch.at}>{short(touch.at, status.zone)}</time> {touch.what}
                </li>
              ))}
            </ul>
          </details>
          {it.timeline.length > 1 && (
            <ol class="plain">
              {it.timeline.map((line) => (
                <li key={`${line.at} ${line.words}`}>
                  <time dateTime={line.at}>{short(line.at, status.zone)}</time> {line.words}: {line.because}
                </li>
              ))}
            </ol>
          )}
          {it.routedBecause !== '' && (
            <p class="note">
              Why this rep: {it.routedBecause}.
              {it.passedOver.length > 0 && ` Not ${it.passedOver.map((one) => `${one.rep} (${one.because})`).join(', ')}.`}
            </p>
          )}
        </article>
      ))}
    </section>
  );
};
