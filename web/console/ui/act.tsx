import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { announce } from '../lib/announce.ts';
import { send, type Trouble } from '../lib/ask.ts';
import { usePulse } from '../lib/data.ts';

type Sending = { readonly busy: boolean; readonly trouble: Trouble | undefined; readonly send: () => Promise<boolean> };

/** Sends a change once at a time; true: it was taken. */
export const useSending = (url: string, body: unknown | (() => unknown), done?: string, onDone?: () => void): Sending => {
  const { refresh } = usePulse();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  return {
    busy,
    trouble,
    send: async () => {
      if (busy) return false;
      setBusy(true);
      const answer = await send(url, typeof body === 'function' ? body() : body);
      setBusy(false);
      setTrouble('trouble' in answer ? answer.trouble : undefined);
      refresh();
      if ('trouble' in answer) return false;
      if (done) announce(done);
      onDone?.();
      return true;
    },
  };
};

/** A button that changes something, is off while it does, and says what went wrong. */
export const Act = ({
  url,
  body,
  children,
  kind,
  title,
  label,
  done,
  onDone,
}: {
  url: string;
  body: unknown;
  children: ComponentChildren;
  kind?: 'main' | 'danger';
  title?: string;
  /** For screen readers, where the words on it alone do not say of what. */
  label?: string;
  /** Said when it is done. */
  done?: string;
  onDone?: () => void;
}) => {
  const sending = useSending(url, body, done, onDone);
  return (
    <span class="act">
      <button type="button" class={kind} disabled={sending.busy} title={title} aria-label={label} onClick={() => void sending.send()}>
        {children}
      </button>
      {sending.trouble && <SmallTrouble trouble={sending.trouble} />}
    </span>
  );
};

export const SmallTrouble = ({ trouble }: { trouble: Trouble }) => (
  <small role="alert" class="trouble">
    {trouble.what} {trouble.hint}
  </small>
);
