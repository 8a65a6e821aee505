import type { Happening } from '#core/explain/story';
import { storyOf } from '#core/explain/story';
import type { Lead } from '#core/lead';
import type { TimelineEntry } from './api.ts';
import type { DevWorld } from './dev-world.ts';

/** Everything that is known of a lead, newest first, in plain words. */
export const timelineOf = async ({ world, live, profiles }: DevWorld, lead: Lead): Promise<readonly TimelineEntry[]> => {
  const { ports } = world;
  const [history, suppressions, tasks] = await Promise.all([
    profiles.of(lead.leadId),
    ports.suppressions.ofLead(lead.leadId),
    tasksOf(ports, lead),
  ]);
  return storyOf({ lead, history, suppressions, tasks, live }).toReversed().map(toEntry);
};

const toEntry = ({ at, kind, what, why, rule, messageId }: Happening): TimelineEntry => {
  const reason = [why, rule].filter((it) => it !== undefined && it !== '').join(' — ');
  return { at, kind, what, ...(reason !== '' && { why: reason }), ...(messageId !== undefined && { messageId }) };
};

/** Of every handoff that was begun; those that were not confirmed have none. */
export const tasksOf = async (ports: DevWorld['world']['ports'], { leadId, handoffs }: Lead) => {
  const numbers = Array.from({ length: handoffs }, (_, at) => at + 1);
  const tasks = await Promise.all(numbers.map((number) => ports.salesTasks.find(ports.ids.taskId(leadId, number))));
  return tasks.filter((it) => it !== undefined);
};
