import type { Brand } from './config.ts';
import { type DateWaitState, dateWaitAt } from './date-wait.ts';
import { holidaysOf } from './holidays.ts';
import { addSeconds, type Instant, secondsBetween } from './instant.ts';
import type { Lead } from './lead.ts';
import { afterWait, nextSendTime } from './send-window.ts';
import type { MachineAnswer } from './sending.ts';
import type { PlannedWait, WaitLength } from './sequences/model.ts';
import { zoneOf } from './time-zone.ts';

/** When each of these waits must end, for this lead, if it began now. At least a second ahead, if they are for a machine to wait. */
export const planWaits = (waits: readonly PlannedWait[], planning: Planning): { readonly [waitState: string]: Instant } => {
  const due: Record<string, Instant> = {};
  for (const it of waits) due[it.state] = plan(it, planning);
  return due;
};

export type Planning = {
  readonly lead: Lead;
  readonly brand: Brand;
  readonly now: Instant;
  /** The first moment from then on at which the lead's other mail leaves room for one more; absent: always. */
  readonly room?: ((from: Instant) => Instant) | undefined;
  /** What may end now, ends now: a time-out of a machine is a second at least, a timer's need not be waited for. */
  readonly mayBeOver?: boolean;
};

/** Hours and room are looked for in turn, until a moment has both; past so many turns the sender decides. */
const mostTurns = 20;

const plan = (wait: PlannedWait, { lead, brand, now, room, mayBeOver }: Planning): Instant => {
  const { zone } = zoneOf(lead, brand);
  const holidays = holidaysOf(lead, brand);
  const earliest = endOf(wait.length, now, lead, zone, holidays);
  const quietHours = wait.forEmail ? brand.quietHours : undefined;
  const spreadKey = `${lead.leadId} ${wait.state}`;
  const hours = { zone, holidays, ...(wait.window && { window: wait.window }), ...(quietHours && { quietHours }) };
  const inHours = (from: Instant) => nextSendTime({ from, spreadKey, ...hours });
  let due = inHours(earliest);
  for (let turn = 0; turn < mostTurns && room && wait.forEmail && !wait.uncapped; turn++) {
    const free = room(due);
    if (free === due) break;
    due = inHours(free);
  }
  const soonest = mayBeOver ? now : addSeconds(now, 1);
  return due > soonest ? due : soonest;
};

const endOf = (
  length: WaitLength | undefined,
  now: Instant,
  lead: Lead,
  zone: string,
  holidays: ReadonlySet<number> | undefined,
): Instant => {
  if (!length) return now;
  if (!('until' in length)) return afterWait(now, length, zone, holidays);
  const state = dateWaitAt(lead.fields, length.until, now, zone);
  return state.is === 'wait' ? state.at : now;
};

/** For waits until a day: whether they are to be waited at all. */
export const toDateWaits = (
  waits: readonly PlannedWait[],
  { lead, brand, now }: Planning,
): { readonly [waitState: string]: DateWaitState['is'] } =>
  Object.fromEntries(
    waits.flatMap(({ state, length }) =>
      length && 'until' in length ? [[state, dateWaitAt(lead.fields, length.until, now, zoneOf(lead, brand).zone).is] as const] : [],
    ),
  );

/** As the machine takes it: whole seconds from now, at least 1. */
export const toMachineWaits = (due: { readonly [waitState: string]: Instant }, now: Instant): MachineAnswer['waits'] =>
  Object.fromEntries(Object.entries(due).map(([state, at]) => [state, { seconds: Math.max(1, secondsBetween(now, at)), at }]));
