import { useEffect, useState } from 'preact/hooks';
import type { DeadLetters as Letters, OperationsView } from '../contract.ts';
import { send } from '../lib/ask.ts';
import { counted, dateTime, number } from '../lib/format.ts';
import { useMay } from '../lib/me.ts';
import { apiUrl } from '../lib/url.ts';
import { Act, SmallTrouble, useSending } from '../ui/act.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Section } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';

export const DeadLetters = ({ view: { deadLetters } }: { view: OperationsView }) => {
  const mayRedrive = useMay('redrive');
  const [asked, setAsked] = useState<string>();
  const rows = deadLetters.filter((it) => it.count > 0);
  const count = rows.find((it) => it.queue === asked)?.count;
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
                  <button type="button" onClick={() => setAsked(it.queue)}>
                    See why, try again …
                  </button>
                ),
            },
          ]}
        />
      )}
      {asked !== undefined && count !== undefined && <Redrive queue={asked} count={count} onClose={() => setAsked(undefined)} />}
    </Section>
  );
};

/** Open for as long as something lies there. */
const Redrive = ({ queue, count, onClose }: { queue: string; count: number; onClose: () => void }) => {
  const sending = useSending(apiUrl('/operations/redrive'), { queue }, `Messages of ${queue} are tried again.`, onClose);
  return (
    <Dialog title={`Try ${counted(count, 'message')} again?`} onClose={onClose}>
      <p>
        They go back to <b>{queue}</b>. Nothing happens twice: whatever was done already is known. Do it once the cause is gone, or they
        come back here.
      </p>
      <LetterList queue={queue} count={count} />
      {sending.trouble && <SmallTrouble trouble={sending.trouble} />}
      <div class="dialog-acts">
        <button type="button" onClick={onClose}>
          Leave them
        </button>
        <button type="button" class="main" disabled={sending.busy} onClick={() => void sending.send()}>
          {count === 1 ? 'Try again' : 'Try all again'}
        </button>
      </div>
    </Dialog>
  );
};

/** What would go back; nothing goes by being looked at. undefined: not known yet. */
const useLook = (queue: string, count: number) => {
  const [answer, setAnswer] = useState<Awaited<ReturnType<typeof send<Letters>>>>();
  // Another count: others lie there now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    void send<Letters>(apiUrl('/operations/dead-letters'), { queue }).then(setAnswer);
  }, [queue, count]);
  return answer;
};

type Letter = Letters['letters'][number];

const LetterList = ({ queue, count }: { queue: string; count: number }) => {
  const answer = useLook(queue, count);
  const [gone, setGone] = useState<readonly string[]>([]);
  if (answer === undefined) return <p class="note">Looking at them …</p>;
  if ('trouble' in answer) return <SmallTrouble trouble={answer.trouble} />;
  const letters = answer.data.letters.filter((it) => !gone.includes(it.messageId));
  const more = count - letters.length;
  return (
    <>
      <ul class="plain letters" aria-label="What would go back">
        {letters.map((it) => (
          <li key={it.messageId}>
            <LetterWords letter={it} />
            {count > 1 && (
              <Act
                url={apiUrl('/operations/redrive')}
                body={{ queue, messageId: it.messageId }}
                label={`Try only this one again: ${idsInWords(it)}`}
                done="This one is tried again."
                onDone={() => setGone([...gone, it.messageId])}
              >
                Only this one
              </Act>
            )}
          </li>
        ))}
      </ul>
      {more > 0 && <p class="note">{number(more)} more are not shown.</p>}
      {answer.data.note !== undefined && <p class="note">{answer.data.note}.</p>}
      <p class="note">
        To throw one away that can never succeed: <code>npx baton redrive --discard</code>.
      </p>
    </>
  );
};

const idsInWords = ({ ids }: Letter): string =>
  Object.entries(ids)
    .map(([name, id]) => `${name} ${id}`)
    .join(', ') || 'no id that is known';

const LetterWords = ({ letter }: { letter: Letter }) => {
  const { sentAt, receives, error, failedAt, means } = letter;
  return (
    <span>
      {idsInWords(letter)}
      <small>
        {' '}
        since {dateTime(sentAt)}, tried {counted(receives, 'time')}
      </small>
      <br />
      <small>
        {error === undefined ? (
          'Why is not known: the log has no error of it.'
        ) : (
          <>
            Why: <b>{error}</b>
            {failedAt !== undefined && `, ${dateTime(failedAt)}`}
            {means !== undefined && `: ${means}`}
          </>
        )}
      </small>
    </span>
  );
};
