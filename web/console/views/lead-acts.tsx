import { useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { EraseBody, ExitBody, LeadView, PauseLeadBody } from '../contract.ts';
import { useMay } from '../lib/me.ts';
import { apiUrl, viewUrl } from '../lib/url.ts';
import { Act, SmallTrouble, useSending } from '../ui/act.tsx';
import { Dialog } from '../ui/dialog.tsx';

type Open = 'pause' | 'exit' | 'erase';

export const LeadActs = ({ lead }: { lead: LeadView }) => {
  const [open, setOpen] = useState<Open>();
  const [mayPause, mayResume, mayExit, mayErase] = [useMay('pause-lead'), useMay('resume-lead'), useMay('exit-lead'), useMay('erase-lead')];
  const close = () => setOpen(undefined);
  const running = lead.enrolments.filter((it) => it.isRunning);
  if (lead.erasing) return null;
  return (
    <>
      {lead.pausedUntil !== undefined && mayResume && (
        <Act url={apiUrl(`/leads/${lead.leadId}/resume`)} body={{}} done="Mail may go to this lead again.">
          Resume
        </Act>
      )}
      {lead.pausedUntil === undefined && mayPause && (
        <button type="button" onClick={() => setOpen('pause')}>
          Pause …
        </button>
      )}
      {running.length > 0 && mayExit && (
        <button type="button" onClick={() => setOpen('exit')}>
          End a run …
        </button>
      )}
      {mayErase && (
        <button type="button" class="danger" onClick={() => setOpen('erase')}>
          Erase …
        </button>
      )}
      {open === 'pause' && <PauseLead lead={lead} onClose={close} />}
      {open === 'exit' && <ExitRun lead={lead} onClose={close} />}
      {open === 'erase' && <Erase lead={lead} onClose={close} />}
    </>
  );
};

type Asking = { lead: LeadView; onClose: () => void };

const PauseLead = ({ lead, onClose }: Asking) => {
  const [days, setDays] = useState(30);
  const body: PauseLeadBody = { days };
  const sending = useSending(apiUrl(`/leads/${lead.leadId}/pause`), body, `No mail for ${days} days.`, onClose);
  return (
    <Dialog title={`No mail to ${lead.name} for a while?`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void sending.send();
        }}
      >
        <p>It keeps its place in its sequences; they go on when the time is over, or when you resume it.</p>
        <label class="field">
          Days
          <input type="number" min={1} max={365} value={days} onInput={(event) => setDays(event.currentTarget.valueAsNumber)} required />
        </label>
        {sending.trouble && <SmallTrouble trouble={sending.trouble} />}
        <Confirm words="Pause" onClose={onClose} busy={sending.busy} />
      </form>
    </Dialog>
  );
};

const ExitRun = ({ lead, onClose }: Asking) => {
  const running = lead.enrolments.filter((it) => it.isRunning).map((it) => it.sequence);
  const [sequence, setSequence] = useState(running[0] ?? '');
  const body: ExitBody = { sequence };
  const sending = useSending(apiUrl(`/leads/${lead.leadId}/exit`), body, `${sequence} ends for this lead.`, onClose);
  return (
    <Dialog title={`End a run of ${lead.name}?`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void sending.send();
        }}
      >
        <p>It gets no more mail of this sequence. That cannot be taken back; it may enter again later as others do.</p>
        <fieldset class="radios">
          <legend>Which one</legend>
          {running.map((it) => (
            <label key={it}>
              <input type="radio" name="sequence" checked={sequence === it} onChange={() => setSequence(it)} /> {it}
            </label>
          ))}
        </fieldset>
        {sending.trouble && <SmallTrouble trouble={sending.trouble} />}
        <Confirm words="End it" isDanger onClose={onClose} busy={sending.busy} />
      </form>
    </Dialog>
  );
};

const Erase = ({ lead, onClose }: Asking) => {
  const field = useRef<HTMLInputElement>(null);
  const name = useId();
  const { route } = useLocation();
  const body = (): EraseBody => ({ email: field.current?.value.trim() ?? '' });
  const done = () => {
    onClose();
    route(viewUrl('/leads'));
  };
  const sending = useSending(apiUrl(`/leads/${lead.leadId}/erase`), body, 'The lead is being erased.', done);
  return (
    <Dialog title={`Erase ${lead.name} for good?`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void sending.send();
        }}
      >
        <p>
          Everything that is known of this lead goes: its fields, what it did, its score, its mails, its sales tasks’ contents. What stays
          is a scrambled mark, so that nobody writes to it by mistake. It cannot be taken back.
        </p>
        <label class="field" for={name}>
          To be sure, type its address again: <b>{lead.email}</b>
          <input id={name} ref={field} type="email" autoComplete="off" required />
        </label>
        {sending.trouble && <SmallTrouble trouble={sending.trouble} />}
        <Confirm words="Erase for good" isDanger onClose={onClose} busy={sending.busy} />
      </form>
    </Dialog>
  );
};

const Confirm = ({ words, isDanger, onClose, busy }: { words: string; isDanger?: boolean; onClose: () => void; busy: boolean }) => (
  <div class="dialog-acts">
    <button type="button" onClick={onClose}>
      Leave it
    </button>
    <button type="submit" class={isDanger ? 'main danger' : 'main'} disabled={busy}>
      {words}
    </button>
  </div>
);
