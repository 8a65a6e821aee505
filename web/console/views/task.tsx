import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { AnswerKind, TaskView } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { dateTime, number, withDates } from '../lib/format.ts';
import { apiUrl, leadUrl, sequenceUrl, viewUrl } from '../lib/url.ts';
import { Badge, Figures, Loaded, Note, type Tone } from '../ui/parts.tsx';
import { AnswerDialog } from './task-answer.tsx';
import { Sla } from './task-sla.tsx';

type Answering = { answering: AnswerKind | undefined; setAnswering: (kind: AnswerKind | undefined) => void; next: () => void };

/** One task: who it is, why now, and what one may answer. */
export const Task = ({ taskId, ...answering }: { taskId: string } & Answering) => {
  const task = useData<TaskView>(apiUrl(`/tasks/${taskId}`));
  const { route, query } = useLocation();
  return (
    <article class="task">
      <button type="button" class="back" onClick={() => route(viewUrl('/tasks', { status: query.status, rep: query.rep }))}>
        ← All tasks
      </button>
      <Loaded of={task}>{(it) => <Whole task={it} {...answering} />}</Loaded>
    </article>
  );
};

const buttons: { readonly [answer in AnswerKind]: { readonly words: string; readonly key: string; readonly kind?: 'main' | 'danger' } } = {
  accept: { words: 'Accept', key: 'a', kind: 'main' },
  reject: { words: 'Reject', key: 'r', kind: 'danger' },
  recycle: { words: 'Recycle', key: 'c' },
  won: { words: 'Won', key: 'w', kind: 'main' },
  lost: { words: 'Lost', key: 'l', kind: 'danger' },
};

const Whole = ({ task, answering, setAnswering, next }: { task: TaskView } & Answering) => {
  const choice = task.mayAnswer.find((it) => it.answer === answering);
  const isDeaf = answering !== undefined && choice === undefined;
  return (
    <>
      <Head task={task} />
      <div class="answer-bar">
        {task.mayAnswer.map(({ answer }) => (
          <button
            key={answer}
            type="button"
            class={buttons[answer].kind}
            aria-label={buttons[answer].words}
            aria-keyshortcuts={buttons[answer].key}
            onClick={() => setAnswering(answer)}
          >
            {buttons[answer].words}
            <kbd>{buttons[answer].key}</kbd>
          </button>
        ))}
      </div>
      {isDeaf && <NotNow task={task} answer={answering} close={() => setAnswering(undefined)} />}
      {choice && <AnswerDialog key={choice.answer} task={task} choice={choice} onClose={() => setAnswering(undefined)} next={next} />}
      <About task={task} />
    </>
  );
};

const tones: { readonly [status in TaskView['status']]?: Tone } = { open: 'info', accepted: 'good', won: 'good' };

const Head = ({ task }: { task: TaskView }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <div class="page-head">
        <h2 ref={heading} tabIndex={-1} class="task-name">
          {task.name || 'An erased lead'}
        </h2>
        <Badge tone={tones[task.status] ?? 'plain'}>{task.status === 'holding' ? 'held until sales has room' : task.status}</Badge>
        {task.status === 'open' && <Sla task={task} />}
      </div>
      <p class="meta">
        {[task.company, task.email].filter(Boolean).join(' · ')} · <a href={leadUrl(task.leadId)}>the lead’s timeline</a>
      </p>
      {task.doNotEmail && (
        <Note tone="bad" title="Do not e-mail">
          <p>This lead left our mail after it was handed over. Call, or leave it.</p>
        </Note>
      )}
    </>
  );
};

/** A key was pressed for what cannot be answered now: say so, once. */
const NotNow = ({ task, answer, close }: { task: TaskView; answer: AnswerKind; close: () => void }) => (
  <Note tone="warn">
    <p role="alert">
      “{buttons[answer].words}” cannot be said of this task now
      {task.status === 'open' && (answer === 'won' || answer === 'lost') ? ': accept it first.' : '.'}
    </p>
    <button type="button" onClick={close}>
      All right
    </button>
  </Note>
);

const About = ({ task }: { task: TaskView }) => (
  <>
    <Figures
      figures={[
        { label: 'Fit', value: number(task.fit) },
        { label: 'Engagement', value: number(task.engagement) },
        ...(task.grade === undefined ? [] : [{ label: 'Grade', value: task.grade }]),
        {
          label: task.status === 'open' ? 'Answer by' : 'Since',
          value: <span class="when">{dateTime(task.status === 'open' && task.acceptBy ? task.acceptBy : task.createdAt)}</span>,
          note: `in ${task.zone}`,
        },
      ]}
    />
    <Brief task={task} />
    <h3 class="task-part">What happened to the task</h3>
    <ol class="timeline">
      {task.log.map((it) => (
        <li key={`${it.at} ${it.words}`} class="sales">
          <time dateTime={it.at}>{dateTime(it.at)}</time>
          <div>
            {it.words}
            {it.because && <small>{withDates(it.because)}</small>}
          </div>
        </li>
      ))}
      {task.answers.map((it) => (
        <li key={`${it.at} ${it.words}`} class="mail">
          <time dateTime={it.at}>{dateTime(it.at)}</time>
          <div>{it.words}</div>
        </li>
      ))}
    </ol>
    {task.routedBecause !== '' && (
      <p class="note">
        Why {task.rep}: {withDates(task.routedBecause)}.
        {task.passedOver.length > 0 && ` Not ${task.passedOver.map((it) => `${it.rep} (${it.because})`).join(', ')}.`}
      </p>
    )}
    {task.from.length > 0 && (
      <p class="note">
        It came from{' '}
        {task.from.map((it, at) => (
          <>
            {at > 0 && ', '}
            <a key={it} href={sequenceUrl(it.split(' ')[0] ?? it)}>
              {it}
            </a>
          </>
        ))}
        .
      </p>
    )}
  </>
);

const Brief = ({ task }: { task: TaskView }) => (
  <div class="brief">
    {task.brief.map((part) => (
      <section key={part.title}>
        <h3>{part.title}</h3>
        {part.lines.length > 1 ? (
          <ul>
            {part.lines.map((it) => (
              <li key={it}>{it}</li>
            ))}
          </ul>
        ) : (
          <p>{part.lines[0]}</p>
        )}
        {part.links.length > 0 && (
          <p class="row">
            {part.links.map((it) => (
              <a key={it.url} href={it.url} target="_blank" rel="noopener noreferrer">
                {it.words}
              </a>
            ))}
          </p>
        )}
      </section>
    ))}
  </div>
);
