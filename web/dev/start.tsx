import { useState } from 'preact/hooks';
import type { Choices, NewLead } from '../../local/dev/api.ts';
import { post, useData, useShared } from './data.ts';
import { counted } from './format.ts';
import { Act } from './parts.tsx';

export const Start = () => {
  const { status } = useShared();
  if (!status) return <section class="narrow" />;
  return (
    <section class="narrow">
      <h1>Your sequences, running on this machine</h1>
      <p class="lead">
        This is all of Baton: the same code as on AWS, with a mail service, a table and a clock of its own. No mail leaves this machine.
        Stop it and start it again, and everything goes on where it was.
      </p>
      <div class="cards">
        <div class="card">
          <h2>Play a whole list</h2>
          {status.sample.imported ? (
            <p>
              The sample list is in: {counted(status.leads, 'lead')}, {counted(status.mails, 'mail')} so far. Let <b>+1 week</b> pass and
              look at the <a href="/sequences">sequences</a>.
            </p>
          ) : (
            <>
              <p>
                Imports <code>{status.sample.file}</code>. Made-up people open, click, visit and leave by themselves, so that a month is
                interesting.
              </p>
              <p>
                <Act url="/api/import" body={{ people: true }} kind="main">
                  Import the sample list
                </Act>{' '}
                <Act url="/api/import" body={{ people: false }} title="Nobody does anything unless you do it for them">
                  Import without people
                </Act>
              </p>
            </>
          )}
        </div>
        <AddLead />
      </div>
      <h2>Then</h2>
      <ol class="steps">
        <li>
          Let time pass, at the top: <b>Next event</b> goes to the next thing that happens, <b>+1 day</b> lets a day go by.
        </li>
        <li>
          Open a mail in the <a href="/inbox">inbox</a> and do what its reader would do: open it, follow a link, leave.
        </li>
        <li>
          Look at what Baton made of it: on the lead's <a href="/leads">timeline</a>, with the reason for every mail that went and that did
          not.
        </li>
        <li>
          When a lead is ready, sales gets a <a href="/tasks">task</a> with the reasons, and the mails stop.
        </li>
      </ol>
    </section>
  );
};

const AddLead = () => {
  const { data: choices } = useData<Choices>('/api/choices');
  const { refresh } = useShared();
  const [said, setSaid] = useState<{ readonly good: boolean; readonly text: string }>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const lead = leadOf(new FormData(form), choices);
    const trouble = await post('/api/leads', lead);
    setSaid(
      trouble === undefined ? { good: true, text: `${lead.email} is in. Press “Next event” at the top.` } : { good: false, text: trouble },
    );
    if (trouble === undefined) form.reset();
    refresh();
  };
  return (
    <form class="card" onSubmit={(event) => void submit(event)}>
      <h2>Play one lead by hand</h2>
      <label>
        E-mail address <input name="email" type="email" required placeholder="kim@example.com" autoComplete="off" />
      </label>
      <div class="pair">
        <label>
          First name <input name="first-name" autoComplete="off" />
        </label>
        <label>
          Company <input name="company" autoComplete="off" />
        </label>
      </div>
      <div class="pair">
        <label>
          Country <input name="country" placeholder="DE" maxLength={2} autoComplete="off" />
        </label>
        <label>
          Employees <input name="employees" inputMode="numeric" placeholder="120" autoComplete="off" />
        </label>
      </div>
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
