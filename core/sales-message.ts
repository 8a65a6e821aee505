import type { SalesTaskMessage } from './sales-message-schema.ts';
import type { SalesTask } from './sales-task.ts';

/** A task as other systems read it. */
export const messageOf = (task: SalesTask): SalesTaskMessage => {
  const { taskId, leadId, createdAt, rep, routedBecause, fit, engagement, grade, reasons, touches, from } = task;
  const scores = { fit, engagement, ...(grade !== undefined && { grade }) };
  const told = { reasons: [...reasons], touches: [...touches], from: [...from] };
  return { schema: 1, taskId, leadId, createdAt, rep, routedBecause, ...scores, ...told };
};
