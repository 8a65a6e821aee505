import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Me } from '../contract.ts';
import type { Shared } from '../dev/dev-data.ts';

const everyMilliseconds = 15_000;

/**
 * When to ask again. On AWS: every quarter of a minute while somebody looks, mostly answered by 304. In `baton dev`: when something has
 * changed.
 */
export const useBeat = (me: Me, dev: Shared): { readonly beat: number; readonly refresh: () => void } => {
  const [count, setCount] = useState(0);
  const next = useCallback(() => setCount((it) => it + 1), []);
  useEffect(() => {
    if (me.isDev) return;
    const ifSeen = () => {
      if (document.visibilityState === 'visible') next();
    };
    const timer = setInterval(ifSeen, everyMilliseconds);
    document.addEventListener('visibilitychange', ifSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ifSeen);
    };
  }, [me.isDev, next]);
  const refresh = useCallback(() => {
    next();
    dev.refresh();
  }, [next, dev.refresh]);
  return { beat: count + (dev.status?.revision ?? 0), refresh };
};
