import { useState } from 'preact/hooks';
import type { SequenceView } from '../contract.ts';
import { dateTime } from '../lib/format.ts';
import { useMay } from '../lib/me.ts';
import { apiUrl } from '../lib/url.ts';
import { Act } from '../ui/act.tsx';
import { Note } from '../ui/parts.tsx';
import { PauseDialog } from './pause-dialog.tsx';

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
        <Note tone="bad" title={paused.byItself ? 'It paused itself' : paused.who === undefined ? 'Paused' : `Paused by ${paused.who}`}>
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
      {isOpen && (
        <PauseDialog what={view.sequence} url={apiUrl(`/sequences/${view.sequence}/pause`)} onClose={() => setOpen(false)}>
          No mail of it goes until somebody resumes it. Leads keep their places, and nobody gets anything twice.
        </PauseDialog>
      )}
    </>
  );
};
