import { addSeconds, type Instant, toInstant } from '#core/instant';
import { offsetAt } from '#core/time-zone';

const day = 86_400;
const awayWithoutDateSeconds = 7 * day;
const longestAwaySeconds = 60 * day;

/**
 * Until when mail waits for somebody who is away: the morning of the day of return in the lead's zone, a week where none is said, never
 * more than 60 days. `at`: when the answer came. Pure.
 */
export const awayUntil = (at: Instant, backOn: string | undefined, zone: string): Instant => {
  if (backOn === undefined) return addSeconds(at, awayWithoutDateSeconds);
  const midnight = Date.parse(`${backOn}T00:00:00.000Z`);
  const until = toInstant(midnight - offsetAt(midnight, zone));
  const most = addSeconds(at, longestAwaySeconds);
  return until < at ? at : until < most ? until : most;
};
