import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import type { SalesTask, TaskLogEntry } from '#core/sales-task';
import { workSecondsBetween } from '#core/working-hours';
import { dateOf } from '#lambdas/sales/give-task';
import { tasksOfLead } from '#lambdas/tasks-of-lead';
import type { LeadRows } from '#local/report/lead-rows';
import type { World } from '#local/world';
import { add, type Tally } from './tally.ts';

/** Everything that the rows of tasks say of sales: who got what when, who waited, who was late, what was answered. */
export const countTasks = async (tally: Tally, { ports }: World, live: LiveConfig, leads: readonly LeadRows[]): Promise<void> => {
  const found = await Promise.all(leads.map(({ lead }) => tasksOfLead(ports, lead, ports.ids.taskId)));
  for (const task of found.flat()) countTask(tally, live, task);
};

const countTask = (tally: Tally, live: LiveConfig, task: SalesTask): void => {
  const { log = [], heldSince, releasedAt, status } = task;
  const given = log.find((it) => it.what === 'assigned');
  if (heldSince !== undefined) {
    add(tally, 1, 'tasks', 'held');
    between(tally, live, heldSince, releasedAt ?? endOf(task), 'waiting');
  }
  if (!given) add(tally, 1, 'tasks', status === 'cancelled' ? 'fell away' : 'waits');
  else countGiven(tally, live, task, given);
};

const countGiven = (tally: Tally, live: LiveConfig, task: SalesTask, given: TaskLogEntry): void => {
  const { log = [], answers, status } = task;
  const ended = endOf(task);
  add(tally, 1, 'task', given.at.slice(0, 13), given.rep ?? '');
  add(tally, 1, 'given', dateOf(live, given.at), given.rep ?? '');
  add(tally, 1, 'tasks', answers.length > 0 ? 'answered' : status === 'cancelled' ? 'taken back' : 'unanswered');
  const hands = handsOf(log);
  for (const [at, { rep, since }] of hands.entries()) {
    between(tally, live, since, hands[at + 1]?.since ?? ended, 'open', rep);
    if (at > 0) add(tally, 1, 'taken-over', rep);
  }
  countLate(tally, task);
  countAnswers(tally, live, task, hands);
};

/** When nobody had to answer any more; undefined: somebody has to. */
const endOf = ({ log = [], answers }: SalesTask): Instant | undefined => answers[0]?.at ?? log.find((it) => it.what === 'cancelled')?.at;

/** By the days on which it begins and ends, in the brand's zone as sales.yaml's ceiling is: sums come later. */
const between = (tally: Tally, live: LiveConfig, from: Instant, upTo: Instant | undefined, ...name: readonly string[]): void => {
  add(tally, 1, 'change', dateOf(live, from), ...name);
  if (upTo !== undefined) add(tally, -1, 'change', dateOf(live, upTo), ...name);
};

type Hand = { readonly rep: string; readonly since: Instant };

/** Who had it, one after the other. */
const handsOf = (log: readonly TaskLogEntry[]): readonly Hand[] =>
  log.flatMap(({ what, at, rep = '', from }) => (what === 'assigned' || from !== undefined ? [{ rep, since: at }] : []));

const words = { remind: 'reminded', reassign: 'reassigned', escalate: 'escalated' } as const;

/** By who was late: what was done about it, each once for a task. */
const countLate = (tally: Tally, { breaches = {}, log = [] }: SalesTask): void => {
  const done = Object.entries(breaches).map(([action, at]) => ({ word: words[action as keyof typeof words], at }));
  const unanswered = log.filter((it) => it.what === 'unanswered');
  if (done.length + unanswered.length > 0) add(tally, 1, 'tasks', 'late');
  const byWhom = done.map(({ word, at }) => {
    const entry = log.find((it) => it.what === word && it.at === at);
    return { rep: entry?.from ?? entry?.rep ?? '', word };
  });
  const all = [...byWhom, ...unanswered.map(({ rep = '' }) => ({ rep, word: 'unanswered' as const }))];
  for (const { rep, word } of all) add(tally, 1, 'late', rep, word);
  for (const rep of new Set(all.map((it) => it.rep))) add(tally, 1, 'late-with', rep);
};

const countAnswers = (tally: Tally, { sales }: LiveConfig, { answers }: SalesTask, hands: readonly Hand[]): void => {
  for (const { answer, by, reason, amount = 0, currency } of answers) {
    add(tally, 1, 'answer', by, answer);
    if (reason !== undefined) add(tally, 1, 'reason', answer, reason);
    if (currency !== undefined) add(tally, Math.round(amount), 'worth', currency);
  }
  const [first] = answers;
  const hand = hands.at(-1);
  const worker = sales.team.find((it) => it.rep === hand?.rep);
  if (!first || !hand || !worker) return;
  add(tally, 1, 'answered-after', hand.rep, String(Math.round(workSecondsBetween(worker, sales, hand.since, first.at) / 1800) / 2));
};
