import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { ask, lastOf, type Trouble } from './ask.ts';

/** `beat` changes when what is shown may have changed; `refresh` makes it, `now` is Baton's time. */
export type Pulse = { readonly beat: number; readonly refresh: () => void; readonly now: () => string };
export const SharedPulse = createContext<Pulse>({ beat: 0, refresh: () => undefined, now: () => new Date().toISOString() });
export const usePulse = (): Pulse => useContext(SharedPulse);

export type Data<T> = { readonly data: T | undefined; readonly trouble: Trouble | undefined; readonly again: () => void };

type Found<T> = { readonly url: string; readonly data?: T | undefined; readonly trouble?: Trouble };

/** What stands at an address, kept while it is asked for again at each beat. Undefined: nothing is asked. */
export const useData = <T>(url: string | undefined): Data<T> => {
  const { beat } = usePulse();
  const [found, setFound] = useState<Found<T>>();
  const [asked, setAsked] = useState(0);
  const asking = useAsking<T>(setFound);
  useEffect(() => {
    if (url !== undefined) asking(url);
  }, [url, beat, asked, asking]);
  const fresh = found !== undefined && found.url === url ? found : undefined;
  const data = fresh ? fresh.data : url === undefined ? undefined : lastOf<T>(url);
  return { data, trouble: fresh?.trouble, again: () => setAsked((it) => it + 1) };
};

/** One question at a time: what is asked meanwhile is asked once, afterwards. Else answers that take longer than a beat never came. */
const useAsking = <T>(setFound: (next: (before: Found<T> | undefined) => Found<T>) => void): ((url: string) => void) => {
  const state = useRef<{ url?: string | undefined; isAgain: boolean; isGone: boolean }>({ isAgain: false, isGone: false });
  useEffect(() => {
    state.current.isGone = false;
    return () => {
      state.current.isGone = true;
    };
  }, []);
  return useCallback(
    (url: string) => {
      const mine = state.current;
      if (mine.url === url) {
        mine.isAgain = true;
        return;
      }
      const once = async (): Promise<void> => {
        mine.url = url;
        mine.isAgain = false;
        const answer = await ask<T>(url);
        if (mine.url !== url || mine.isGone) return;
        setFound((before) => merged(before, url, answer));
        if (mine.isAgain) return once();
        mine.url = undefined;
      };
      void once();
    },
    [setFound],
  );
};

/** What was there stays readable while Baton is away for a moment. */
const merged = <T>(before: Found<T> | undefined, url: string, answer: Awaited<ReturnType<typeof ask<T>>>): Found<T> => {
  const same = before?.url === url ? before : undefined;
  if ('data' in answer) return same && same.data === answer.data && !same.trouble ? same : { url, data: answer.data };
  return { url, data: answer.trouble.status === 404 ? undefined : same?.data, trouble: answer.trouble };
};
