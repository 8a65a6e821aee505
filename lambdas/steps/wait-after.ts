import { addSeconds, type Instant } from '#core/instant';
import type { SendMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { FusedWait } from '#core/sequences/model';
import { isWithin } from '#core/sequences/timed';

type Waiting = {
  readonly enrolments: Pick<Ports['enrolments'], 'park'>;
  readonly tokens: Pick<Ports['tokens'], 'succeed' | 'fail'>;
  readonly timers: Pick<Ports['timers'], 'set'>;
} & Pick<Ports, 'clock'>;

/** A timer for a moment that is here before it is made would never run. */
const soonestSeconds = 60;

/**
 * The e-mail is settled: parks the run in the wait behind it and sets the timer that ends it (docs/decisions/0046). Each line may be
 * the last before a crash; the redelivered message does the same again, and behind a row that was parked stands the watchdog.
 */
export const waitAfter = async (use: Waiting, message: SendMessage, fused: FusedWait, due: Instant | undefined): Promise<void> => {
  const { sequence, enrolmentId, leadId, token, leg, version, enteredAt, attempt = 0 } = message;
  const { wait, speaks } = fused;
  if (due === undefined) return void (await use.tokens.fail(token, 'Halt', 'there is nobody to wait for'));
  if (!isWithin(fused, enteredAt, due)) return void (await use.tokens.fail(token, 'Apart', 'the wait may outlast this state'));
  const parking = { token, leg, step: wait, version, entered: `${enteredAt} ${attempt}`, due, ...(speaks && { speaks }) };
  const parked = await use.enrolments.park({ leadId, sequence, enrolmentId }, parking);
  // The state that this message is of is over: another has parked since.
  if (parked === 'late') return;
  if (parked === 'refused') return void (await use.tokens.fail(token, 'Halt', 'the wait was refused'));
  const now = use.clock.now();
  if (due <= now) return void (await use.tokens.succeed(token, { waited: true }));
  const soonest = addSeconds(now, soonestSeconds);
  await use.timers.set({ enrolmentId, leg, step: wait, token, at: due > soonest ? due : soonest });
};
