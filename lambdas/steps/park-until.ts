import type { EnrolmentKey } from '#core/enrolment';
import { addSeconds } from '#core/instant';
import type { Ports, TimedParking } from '#core/ports';

export type Parking = {
  readonly enrolments: Pick<Ports['enrolments'], 'park'>;
  readonly tokens: Pick<Ports['tokens'], 'succeed'>;
  readonly timers: Pick<Ports['timers'], 'set'>;
} & Pick<Ports, 'clock'>;

/** A timer for a moment that is here before it is made would never run. */
const soonestSeconds = 60;

/**
 * Parks the run and sets the timer that ends the wait, or ends it at once. Each line may be the last before a crash; whoever comes again
 * does the same again, and behind a row that was parked stands the watchdog. `late`: the state that asks is over, another has parked since.
 */
export const parkUntil = async (use: Parking, key: EnrolmentKey, parking: TimedParking): Promise<'parked' | 'late' | 'refused'> => {
  const { token, leg, step, due } = parking;
  const parked = await use.enrolments.park(key, parking);
  if (parked !== 'parked') return parked;
  const now = use.clock.now();
  if (due <= now) await use.tokens.succeed(token, { waited: true });
  else {
    const soonest = addSeconds(now, soonestSeconds);
    await use.timers.set({ enrolmentId: key.enrolmentId, leg, step, token, at: due > soonest ? due : soonest });
  }
  return 'parked';
};
