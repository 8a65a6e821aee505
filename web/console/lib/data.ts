import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { ask, lastOf, type Trouble } from './ask.ts';

/** `beat` changes when what is shown may have changed; `refresh` makes it, `now` is Baton's time. */
export type Pulse = { readonly beat: number; readonly refresh: () => void; readonly now: () => string };
export const SharedPulse = createContext<Pulse>({ beat: 0, refresh: () => undefined, now: () => new Date().toISOString() });
export const usePulse = (): Pulse => useContext(SharedPulse);

export type Data<T> = { readonly data: T | undefined; readonly trouble: Trouble | undefined; readonly again: () => void };

/** What stands at an address, kept while it is asked for again at each beat. Undefined: nothing is asked. */
export const useData = <T>(url: string | undefined): Data<T> => {
  const { beat } = usePulse();
  const [found, setFound] = useState<{ readonly url: string; readonly data?: T | undefined; readonly trouble?: Trouble }>();
  const [asked, setAsked] = useState(0);
  const asking = useRef(0);
  useEffect(() => {
    if (url === undefined) return;
    const mine = ++asking.current;
    void ask<T>(url).then((answer) => {
      if (mine !== asking.current) return;
      if ('data' in answer)
        return setFound((it) => (it?.url === url && it.data === answer.data && !it.trouble ? it : { url, data: answer.data }));
      // What was there stays readable while Baton is away for a moment.
      setFound((it) => ({ url, data: it?.url === url && answer.trouble.status !== 404 ? it.data : undefined, trouble: answer.trouble }));
    });
  }, [url, beat, asked]);
  const fresh = found !== undefined && found.url === url ? found : undefined;
  const data = fresh ? fresh.data : url === undefined ? undefined : lastOf<T>(url);
  return { data, trouble: fresh?.trouble, again: () => setAsked((it) => it + 1) };
};
