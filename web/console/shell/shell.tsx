import { useState } from 'preact/hooks';
import type { ViewName } from '../contract.ts';
import { useShared } from '../dev/dev-data.ts';
import { DevNotices } from '../dev/dev-notices.tsx';
import { DevStrip } from '../dev/dev-strip.tsx';
import { regionId } from '../lib/announce.ts';
import { useMe } from '../lib/me.ts';
import { viewUrl } from '../lib/url.ts';
import { useGoKeys } from './go-keys.ts';
import { KeyHelp } from './key-help.tsx';
import { Nav, type Place } from './nav.tsx';
import { Views } from './views.tsx';
import { Whoami } from './whoami.tsx';

const places: readonly (Place & { readonly of: ViewName })[] = [
  { path: viewUrl('/sequences'), label: 'Sequences', short: 'Sequences', icon: 'sequences', of: 'sequences' },
  { path: viewUrl('/leads'), label: 'Leads', short: 'Leads', icon: 'leads', of: 'leads' },
  { path: viewUrl('/tasks'), label: 'Sales inbox', short: 'Inbox', icon: 'tasks', of: 'tasks' },
  { path: viewUrl('/team'), label: 'Sales team', short: 'Team', icon: 'team', of: 'team' },
  { path: viewUrl('/report'), label: 'Report', short: 'Report', icon: 'report', of: 'report' },
  { path: viewUrl('/operations'), label: 'Operations', short: 'Health', icon: 'operations', of: 'operations' },
];

export const Shell = ({ askMe }: { askMe: () => void }) => {
  const me = useMe();
  const { status } = useShared();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const showHelp = () => setHelpOpen(true);
  useGoKeys(showHelp);
  const devPlaces: readonly Place[] = [
    { path: '/', label: 'Start', short: 'Start', icon: 'start' },
    { path: '/inbox', label: 'Local mails', short: 'Mails', icon: 'mails', count: status?.mails },
  ];
  return (
    <div class={me.isDev ? 'shell is-dev' : 'shell'}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="side">
        <a class="brand" href={me.isDev ? '/' : viewUrl('')}>
          <b>Baton</b>
          {me.isDev && <i>dev</i>}
          <span>{me.company}</span>
        </a>
        <Nav label="Pages" places={places.filter((it) => me.sees.includes(it.of))} />
        {me.isDev && <Nav label="This machine" places={devPlaces} />}
        <Whoami showHelp={showHelp} askMe={askMe} />
      </header>
      <div class="body">
        {me.isDev && <DevStrip />}
        {me.isDev && <DevNotices />}
        <main id="main" tabIndex={-1}>
          <Views />
        </main>
      </div>
      <div id={regionId} class="unseen" role="status" aria-live="polite" />
      {isHelpOpen && <KeyHelp onClose={() => setHelpOpen(false)} />}
    </div>
  );
};
