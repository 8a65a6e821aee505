import type { Choices } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { Act } from '../ui/act.tsx';

/** In somebody's place; only where leads are played. */
export const DoAs = ({ leadId }: { leadId: string }) => {
  const { data: choices } = useData<Choices>('/api/choices');
  const url = `/api/leads/${leadId}/act`;
  return (
    <section class="as-reader" aria-label="Do what the lead would do">
      <h2>Do what the lead would do</h2>
      <div class="acts">
        {choices?.paths.map((it) => (
          <Act key={it} url={url} body={{ visit: it }}>
            Visit {it}
          </Act>
        ))}
        {choices?.events.map((it) => (
          <Act key={it} url={url} body={{ event: it }}>
            {it}
          </Act>
        ))}
      </div>
    </section>
  );
};
