import { fractionOf } from './hash.ts';
import { type Instant, toEpoch } from './instant.ts';

/** How long an e-mail had waited in the send queue when a sender first took it, and when that was. */
export type SendLag = { readonly seconds: number; readonly at: Instant };

/** Up to the first everybody is enrolled, from the second on nobody: what is in the queue already goes first. */
export const slowing = { fromSeconds: 15 * 60, toSeconds: 60 * 60 } as const;
/** A lag says nothing after so long: a sender that goes on to meet old mail notes it anew. */
const saysForSeconds = 180;
const notedEverySeconds = 60;

/** Whether a sender should note what it met: one line for all of them, a minute apart, sooner when it got much worse. Pure. */
export const isWorthNoting = (known: SendLag | undefined, seconds: number, now: Instant): boolean =>
  seconds > slowing.fromSeconds && (!known || ageOf(known, now) >= notedEverySeconds || seconds > known.seconds * 1.25);

/** The share of those who would enter that may, from 1 down to 0. Pure. */
export const shareEnrolled = (lag: SendLag | undefined, now: Instant): number => {
  if (!lag || ageOf(lag, now) > saysForSeconds) return 1;
  const { fromSeconds, toSeconds } = slowing;
  return Math.min(1, Math.max(0, (toSeconds - lag.seconds) / (toSeconds - fromSeconds)));
};

/** Whether this enrolment waits; asked again three minutes later, it is another draw. Pure. */
export const isHeldBack = (
  enrolment: { readonly leadId: string; readonly sequence: string },
  lag: SendLag | undefined,
  now: Instant,
): boolean => {
  const share = shareEnrolled(lag, now);
  const turn = Math.floor(toEpoch(now) / (saysForSeconds * 1000));
  return share < 1 && fractionOf(`${enrolment.leadId} ${enrolment.sequence} ${turn}`) >= share;
};

const ageOf = ({ at }: SendLag, now: Instant): number => (toEpoch(now) - toEpoch(at)) / 1000;
