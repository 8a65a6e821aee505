import type { LiveConfig } from '#core/config';
import type { Desk } from '#core/desk';
import type { Use } from '#core/handlers';
import { addSeconds } from '#core/instant';
import type { Lead } from '#core/lead';
import { type RouteDecision, routeLead } from '#core/routing';
import type { SalesTask } from '#core/sales-task';
import type { SlaStep } from '#core/sla';
import { whyNotThere } from '#core/working-hours';
import { dateOf, giveTask, onlyRep } from './give-task.ts';
import { ownersOf } from './owners.ts';

type Handler = Use<'check-task'>;
type Move = Extract<SlaStep, { readonly do: 'move' | 'reassign' | 'escalate' }>;

/** The task goes to somebody else. Where there is nobody, that is noted, and it stays where it is. */
export const moveOn = async (use: Handler, task: SalesTask, step: Move, lead: Lead | undefined, live: LiveConfig): Promise<SalesTask> => {
  const { sales } = live;
  const now = use.clock.now();
  const { turn = 0 } = task;
  const had = [...new Set([task.rep, ...(task.log ?? []).flatMap((it) => it.rep ?? [])])];
  const owners = lead ? await ownersOf(use, lead, task, live) : {};
  const because = step.do === 'move' ? step.because : `${task.rep} had not answered by ${task.acceptBy ?? now}`;
  const decide = (desk: Desk): RouteDecision => {
    if (step.do === 'escalate') return escalation(task, step.to, live, now, desk);
    return routeLead({
      sales,
      desk,
      lead: lead ?? { fields: {} },
      ...owners,
      now,
      date: dateOf(live, now),
      after: step.do === 'move' ? [task.rep] : had,
    });
  };
  const breaches = step.do === 'move' ? task.breaches : { ...task.breaches, [step.do]: now };
  const notice = step.do === 'escalate' ? 'escalate' : 'reassign';
  const outcome = await giveTask(use, task, {
    what: step.do === 'escalate' ? 'escalated' : 'reassigned',
    live,
    decide,
    changes: { ...(breaches && { breaches }), toTell: { notice, turn: turn + 1 } },
    because,
  });
  return outcome.done === 'hold' ? stay(use, task, step, outcome.because) : outcome.task;
};

/** To whom sales.yaml says; else to a manager. Nobody who is away, and not to whom has it already. */
const escalation = (task: SalesTask, to: string | undefined, { sales }: LiveConfig, now: string, desk: Desk): RouteDecision => {
  const managers = sales.team.filter((it) => it.role === 'manager');
  const named = sales.team.filter((it) => it.rep === to);
  const found = [...named, ...managers].find((it) => it.rep !== task.rep && whyNotThere(it, sales, now) === undefined);
  if (!found) return { to: 'hold', because: 'nobody is there to escalate to' };
  return onlyRep(found, found.role === 'manager' ? 'is the manager' : 'is named in sales.yaml', desk);
};

/** A rep who is away may still have to keep it: then it is looked at again in a day. */
const stay = async (use: Handler, task: SalesTask, step: Move, because: string): Promise<SalesTask> => {
  const now = use.clock.now();
  const what = step.do === 'escalate' ? 'escalated' : 'reassigned';
  const changes = step.do === 'move' ? { lookAt: addSeconds(now, lookAgainSeconds) } : { breaches: { ...task.breaches, [step.do]: now } };
  const changed = await use.salesTasks.change(task, {
    ...changes,
    log: [...(task.log ?? []), { at: now, what, rep: task.rep, because: `not possible: ${because}` }],
  });
  return changed === 'refused' ? ((await use.salesTasks.find(task.taskId)) ?? task) : changed;
};

const lookAgainSeconds = 86_400;
