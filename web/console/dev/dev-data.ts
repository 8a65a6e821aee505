import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import type { Status } from '../contract.ts';

const beatMilliseconds = 1000;

export type Shared = { readonly status: Status | undefined; readonly lost: boolean; readonly refresh: () => void };
export const SharedStatus = createContext<Shared>({ status: undefined, lost: false, refresh: () => undefined });
export const useShared = () => useContext(SharedStatus);

/** Asks for the status of `baton dev` once a second; everything else is asked for again when its revision has changed. */
export const useStatus = (isOn: boolean): Shared => {
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
    if (!isOn) return;
    refresh();
    const timer = setInterval(refresh, beatMilliseconds);
    return () => clearInterval(timer);
  }, [refresh, isOn]);
  return { status, lost, refresh };
};
