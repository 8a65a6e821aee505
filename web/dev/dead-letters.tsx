import type { DeadLetter } from '../../local/dev/api.ts';
import { useData, useShared } from './data.ts';
import { inFull } from './format.ts';
import { Empty } from './parts.tsx';

export const DeadLetters = () => {
  const { status } = useShared();
  const { data } = useData<readonly DeadLetter[]>('/api/dead-letters');
  if (!data || !status) return <section />;
  return (
    <section class="narrow">
      <h1>Dead letters</h1>
      <p class="lead">Messages that could not be handled, however often they were tried. Whoever looks after Baton needs to see these.</p>
      {data.length === 0 && <Empty>There is none.</Empty>}
      {data.map((it) => (
        <article key={it.id} class="card task">
          <h2>{it.queue}</h2>
          <p class="meta">
            Since {inFull(it.sentAt, status.zone)}, tried {it.receives} times
          </p>
          <pre>{it.body}</pre>
        </article>
      ))}
    </section>
  );
};
