import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { paths } from '../contract.ts';
import type { Trouble } from '../lib/ask.ts';
import type { Data } from '../lib/data.ts';

let isFirstPage = true;

/** A view: names the window, and takes the focus to its heading when somebody comes to it from another one. */
export const Page = ({
  title,
  lead,
  actions,
  about,
  children,
}: {
  title: string;
  /** Beside the heading. */
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  /** One line below it. */
  about?: ComponentChildren;
  children: ComponentChildren;
}) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Baton`;
  }, [title]);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);
  return (
    <>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead}
        {actions && <div class="page-actions">{actions}</div>}
      </div>
      {about && <p class="about">{about}</p>}
      {children}
    </>
  );
};

/** What is there; or that it is coming; or what is wrong, and what to do. */
export function Loaded<T>({ of, rows = 6, children }: { of: Data<T>; rows?: number; children: (data: T) => ComponentChildren }) {
  return (
    <>
      {of.trouble && <TroubleBox trouble={of.trouble} again={of.again} isStale={of.data !== undefined} />}
      {of.data !== undefined ? children(of.data) : !of.trouble && <Loading rows={rows} />}
    </>
  );
}

const widths = ['w90', 'w70', 'w80', 'w60'] as const;
const Loading = ({ rows = 6 }: { rows?: number }) => (
  <div class="loading" role="status">
    <span class="unseen">Loading</span>
    {Array.from({ length: rows }, (_, at) => (
      <i key={at} class={widths[at % widths.length]} />
    ))}
  </div>
);

export const TroubleBox = ({ trouble, again, isStale }: { trouble: Trouble; again?: () => void; isStale?: boolean }) => (
  <div class="trouble-box" role="alert">
    <p>
      <b>{trouble.what}</b> {trouble.hint}
      {isStale && ' What stands below was true a moment ago.'}
    </p>
    {trouble.status === 401 && (
      <a class="button main" href={`${paths.signIn}?to=${encodeURIComponent(location.pathname)}`} target="_top">
        Sign in
      </a>
    )}
    {again && (
      <button type="button" onClick={again}>
        Try again
      </button>
    )}
  </div>
);

export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {children && <p>{children}</p>}
  </div>
);

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info';
export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
);

export const Note = ({ tone = 'info', title, children }: { tone?: Tone; title?: string; children: ComponentChildren }) => (
  <div class={`note-box ${tone}`}>
    {title && <p class="note-title">{title}</p>}
    {children}
  </div>
);

export type Figure = { readonly label: string; readonly value: ComponentChildren; readonly note?: ComponentChildren; readonly tone?: Tone };
export const Figures = ({ figures }: { figures: readonly Figure[] }) => (
  <dl class="figures">
    {figures.map((it) => (
      <div key={it.label} class={it.tone}>
        <dt>{it.label}</dt>
        <dd>
          {it.value}
          {it.note !== undefined && <small>{it.note}</small>}
        </dd>
      </div>
    ))}
  </dl>
);

export const Section = ({
  id,
  title,
  about,
  actions,
  children,
}: {
  id?: string;
  title: string;
  about?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) => {
  const name = id ?? `section-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
  return (
    <section class="section" aria-labelledby={name}>
      <div class="section-head">
        <h2 id={name}>{title}</h2>
        {actions}
      </div>
      {about && <p class="about">{about}</p>}
      {children}
    </section>
  );
};

/** One of a few, as buttons side by side. */
export function Choice<V extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { readonly value: V; readonly label: string; readonly title?: string }[];
  value: V | undefined;
  onChange: (value: V) => void;
}) {
  return (
    <fieldset class="choice" aria-label={label}>
      {options.map((it) => (
        <button key={it.value} type="button" title={it.title} aria-pressed={it.value === value} onClick={() => onChange(it.value)}>
          {it.label}
        </button>
      ))}
    </fieldset>
  );
}

/** A meter of a share from 0 to 1, drawn without a style of its own. */
export const Bar = ({ share, tone = 'plain' }: { share: number; tone?: Tone }) => (
  <svg class={`bar ${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="6" />
    <rect class="fill" width={Math.max(0, Math.min(1, share)) * 100} height="6" />
  </svg>
);
