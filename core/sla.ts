import type { BreachAction, Rep, Sales } from './config.ts';
import { salesDefaults } from './config.ts';
import { addSeconds, type Instant } from './instant.ts';
import type { SalesTask } from './sales-task.ts';
import { longestTaskSeconds } from './sales-task.ts';
import { addWorkSeconds, dateAt, isAwayOn } from './working-hours.ts';

/** What is to be done about a task that nobody has answered. */
export type SlaStep =
  | { readonly do: 'wait'; readonly until: Instant }
  | BreachAction
  /** The rep left the team, or is away. */
  | { readonly do: 'move'; readonly because: string }
  /** All of `on-breach` was done. */
  | { readonly do: 'give-up'; readonly until: Instant };

type AskedTask = Pick<SalesTask, 'rep' | 'acceptBy' | 'breaches' | 'createdAt' | 'lookAt'>;

/** Each action once, in the order of sales.yaml, whatever was done before it changed. Pure. */
export const slaStep = (task: AskedTask, sales: Sales, now: Instant): SlaStep => {
  const gone = whyGone(task.rep, sales, now);
  if (gone !== undefined) {
    const waits = task.lookAt !== undefined && now < task.lookAt;
    return waits ? { do: 'wait', until: task.lookAt ?? now } : { do: 'move', because: gone };
  }
  if (task.acceptBy === undefined) return { do: 'give-up', until: endOf(task) };
  if (now < task.acceptBy) return { do: 'wait', until: task.acceptBy };
  const next = (sales.onBreach ?? salesDefaults.onBreach).find((it) => task.breaches?.[it.do] === undefined);
  return next ?? { do: 'give-up', until: endOf(task) };
};

/** Why the rep who has a task cannot answer it; undefined: can. */
export const whyGone = (rep: string, { team }: Pick<Sales, 'team'>, now: Instant): string | undefined => {
  const member = team.find((it) => it.rep === rep);
  if (!member) return `${rep} has left the team`;
  return isAwayOn(member, dateAt(member, now)) ? `${rep} is away` : undefined;
};

/** By when a rep who gets a task now must have answered. undefined: sales.yaml does not say, or the rep never works. */
export const acceptByOf = (rep: Rep, sales: Sales, now: Instant): Instant | undefined =>
  sales.acceptWithinSeconds === undefined ? undefined : addWorkSeconds(rep, sales, now, sales.acceptWithinSeconds);

/** Nothing is waited for any longer than this. */
export const endOf = (task: Pick<SalesTask, 'createdAt'>): Instant => addSeconds(task.createdAt, longestTaskSeconds);

/** So long after somebody got it, they must have been told. */
const toldWithinSeconds = 600;
/** An open task that its rep has not heard of: what was to tell them died, or could not. Pure. */
export const isUntold = (task: Pick<SalesTask, 'status' | 'notifiedAt' | 'releasedAt'>, now: Instant): boolean =>
  task.status === 'open' &&
  task.notifiedAt === undefined &&
  task.releasedAt !== undefined &&
  task.releasedAt <= addSeconds(now, -toldWithinSeconds);

/** Long enough for the machine, or the next one; not of so long ago that it would puzzle. */
const endToldWithinSeconds = 86_400;
/** A task that somebody had was cancelled, and what was to tell of it died. Pure. */
export const isEndUntold = ({ status, releasedAt, rep, told, log = [] }: SalesTask, now: Instant): boolean =>
  status === 'cancelled' &&
  releasedAt !== undefined &&
  told?.[endToldKey(rep)] === undefined &&
  (log.findLast((it) => it.what === 'cancelled')?.at ?? '') > addSeconds(now, -endToldWithinSeconds);

/** Under `told` of the task: other systems have heard. */
export const endToldKey = (rep: string): string => `bus cancelled ${rep}`;
