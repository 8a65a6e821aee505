import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Status } from '../../local/dev/api.ts';

const beatMilliseconds = 1000;

export type Shared = { readonly status: Status | undefined; readonly lost: boolean; readonly refresh: () => void };
export const SharedStatus = createContext<Shared>({ status: undefined, lost: false, refresh: () => undefined });
export const useShared = () => useContext(SharedStatus);

/** Asks for the status once a second; everything else is asked for again when its revision has changed. */
export const useStatus = (): Shared => {
  const [status, setStatus] = useState<Status>();
  const [lost, setLost] = useState(false);
  const refresh = useCallback(() => {
    fetch('/api/status')
      .then((answer) => answer.json())
      .then((it: Status) => {
        setStatus(it);
        setLost(false);
      })
      .catch(() => setLost(true));
  }, []);
  useEffect(() => {
    refresh();
    const timer = setInterval(refresh, beatMilliseconds);
    return () => clearInterval(timer);
  }, [refresh]);
  return { status, lost, refresh };
};

/** What stands at an address, kept while it is asked for again; undefined until the first answer. */
export const useData = <T>(url: string): { readonly data: T | undefined; readonly missing: boolean } => {
  const { status } = useShared();
  const [found, setFound] = useState<{ readonly url: string; readonly data: T | undefined }>();
  const asking = useRef(0);
  useEffect(() => {
    const mine = ++asking.current;
    fetch(url)
      .then((answer) => (answer.ok ? (answer.json() as Promise<T>) : undefined))
      .then((data) => {
        if (mine === asking.current) setFound({ url, data });
      })
      .catch(() => undefined);
  }, [url, status?.revision]);
  const fresh = found?.url === url ? found : undefined;
  return { data: fresh?.data, missing: fresh !== undefined && fresh.data === undefined };
};

/** Sends a change; the answer is undefined, or what is wrong in words. */
export const post = async (url: string, body: unknown): Promise<string | undefined> => {
  try {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (answer.ok) return undefined;
    return ((await answer.json()) as { error?: string }).error ?? 'that did not work';
  } catch {
    return 'Baton does not answer: is it still running in your terminal?';
  }
};
