import type { Ports } from '#core/ports';
import { messageOf } from '#core/sales-message';
import type { sqsQueue } from './queues.ts';

/** What other systems read of a task: in the shape that schemas/sales-task.schema.json documents. */
export const taskQueue = (queue: ReturnType<typeof sqsQueue>): Ports['salesQueue'] => ({ push: (task) => queue.push(messageOf(task)) });
