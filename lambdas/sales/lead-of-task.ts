import type { Instant } from '#core/instant';
import { type Lead, nurtureStages, type Stage } from '#core/lead';
import type { Ports } from '#core/ports';
import { keptBy, type SalesTask } from '#core/sales-task';
import { type TellingOfChanges, tellOfChanges } from '#lambdas/tell-of-changes';
import { clearDesk } from './give-task.ts';

export type Moving = TellingOfChanges & {
  readonly leads: Pick<Ports['leads'], 'endHandoff' | 'moveStage'>;
  readonly stages: Pick<Ports['stages'], 'record'>;
};

/** Stages from which a handoff takes a lead on. */
const before: readonly Stage[] = [...nurtureStages, 'holding'];

/** The move is on record before the profile says it. A lead that sales or a purchase has taken further stays there. */
export const moveForTask = async (
  use: Moving,
  lead: Lead,
  taskId: string,
  move: { readonly id: string; readonly at: Instant; readonly to: 'mql' | 'holding'; readonly because: string },
): Promise<void> => {
  const { leadId, stage: from } = lead;
  if (from !== move.to && before.includes(from)) await use.stages.record(leadId, { ...move, from, by: 'sales' });
  const ended = before.includes(from) || from === move.to ? await use.leads.endHandoff(leadId, taskId, move.to) : 'refused';
  // The mark is gone: the lead was held before, or went into another.
  if (ended === 'refused' && from !== move.to && before.includes(from)) await use.leads.moveStage(leadId, from, move.to);
  await tellOfChanges(use, leadId, ['stage']);
};

type Cancelling = Moving & {
  readonly histories: Pick<Ports['histories'], 'ofLead'>;
  readonly salesTasks: Pick<Ports['salesTasks'], 'find' | 'change'>;
  readonly desks: Pick<Ports['desks'], 'read' | 'write'>;
} & Pick<Ports, 'clock' | 'log'>;

/**
 * Nothing is to be done about it any more. A lead that waited for sales goes back to where it came from; one that sales had is recycled,
 * unless somebody has the person by another task.
 */
export const cancelTask = async (
  use: Cancelling,
  task: SalesTask,
  lead: Lead | undefined,
  because: string,
  keeper?: string,
): Promise<SalesTask> => {
  let standing: SalesTask = task;
  while (standing.status === 'open' || standing.status === 'holding') {
    const at = use.clock.now();
    const entry = {
      at,
      what: 'cancelled',
      because,
      ...(keeper !== undefined && { rep: keeper }),
      ...(standing.rep !== '' && { from: standing.rep }),
    } as const;
    const changed = await use.salesTasks.change(standing, { status: 'cancelled', log: [...(standing.log ?? []), entry] });
    if (changed !== 'refused') {
      use.log.info('task cancelled', { taskId: task.taskId });
      standing = changed;
      break;
    }
    standing = (await use.salesTasks.find(task.taskId)) ?? { ...standing, status: 'cancelled' };
  }
  if (standing.status !== 'cancelled') return standing;
  await clearDesk(use, task.taskId);
  if (lead && keeper === undefined) await sendBack(use, lead, standing, because);
  return standing;
};

type Finishing = Cancelling & { readonly ids: Pick<Ports['ids'], 'taskId'> };

/** Cancelled before a crash: its lead may still stand where the task had put it. One that has another task by now is that one's. */
export const finishCancelling = async (use: Finishing, task: SalesTask, lead: Lead | undefined): Promise<void> => {
  if (!lead || lead.handoff || keptBy(task) !== undefined || use.ids.taskId(lead.leadId, lead.handoffs) !== task.taskId) return;
  await sendBack(use, lead, task, task.log?.at(-1)?.because ?? 'is no task any more');
};

const sendBack = async (use: Cancelling, lead: Lead, task: SalesTask, because: string): Promise<void> => {
  const { leadId, stage: from } = lead;
  if (lead.handoff?.taskId === task.taskId) await use.leads.endHandoff(leadId, task.taskId, 'lead');
  const isOurs = from === 'holding' || (from === 'mql' && task.rep !== '');
  if (!isOurs) return;
  const held = (await use.histories.ofLead(leadId)).moves.find((it) => it.id === heldMoveId(task.taskId));
  const to: Stage = from === 'mql' ? 'recycled' : (held?.from ?? 'lead');
  const at = task.log?.at(-1)?.at ?? use.clock.now();
  await use.stages.record(leadId, { id: `${task.taskId}:cancelled`, at, from, to, by: 'sales', because });
  await use.leads.moveStage(leadId, from, to);
  await tellOfChanges(use, leadId, ['stage']);
};

export const heldMoveId = (taskId: string): string => `${taskId}:held`;
