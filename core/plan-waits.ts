import type { Brand } from './config.ts';
import { addSeconds, type Instant, secondsBetween } from './instant.ts';
import type { Lead } from './lead.ts';
import { afterWait, nextSendTime } from './send-window.ts';
import type { MachineAnswer } from './sending.ts';
import type { PlannedWait } from './sequences/model.ts';
import { zoneOf } from './time-zone.ts';

/** When each of these waits must end, for this lead, if it began now. At least a second ahead. */
export const planWaits = (
  waits: readonly PlannedWait[],
  { lead, brand, now }: { readonly lead: Lead; readonly brand: Brand; readonly now: Instant },
): { readonly [waitState: string]: Instant } => Object.fromEntries(waits.map((it) => [it.state, plan(it, lead, brand, now)]));

const plan = (wait: PlannedWait, lead: Lead, brand: Brand, now: Instant): Instant => {
  const { zone } = zoneOf(lead, brand);
  const earliest = wait.length ? afterWait(now, wait.length, zone) : now;
  const quietHours = wait.forEmail ? brand.quietHours : undefined;
  const due = nextSendTime({
    from: earliest,
    zone,
    spreadKey: `${lead.leadId} ${wait.state}`,
    ...(wait.window && { window: wait.window }),
    ...(quietHours && { quietHours }),
  });
  const soonest = addSeconds(now, 1);
  return due > soonest ? due : soonest;
};

/** As the machine takes it: whole seconds from now, at least 1. */
export const toMachineWaits = (due: { readonly [waitState: string]: Instant }, now: Instant): MachineAnswer['waits'] =>
  Object.fromEntries(Object.entries(due).map(([state, at]) => [state, { seconds: Math.max(1, secondsBetween(now, at)), at }]));
