import { useId, useRef, useState } from 'preact/hooks';
import type { PauseBody, SequenceView } from '../contract.ts';
import { dateTime } from '../lib/format.ts';
import { useMay } from '../lib/me.ts';
import { apiUrl } from '../lib/url.ts';
import { Act, SmallTrouble, useSending } from '../ui/act.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Note } from '../ui/parts.tsx';

const insideInWords: { readonly [inside in NonNullable<SequenceView['off']>]: string } = {
  hold: 'Those in it wait where they are until it is on again.',
  finish: 'Those in it go on to the end.',
  exit: 'Those in it get no more mail, and leave when their wait is over.',
};

/** Why nothing goes, where nothing does. */
export const Stops = ({ view: { sequence, paused, off } }: { view: SequenceView }) => {
  const mayResume = useMay('resume-sequence');
  return (
    <>
      {paused && (
        <Note tone="bad" title={paused.byItself ? 'It paused itself' : 'Paused'}>
          <p>
            {paused.why}. Since {dateTime(paused.at)}. Leads keep their places and get nothing twice; who waits looks again within 12 hours
            after it goes on.
          </p>
          {mayResume && (
            <Act url={apiUrl(`/sequences/${sequence}/resume`)} body={{}} kind="main" done={`${sequence} goes on.`}>
              Resume
            </Act>
          )}
        </Note>
      )}
      {off && (
        <Note tone="warn" title="Switched off">
          <p>
            Nobody enters. {insideInWords[off]} It says so in its sequence.yaml (<code>enabled: false</code>).
          </p>
        </Note>
      )}
    </>
  );
};

export const PauseSequence = ({ view }: { view: SequenceView }) => {
  const mayPause = useMay('pause-sequence');
  const [isOpen, setOpen] = useState(false);
  if (!mayPause || view.paused) return null;
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} title="No mail of it goes until you resume it">
        Pause it
      </button>
      {isOpen && <AskWhy sequence={view.sequence} onClose={() => setOpen(false)} />}
    </>
  );
};

const AskWhy = ({ sequence, onClose }: { sequence: string; onClose: () => void }) => {
  const field = useRef<HTMLInputElement>(null);
  const why = useId();
  const body = (): PauseBody => ({ why: field.current?.value.trim() || 'paused by hand' });
  const sending = useSending(apiUrl(`/sequences/${sequence}/pause`), body, `${sequence} is paused.`, onClose);
  return (
    <Dialog title={`Pause ${sequence}?`} onClose={onClose}>
      <p>No mail of it goes until somebody resumes it. Leads keep their places, and nobody gets anything twice.</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void sending.send();
        }}
      >
        <label class="field" for={why}>
          Why, for those who see it later
          <input id={why} ref={field} maxLength={300} placeholder="the price list changes on Monday" />
        </label>
        {sending.trouble && <SmallTrouble trouble={sending.trouble} />}
        <div class="dialog-acts">
          <button type="button" onClick={onClose}>
            Let it run
          </button>
          <button type="submit" class="main" disabled={sending.busy}>
            Pause
          </button>
        </div>
      </form>
    </Dialog>
  );
};
