import { useMemo } from 'preact/hooks';
import { LocationProvider } from 'preact-iso/router';
import type { Me } from '../contract.ts';
import { SharedStatus, useStatus } from '../dev/dev-data.ts';
import { type Pulse, SharedPulse, useData } from '../lib/data.ts';
import { setZone } from '../lib/format.ts';
import { SharedMe } from '../lib/me.ts';
import { apiUrl } from '../lib/url.ts';
import { TroubleBox } from '../ui/parts.tsx';
import { useBeat } from './beat.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';

export const App = () => (
  <LocationProvider>
    <Whose />
  </LocationProvider>
);

/** Who looks, before anything is drawn for them. */
const Whose = () => {
  const { data: me, trouble, again } = useData<Me>(apiUrl('/me'));
  if (trouble?.status === 401) return <SignIn />;
  if (!me)
    return trouble ? (
      <main class="alone">
        <h1>Baton</h1>
        <TroubleBox trouble={trouble} again={again} />
      </main>
    ) : null;
  setZone(me.zone);
  return <Whole me={me} again={again} />;
};

const Whole = ({ me, again }: { me: Me; again: () => void }) => {
  const dev = useStatus(me.isDev);
  const { beat, refresh } = useBeat(me, dev);
  const pulse = useMemo<Pulse>(() => ({ beat, refresh, now: () => dev.status?.now ?? nowOf(me) }), [beat, refresh, dev.status?.now, me]);
  return (
    <SharedMe.Provider value={me}>
      <SharedStatus.Provider value={dev}>
        <SharedPulse.Provider value={pulse}>
          <Shell askMe={again} />
        </SharedPulse.Provider>
      </SharedStatus.Provider>
    </SharedMe.Provider>
  );
};

const opened = performance.now();
/** By the server's clock, not by that of this machine. */
const nowOf = ({ now }: Me): string => new Date(Date.parse(now) + performance.now() - opened).toISOString();
