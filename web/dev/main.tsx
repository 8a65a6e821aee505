import { render } from 'preact';
import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso';
import { SharedStatus, useStatus } from './data.ts';
import { DeadLetters } from './dead-letters.tsx';
import { Header } from './header.tsx';
import { Inbox } from './inbox.tsx';
import { Lead, Leads } from './leads.tsx';
import { Sequences } from './sequences.tsx';
import { Start } from './start.tsx';
import { Tasks } from './tasks.tsx';

const App = () => {
  const shared = useStatus();
  return (
    <LocationProvider>
      <SharedStatus.Provider value={shared}>
        <Header />
        <main id="main" tabIndex={-1}>
          <ErrorBoundary>
            <Router>
              <Route path="/" component={Start} />
              <Route path="/inbox" component={Inbox} />
              <Route path="/inbox/:messageId" component={Inbox} />
              <Route path="/leads" component={Leads} />
              <Route path="/leads/:leadId" component={Lead} />
              <Route path="/sequences" component={Sequences} />
              <Route path="/sequences/:sequence" component={Sequences} />
              <Route path="/tasks" component={Tasks} />
              <Route path="/dead-letters" component={DeadLetters} />
              <Route default component={Lost} />
            </Router>
          </ErrorBoundary>
        </main>
      </SharedStatus.Provider>
    </LocationProvider>
  );
};

const Lost = () => (
  <section class="narrow">
    <h1>There is no such page</h1>
    <p>
      Go to <a href="/">the start</a>.
    </p>
  </section>
);

const root = document.getElementById('app');
if (root) render(<App />, root);
