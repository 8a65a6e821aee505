import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { post, useShared } from './data.ts';

/** A button that changes something, is off while it does, and says what went wrong. */
export const Act = ({
  url,
  body,
  children,
  kind,
  title,
}: {
  url: string;
  body: unknown;
  children: ComponentChildren;
  kind?: 'main' | 'danger';
  title?: string;
}) => {
  const { refresh } = useShared();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const act = async () => {
    setBusy(true);
    setTrouble(await post(url, body));
    setBusy(false);
    refresh();
  };
  return (
    <span class="act">
      <button type="button" class={kind} disabled={busy} title={title} onClick={() => void act()}>
        {children}
      </button>
      {trouble && (
        <small role="alert" class="trouble">
          {trouble}
        </small>
      )}
    </span>
  );
};

export const Search = ({ value, onChange, label }: { value: string; onChange: (text: string) => void; label: string }) => (
  <input
    class="search"
    type="search"
    value={value}
    placeholder={label}
    aria-label={label}
    onInput={(event) => onChange(event.currentTarget.value)}
  />
);

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;

export const More = ({ shown, total, onMore }: { shown: number; total: number; onMore: () => void }) =>
  shown < total ? (
    <button type="button" class="more" onClick={onMore}>
      Show older ({(total - shown).toLocaleString('en-GB')} more)
    </button>
  ) : null;
