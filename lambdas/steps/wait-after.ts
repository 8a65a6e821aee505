import type { Instant } from '#core/instant';
import type { SendMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { FusedWait } from '#core/sequences/model';
import { isWithin } from '#core/sequences/timed';
import { type Parking, parkUntil } from './park-until.ts';

type Waiting = Parking & { readonly tokens: Pick<Ports['tokens'], 'fail'> };

/** The e-mail is settled: parks the run in the wait behind it and sets the timer that ends it (docs/decisions/0046). */
export const waitAfter = async (use: Waiting, message: SendMessage, fused: FusedWait, due: Instant | undefined): Promise<void> => {
  const { sequence, enrolmentId, leadId, token, leg, version, enteredAt, attempt = 0 } = message;
  const { wait, speaks } = fused;
  if (due === undefined) return void (await use.tokens.fail(token, 'Halt', 'there is nobody to wait for'));
  if (!isWithin(fused, enteredAt, due)) return void (await use.tokens.fail(token, 'Apart', 'the wait may outlast this state'));
  const parking = { token, leg, step: wait, version, entered: `${enteredAt} ${attempt}`, due, ...(speaks && { speaks }) };
  const parked = await parkUntil(use, { leadId, sequence, enrolmentId }, parking);
  if (parked === 'refused') await use.tokens.fail(token, 'Halt', 'the wait was refused');
};
