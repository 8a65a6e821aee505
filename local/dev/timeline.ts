import type { Happening } from '#core/explain/story';
import { storyOf } from '#core/explain/story';
import type { Lead } from '#core/lead';
import { tasksOfLead } from '#lambdas/tasks-of-lead';
import type { TimelineEntry } from './api.ts';
import type { DevWorld } from './dev-world.ts';

/** Everything that is known of a lead, newest first, in plain words. */
export const timelineOf = async ({ world, live, profiles }: DevWorld, lead: Lead): Promise<readonly TimelineEntry[]> => {
  const { ports } = world;
  const [history, suppressions, tasks] = await Promise.all([
    profiles.of(lead.leadId),
    ports.suppressions.ofLead(lead.leadId),
    tasksOfLead(ports, lead, ports.ids.taskId),
  ]);
  return storyOf({ lead, history, suppressions, tasks, live }).toReversed().map(toEntry);
};

const toEntry = ({ at, kind, what, why, rule, messageId }: Happening): TimelineEntry => {
  const reason = [why, rule].filter((it) => it !== undefined && it !== '').join(' — ');
  return { at, kind, what, ...(reason !== '' && { why: reason }), ...(messageId !== undefined && { messageId }) };
};
