import { setTimeout as sleep } from 'node:timers/promises';

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };
export type Post = (path: string, body: unknown) => Promise<Answer>;

export type ApiOptions = {
  readonly to: string;
  readonly key: string;
  /** For tests. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
};

const attempts = 7;
const firstPause = 500;
const longestPause = 30_000;
const timeOut = 60_000;

/** Posts with the key. Busy, broken or silent: the same again, later and later; the API takes repeats for what they are. */
export const createPost = ({ to, key, pause = sleep }: ApiOptions): Post => {
  const base = safeOrigin(to);
  return async (path, body) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await ask(`${base}${path}`, key, body);
      const isPassing = answer === undefined || answer.status === 429 || answer.status >= 500;
      if (!isPassing) return understood(answer, base);
      if (attempt === attempts)
        throw new Error(`${base} does not take it in (${answer?.status ?? 'no answer'}); run the same again to go on`);
      await pause(pauseBefore(attempt, answer?.retryAfter));
    }
  };
};

/** The key must not go over an open wire. */
const safeOrigin = (to: string): string => {
  const url = URL.canParse(to) ? new URL(to) : undefined;
  const isHere = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere))) throw new Error('--to must be an https address');
  return url.href.replace(/\/$/, '');
};

const ask = async (url: string, key: string, body: unknown): Promise<(Answer & { readonly retryAfter?: number }) | undefined> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeOut),
      redirect: 'error',
    });
    const said = (await response.json().catch(() => ({}))) as Answer['body'];
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    return { status: response.status, body: said, ...(Number.isFinite(retryAfter) && { retryAfter }) };
  } catch {
    return undefined;
  }
};

const understood = (answer: Answer, base: string): Answer => {
  if (answer.status === 401) throw new Error('the API does not know this key (BATON_API_KEY or --key-file)');
  if (answer.status === 404) throw new Error(`there is no Baton API at ${base}; name it with --to`);
  if (typeof answer.body.error === 'string') throw new Error(`the API refuses it: ${answer.body.error}`);
  return answer;
};

const pauseBefore = (attempt: number, retryAfter: number | undefined): number => {
  const grown = Math.min(longestPause, firstPause * 2 ** (attempt - 1));
  return retryAfter === undefined ? grown * (0.5 + Math.random() / 2) : Math.min(longestPause, retryAfter * 1000);
};
