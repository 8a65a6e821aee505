import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { SmallTrouble, useSending } from '../ui/act.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Asks why something is to stop, and stops it. `more`: what else the route wants to know. */
export const PauseDialog = ({
  what,
  url,
  more,
  onClose,
  children,
}: {
  what: string;
  url: string;
  more?: object;
  onClose: () => void;
  children: ComponentChildren;
}) => {
  const field = useRef<HTMLInputElement>(null);
  const why = useId();
  const body = () => ({ ...more, why: field.current?.value.trim() || 'paused by hand' });
  const sending = useSending(url, body, `${what} is paused.`, onClose);
  return (
    <Dialog title={`Pause ${what}?`} onClose={onClose}>
      <p>{children}</p>
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
