import { useEffect, useState } from 'preact/hooks';
import type { DeadLetters as Letters, OperationsView } from '../contract.ts';
import { send } from '../lib/ask.ts';
import { counted, dateTime, number } from '../lib/format.ts';
import { useMay } from '../lib/me.ts';
import { apiUrl } from '../lib/url.ts';
import { SmallTrouble, useSending } from '../ui/act.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Section } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';

export const DeadLetters = ({ view: { deadLetters } }: { view: OperationsView }) => {
  const mayRedrive = useMay('redrive');
  const [asked, setAsked] = useState<{ readonly queue: string; readonly count: number }>();
  const rows = deadLetters.filter((it) => it.count > 0);
  return (
    <Section title="Dead letters" about="Messages that could not be handled, however often they were tried.">
      {rows.length === 0 ? (
        <p class="note">There is none.</p>
      ) : (
        <Table
          caption="Dead letters by queue"
          rows={rows}
          keyOf={(it) => it.queue}
          columns={[
            { head: 'Queue', isName: true, cell: (it) => it.queue },
            { head: 'Messages', isNumber: true, cell: (it) => number(it.count) },
            {
              head: 'Act',
              cell: (it) =>
                mayRedrive && (
                  <button type="button" onClick={() => setAsked(it)}>
                    Try them again …
                  </button>
                ),
            },
          ]}
        />
      )}
      {asked && <Redrive {...asked} onClose={() => setAsked(undefined)} />}
    </Section>
  );
};

const Redrive = ({ queue, count, onClose }: { queue: string; count: number; onClose: () => void }) => {
  const sending = useSending(apiUrl('/operations/redrive'), { queue }, `Messages of ${queue} are tried again.`, onClose);
  const letters = useLook(queue);
  return (
    <Dialog title={`Try ${counted(count, 'message')} again?`} onClose={onClose}>
      <p>
        They go back to <b>{queue}</b>. Nothing happens twice: whatever was done already is known. Do it once the cause is gone, or they
        come back here.
      </p>
      {letters === undefined ? <p class="note">Looking at them …</p> : <LetterList letters={letters} count={count} />}
      {sending.trouble && <SmallTrouble trouble={sending.trouble} />}
      <div class="dialog-acts">
        <button type="button" onClick={onClose}>
          Leave them
        </button>
        <button type="button" class="main" disabled={sending.busy} onClick={() => void sending.send()}>
          Try again
        </button>
      </div>
    </Dialog>
  );
};

/** What would go back; nothing goes by being looked at. undefined: not known yet. */
const useLook = (queue: string): Letters['letters'] | undefined => {
  const [letters, setLetters] = useState<Letters['letters']>();
  useEffect(() => {
    void send<Letters>(apiUrl('/operations/dead-letters'), { queue }).then((it) => setLetters('data' in it ? it.data.letters : []));
  }, [queue]);
  return letters;
};

const LetterList = ({ letters, count }: Letters & { count: number }) => (
  <>
    <ul class="plain" aria-label="What would go back">
      {letters.map(({ messageId, sentAt, receives, ids }) => (
        <li key={messageId}>
          {Object.entries(ids)
            .map(([name, id]) => `${name} ${id}`)
            .join(', ') || 'no id that is known'}
          <small>
            {' '}
            since {dateTime(sentAt)}, tried {counted(receives, 'time')}
          </small>
        </li>
      ))}
    </ul>
    {letters.length < count && <p class="note">{number(count - letters.length)} more are not shown.</p>}
    <p class="note">
      Why they failed, and one of them alone: <code>npx baton redrive</code>.
    </p>
  </>
);
