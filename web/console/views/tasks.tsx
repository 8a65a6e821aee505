import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import type { AnswerKind, TaskList, TaskRow } from '../contract.ts';
import { useData, usePulse } from '../lib/data.ts';
import { ago, number } from '../lib/format.ts';
import { useKeys } from '../lib/keys.ts';
import { useMe } from '../lib/me.ts';
import { apiUrl, taskUrl, viewUrl } from '../lib/url.ts';
import { Badge, Choice, Empty, Loaded, Page } from '../ui/parts.tsx';
import { Task } from './task.tsx';
import { Sla } from './task-sla.tsx';

const lists = [
  { value: 'open', label: 'To answer' },
  { value: 'accepted', label: 'Taken on' },
  { value: 'done', label: 'Done' },
  { value: 'held', label: 'Held', title: 'Leads of the whole team that wait until sales has room' },
] as const;
type Which = (typeof lists)[number]['value'];

export type Asked = { readonly status: Which; readonly rep?: string };

/** The tasks of a rep, best first, and the one that is chosen beside them. */
export const Tasks = () => {
  const { taskId } = useRoute().params;
  const { query, route } = useLocation();
  const me = useMe();
  const status = lists.find((it) => it.value === query.status)?.value ?? 'open';
  const rep = query.rep ?? me.rep;
  const list = useData<TaskList>(
    rep === undefined && status !== 'held' ? undefined : apiUrl('/tasks', { status, rep: query.rep, after: query.after }),
  );
  const own = query.rep === undefined || query.rep === me.rep;
  const link = (id: string) => `${taskUrl(id)}${location.search}`;
  return (
    <Page
      title={own ? 'Sales inbox' : `Tasks of ${query.rep}`}
      about={
        rep !== undefined && (
          <>
            Best first. <span class="keys-hint">Press ? for the keys: j and k go up and down, a accepts, r rejects.</span>
          </>
        )
      }
      actions={
        <Choice
          label="Which tasks"
          options={lists}
          value={status}
          onChange={(it) => route(viewUrl('/tasks', { status: it, rep: query.rep }))}
        />
      }
    >
      {rep === undefined && status !== 'held' ? (
        <NoRep />
      ) : (
        <Loaded of={list}>{(data) => <Inbox key={`${status} ${rep}`} list={data} current={taskId} link={link} />}</Loaded>
      )}
    </Page>
  );
};

const NoRep = () => {
  const { isDev } = useMe();
  return (
    <Empty title="You have no tasks of your own.">
      {isDev ? (
        <>Choose a rep under “Look as”, or see the </>
      ) : (
        <>Your address is not in the team of sales.yaml: ask whoever keeps it to add you. Or see the </>
      )}
      <a href={viewUrl('/team')}>team</a>.
    </Empty>
  );
};

type Listed = { list: TaskList; current: string | undefined; link: (taskId: string) => string };

const nothing: { readonly [status in Which]: readonly [string, string] } = {
  open: ['Nothing to answer.', 'A lead that fits and shows interest comes here by itself, with the reasons.'],
  accepted: ['You have taken on none that is still open.', 'What you accept stands here until it is won or lost.'],
  done: ['Nothing is done yet.', 'What was rejected, given back, won or lost stands here.'],
  held: ['Nobody waits.', 'Leads wait here while sales has no room, best first.'],
};

const Inbox = ({ list, current, link }: Listed) => {
  const { route } = useLocation();
  const [answering, setAnswering] = useState<AnswerKind>();
  const at = list.tasks.findIndex((it) => it.taskId === current);
  const go = (to: number) => {
    const task = list.tasks[Math.max(0, Math.min(list.tasks.length - 1, to))];
    if (task) route(link(task.taskId), true);
  };
  const answer = (kind: AnswerKind) => (current === undefined ? undefined : () => setAnswering(kind));
  useKeys({
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    a: answer('accept'),
    r: answer('reject'),
    c: answer('recycle'),
    w: answer('won'),
    l: answer('lost'),
  });
  const [title, words] = nothing[list.status];
  if (list.tasks.length === 0 && current === undefined) return <Empty title={title}>{words}</Empty>;
  return (
    <div class={`split${current ? ' has-one' : ''}`}>
      <div class="list">
        {list.status === 'held' && (
          <p class="note">
            These leads wait until sales has room, best first: when open tasks are answered, the next day begins, or limits in sales.yaml
            are raised. Nobody mails them meanwhile. The <a href={viewUrl('/team')}>team</a> and its load.
          </p>
        )}
        <ol class="rows tasks" aria-label="Tasks">
          {list.tasks.map((it) => (
            <Row key={it.taskId} task={it} isCurrent={it.taskId === current} href={link(it.taskId)} />
          ))}
        </ol>
        <More list={list} />
      </div>
      <div class="one">
        {current === undefined ? (
          <Empty title="Choose a task.">
            Press <kbd>j</kbd> for the first one.
          </Empty>
        ) : (
          <Task key={current} taskId={current} answering={answering} setAnswering={setAnswering} next={() => go(at + 1)} />
        )}
      </div>
    </div>
  );
};

const Row = ({ task, isCurrent, href }: { task: TaskRow; isCurrent: boolean; href: string }) => {
  const link = useRef<HTMLAnchorElement>(null);
  const { now } = usePulse();
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    <li>
      <a ref={link} href={href} aria-current={isCurrent ? 'true' : undefined}>
        <span class="top">
          <b>{task.name || 'an erased lead'}</b>
          {task.status === 'open' ? <Sla task={task} /> : <small>{ago(task.createdAt, now())}</small>}
        </span>
        <span class="under-top">
          {[task.company, task.grade ?? `fit ${number(task.fit)}, engagement ${number(task.engagement)}`].filter(Boolean).join(' · ')}
          {task.doNotEmail && ' · do not e-mail'}
        </span>
        <span class="under-top">{task.reasons[0]}</span>
        {task.status !== 'open' && task.status !== 'accepted' && (
          <span>
            <Badge>{task.status === 'holding' ? 'held' : task.status}</Badge>
          </span>
        )}
      </a>
    </li>
  );
};

const More = ({ list }: { list: TaskList }) => {
  const { route, query } = useLocation();
  const to = (after: string | undefined) => route(viewUrl('/tasks', { status: query.status, rep: query.rep, after }));
  return (
    <p class="pages">
      {query.after !== undefined && (
        <button type="button" onClick={() => to(undefined)}>
          From the beginning
        </button>
      )}
      {list.next !== undefined && (
        <button type="button" onClick={() => to(list.next)}>
          More
        </button>
      )}
    </p>
  );
};
