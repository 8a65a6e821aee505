import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import lazy, { ErrorBoundary } from 'preact-iso/lazy';
import { Route, Router, useLocation } from 'preact-iso/router';
import { useMe } from '../lib/me.ts';
import { viewUrl } from '../lib/url.ts';
import { Page } from '../ui/parts.tsx';

/** A view's file may be gone: the console was deployed anew since this page was opened. Or the network is. */
const view = (load: () => Promise<ComponentType>) => {
  const component: ComponentType = lazy(() => load().catch(() => Stale));
  return { component, fetch: () => void load().catch(() => undefined) };
};

const Stale = () => (
  <Page title="This view did not come">
    <p>There may be a newer version of the console, or the network is away for a moment.</p>
    <p>
      <button type="button" class="main" onClick={() => location.reload()}>
        Load it again
      </button>
    </p>
  </Page>
);

const SequenceList = view(() => import('../views/sequence-list.tsx').then((it) => it.SequenceList));
const Sequence = view(() => import('../views/sequence.tsx').then((it) => it.Sequence));
const Simulation = view(() => import('../views/simulation.tsx').then((it) => it.Simulation));
const Leads = view(() => import('../views/leads.tsx').then((it) => it.Leads));
const Lead = view(() => import('../views/lead.tsx').then((it) => it.Lead));
const Tasks = view(() => import('../views/tasks.tsx').then((it) => it.Tasks));
const Team = view(() => import('../views/team.tsx').then((it) => it.Team));
const Report = view(() => import('../views/report.tsx').then((it) => it.Report));
const Operations = view(() => import('../views/operations.tsx').then((it) => it.Operations));
const Start = view(() => import('../dev/start.tsx').then((it) => it.Start));
const Mails = view(() => import('../dev/mails.tsx').then((it) => it.Mails));

const firstOf: readonly (readonly [RegExp, { readonly fetch: () => void }])[] = [
  [/^\/console\/sequences$/, SequenceList],
  [/^\/console\/sequences\//, Sequence],
  [/^\/console\/leads$/, Leads],
  [/^\/console\/leads\//, Lead],
  [/^\/console\/tasks/, Tasks],
  [/^\/console\/team/, Team],
  [/^\/console\/report/, Report],
  [/^\/console\/operations/, Operations],
];
/** The first view comes while it is still asked who looks. */
firstOf.find(([path]) => path.test(location.pathname))?.[1].fetch();

/** Each view is loaded when it is first looked at; the others once the first one stands. */
export const Views = () => {
  const { isDev } = useMe();
  useEffect(() => {
    const all = [SequenceList, Sequence, Leads, Lead, Tasks, Team, Report, Operations, Simulation, ...(isDev ? [Start, Mails] : [])];
    const timer = setTimeout(() => {
      for (const it of all) it.fetch();
    }, 1500);
    return () => clearTimeout(timer);
  }, [isDev]);
  return (
    <ErrorBoundary>
      <Router>
        <Route path={viewUrl('/sequences')} component={SequenceList.component} />
        <Route path={viewUrl('/sequences/:sequence')} component={Sequence.component} />
        <Route path={viewUrl('/simulations/:name')} component={Simulation.component} />
        <Route path={viewUrl('/leads')} component={Leads.component} />
        <Route path={viewUrl('/leads/:leadId')} component={Lead.component} />
        <Route path={viewUrl('/tasks/:taskId?')} component={Tasks.component} />
        <Route path={viewUrl('/team')} component={Team.component} />
        <Route path={viewUrl('/report')} component={Report.component} />
        <Route path={viewUrl('/operations')} component={Operations.component} />
        {isDev ? <Route path="/" component={Start.component} /> : []}
        {isDev ? <Route path="/inbox/:messageId?" component={Mails.component} /> : []}
        <Route path={viewUrl('')} component={First} />
        <Route default component={Lost} />
      </Router>
    </ErrorBoundary>
  );
};

/** Whoever is of sales alone begins with their tasks. */
const First = () => {
  const me = useMe();
  const { route } = useLocation();
  useEffect(() => {
    route(viewUrl(me.sees.includes('sequences') ? '/sequences' : '/tasks'), true);
  }, [me, route]);
  return null;
};

const Lost = () => (
  <Page title="There is no such page">
    <p>
      The address has a slip in it, or what stood here is gone. Go to <a href={viewUrl('')}>where you begin</a>.
    </p>
  </Page>
);
