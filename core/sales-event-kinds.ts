/** What other systems hear of a task; each kind is `baton.handoff.<kind>` on the bus. */
export const handoffEventKinds = [
  'created',
  'reminded',
  'reassigned',
  'escalated',
  'taken-back',
  'cancelled',
  'accepted',
  'rejected',
  'recycled',
  'won',
  'lost',
] as const;
export type HandoffEventKind = (typeof handoffEventKinds)[number];
