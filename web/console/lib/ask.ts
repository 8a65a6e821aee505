import { repHeader } from '../contract.ts';

/** What went wrong, and what to do about it, in words for whoever reads it. */
export type Trouble = {
  readonly status: number;
  readonly what: string;
  readonly hint?: string;
  /** What is wrong with a form, by its field. */
  readonly fields?: readonly { readonly field: string; readonly what: string }[];
};

let rep: string | undefined;
/** In `baton dev`: whom the page looks as from now on. Nothing that was kept is this rep's. */
export const lookAs = (it: string | undefined): void => {
  rep = it;
  kept.clear();
};
const headersFor = (more: Record<string, string>) => ({
  accept: 'application/json',
  ...more,
  ...(rep !== undefined && { [repHeader]: rep }),
});

type Kept = { readonly etag: string; readonly data: unknown };
const kept = new Map<string, Kept>();
const mostKept = 60;

/** What was answered the last time, to be shown while it is asked for again. */
export const lastOf = <T>(url: string): T | undefined => kept.get(url)?.data as T | undefined;

/** Asks with what is known already: where nothing changed, a 304 brings no body, and the very same object is given back. */
export const ask = async <T>(url: string): Promise<{ readonly data: T } | { readonly trouble: Trouble }> => {
  const before = kept.get(url);
  try {
    const answer = await fetch(url, { headers: headersFor(before ? { 'if-none-match': before.etag } : {}) });
    if (answer.status === 304 && before) return { data: before.data as T };
    if (!answer.ok) return { trouble: await troubleOf(answer) };
    const data = (await answer.json()) as T;
    const etag = answer.headers.get('etag');
    if (etag !== null) keep(url, { etag, data });
    return { data };
  } catch {
    return { trouble: notThere };
  }
};

const keep = (url: string, it: Kept): void => {
  kept.delete(url);
  kept.set(url, it);
  const oldest = kept.size > mostKept ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
};

/** Sends a change as JSON, which no form of another site can. */
export const send = async <T>(url: string, body: unknown): Promise<{ readonly data: T } | { readonly trouble: Trouble }> => {
  try {
    const headers = headersFor({ 'content-type': 'application/json' });
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) return { trouble: await troubleOf(answer) };
    return { data: (await answer.json().catch(() => ({}))) as T };
  } catch {
    return { trouble: notThere };
  }
};

const notThere: Trouble = {
  status: 0,
  what: 'Baton does not answer.',
  hint: 'Look whether you are online; on your own machine, whether it is still running in your terminal. This page goes on by itself.',
};

const hints: { readonly [status: number]: string } = {
  401: 'Sign in again; what you see here stays until you do.',
  403: 'Your group may not do this: ask who looks after Baton to add you to marketing or to sales.',
  404: 'It may have been erased, or the address has a slip in it: go back to the list.',
  409: 'Somebody was faster: look at what stands there now.',
  413: 'Ask for less at once.',
  429: 'Wait a moment and try again.',
  500: 'Try again; if it stays, tell who looks after Baton, with the time.',
};

/** Servers and terminals say it in lower case and without a stop. */
const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`;

const troubleOf = async (answer: Response): Promise<Trouble> => {
  const said = ((await answer.json().catch(() => ({}))) ?? {}) as { error?: unknown; hint?: unknown; problems?: unknown };
  const fields = Array.isArray(said.problems) ? (said.problems as NonNullable<Trouble['fields']>) : undefined;
  const hint = typeof said.hint === 'string' ? said.hint : hints[answer.status >= 500 ? 500 : answer.status];
  return {
    status: answer.status,
    what: typeof said.error === 'string' ? sentence(said.error) : `Baton answered ${answer.status}.`,
    ...(hint !== undefined && { hint }),
    ...(fields && { fields }),
  };
};
