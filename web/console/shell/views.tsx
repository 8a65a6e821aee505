import { useEffect } from 'preact/hooks';
import lazy, { ErrorBoundary } from 'preact-iso/lazy';
import { Route, Router, useLocation } from 'preact-iso/router';
import { useMe } from '../lib/me.ts';
import { viewUrl } from '../lib/url.ts';
import { Page } from '../ui/parts.tsx';

const SequenceList = lazy(() => import('../views/sequence-list.tsx').then((it) => it.SequenceList));
const Sequence = lazy(() => import('../views/sequence.tsx').then((it) => it.Sequence));
const Simulation = lazy(() => import('../views/simulation.tsx').then((it) => it.Simulation));
const Leads = lazy(() => import('../views/leads.tsx').then((it) => it.Leads));
const Lead = lazy(() => import('../views/lead.tsx').then((it) => it.Lead));
const Tasks = lazy(() => import('../views/tasks.tsx').then((it) => it.Tasks));
const Team = lazy(() => import('../views/team.tsx').then((it) => it.Team));
const Report = lazy(() => import('../views/report.tsx').then((it) => it.Report));
const Operations = lazy(() => import('../views/operations.tsx').then((it) => it.Operations));
const Start = lazy(() => import('../dev/start.tsx').then((it) => it.Start));
const Mails = lazy(() => import('../dev/mails.tsx').then((it) => it.Mails));

const firstOf: readonly (readonly [RegExp, { readonly preload: () => unknown }])[] = [
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
void firstOf.find(([path]) => path.test(location.pathname))?.[1].preload();

/** Each view is loaded when it is first looked at; the others once the first one stands. */
export const Views = () => {
  const { isDev } = useMe();
  useEffect(() => {
    const all = [SequenceList, Sequence, Leads, Lead, Tasks, Team, Report, Operations, Simulation, ...(isDev ? [Start, Mails] : [])];
    const timer = setTimeout(() => all.forEach((it) => void it.preload()), 1500);
    return () => clearTimeout(timer);
  }, [isDev]);
  return (
    <ErrorBoundary>
      <Router>
        <Route path={viewUrl('/sequences')} component={SequenceList} />
        <Route path={viewUrl('/sequences/:sequence')} component={Sequence} />
        <Route path={viewUrl('/simulations/:name')} component={Simulation} />
        <Route path={viewUrl('/leads')} component={Leads} />
        <Route path={viewUrl('/leads/:leadId')} component={Lead} />
        <Route path={viewUrl('/tasks/:taskId?')} component={Tasks} />
        <Route path={viewUrl('/team')} component={Team} />
        <Route path={viewUrl('/report')} component={Report} />
        <Route path={viewUrl('/operations')} component={Operations} />
        {isDev ? <Route path="/" component={Start} /> : []}
        {isDev ? <Route path="/inbox/:messageId?" component={Mails} /> : []}
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
