import { useState } from 'preact/hooks';
import type { Choices, NewLead } from '../contract.ts';
import { send } from '../lib/ask.ts';
import { useData, usePulse } from '../lib/data.ts';
import { counted } from '../lib/format.ts';
import { viewUrl } from '../lib/url.ts';
import { Act } from '../ui/act.tsx';
import { Page } from '../ui/parts.tsx';
import { useShared } from './dev-data.ts';

export const Start = () => (
  <Page
    title="Your sequences, running on this machine"
    about="This is all of Baton: the same code as on AWS, with a mail service, a table and a clock of its own. No mail leaves this machine. Stop it and start it again, and everything goes on where it was."
  >
    <div class="start-cards">
      <div>
        <SampleList />
        <Then />
      </div>
      <AddLead />
    </div>
  </Page>
);

const SampleList = () => (
  <div class="card sample">
    <h2>Play a whole list</h2>
    <SampleState />
  </div>
);

const SampleState = () => {
  const { status } = useShared();
  if (!status) return null;
  const { sample, leads, mails, tasks } = status;
  if (sample.imported)
    return (
      <p>
        The sample list is in: {counted(leads, 'lead')}, {counted(mails, 'mail')} and {counted(tasks, 'sales task')} so far. Let{' '}
        <b>+1 week</b> pass and look at the <a href={viewUrl('/sequences')}>sequences</a>.
      </p>
    );
  if (sample.importing) return <p role="status">The sample list is coming in: {counted(leads, 'lead')} so far …</p>;
  return (
    <>
      <p>
        Imports <code>{sample.file}</code>.{' '}
        {sample.people
          ? 'Made-up people open, click, visit and leave by themselves, so that a month is interesting.'
          : 'Nobody does anything unless you do it for them, as you started with --no-people.'}
      </p>
      <p class="acts">
        <Act url="/api/import" body={{ people: sample.people }} kind="main">
          Import the sample list
        </Act>
        {sample.people && (
          <Act url="/api/import" body={{ people: false }} title="Nobody does anything unless you do it for them">
            Import without people
          </Act>
        )}
      </p>
    </>
  );
};

const Then = () => (
  <>
    <h2>Then</h2>
    <ol class="steps">
      <li>
        Let time pass, at the top: <b>Next event</b> goes to the next thing that happens, <b>+1 day</b> lets a day go by.
      </li>
      <li>
        Choose a mail in the <a href="/inbox">local mails</a> and do what its reader would do: open it, follow a link, leave.
      </li>
      <li>
        See what Baton made of it on the lead's <a href={viewUrl('/leads')}>timeline</a>: every mail that went, every one that did not, and
        why.
      </li>
      <li>
        When a lead is ready, sales gets a <a href={viewUrl('/tasks')}>task</a> with the reasons, and the mails stop.
      </li>
    </ol>
  </>
);

type Said = { readonly good: boolean; readonly text: string };

const AddLead = () => {
  const { data: choices } = useData<Choices>('/api/choices');
  const { refresh } = usePulse();
  const [said, setSaid] = useState<Said>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const lead = leadOf(new FormData(form), choices);
    const answer = await send('/api/leads', lead);
    const isIn = 'data' in answer;
    setSaid({ good: isIn, text: isIn ? `${lead.email} is in. Press “Next event” at the top.` : answer.trouble.what });
    if (isIn) form.reset();
    refresh();
  };
  return (
    <form class="card" onSubmit={(event) => void submit(event)}>
      <h2>Play one lead by hand</h2>
      <AboutLead />
      <label>
        Begins{' '}
        <select name="start" key={choices ? 'ready' : 'waiting'}>
          {choices?.starts.map((it) => (
            <option key={it.sequence} value={it.sequence}>
              {'event' in it.start
                ? `${it.sequence}: does ${it.start.event}`
                : `${it.sequence}: comes with the list “${it.start.imported}”`}
            </option>
          ))}
          <option value="">in no sequence yet</option>
        </select>
      </label>
      <fieldset>
        <legend>Agreed to</legend>
        {choices?.topics.map((it) => (
          <label key={it.topic} class="check">
            <input type="checkbox" name="topic" value={it.topic} defaultChecked /> {it.label}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="main">
        Add the lead
      </button>
      <p role="status" class={said?.good === false ? 'trouble' : 'good'}>
        {said?.text}
      </p>
    </form>
  );
};

const AboutLead = () => (
  <>
    <label>
      E-mail address <input name="email" type="email" required placeholder="kim@hillview.example" autoComplete="off" />
    </label>
    <div class="pair">
      <label>
        First name <input name="first-name" autoComplete="off" />
      </label>
      <label>
        Company <input name="company" autoComplete="off" />
      </label>
      <label>
        Country <input name="country" placeholder="IE" maxLength={2} autoComplete="off" />
      </label>
      <label>
        Employees <input name="employees" inputMode="numeric" placeholder="120" autoComplete="off" />
      </label>
    </div>
  </>
);

const fieldNames = ['first-name', 'company', 'country', 'employees'] as const;

const leadOf = (form: FormData, choices: Choices | undefined): NewLead => {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return {
    email: text('email'),
    fields: Object.fromEntries(fieldNames.map((name) => [name, text(name)])),
    topics: form.getAll('topic').map(String),
    start: choices?.starts.find((it) => it.sequence === text('start'))?.start,
  };
};
