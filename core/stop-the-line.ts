import type { StopTheLine } from './config.ts';
import { addSeconds, type Instant } from './instant.ts';
import type { HealthSums } from './ports.ts';

/**
 * Below these numbers a share says nothing: one report among 50 mails is 2 %, and is one annoyed reader. Three readers who do
 * not know each other are a sign; addresses die by themselves, so a few more of those are needed.
 */
export const fewestComplaints = 3;
export const fewestBounces = 8;

/** Why the sequence must pause, in words with numbers; undefined: it may go on. Shares are of what was delivered or bounced. Pure. */
export const decideLine = ({ delivered, bounced, complained }: HealthSums, limits: StopTheLine): string | undefined => {
  const mails = delivered + bounced;
  const over = `over the last ${limits.overDays === 1 ? 'day' : `${limits.overDays} days`}`;
  if (complained >= fewestComplaints && complained > limits.complaints * mails)
    return `${complained} of ${mails} mails were reported as spam ${over}: ${shareOf(complained, mails)}, the limit is ${percent(limits.complaints)}`;
  if (bounced >= fewestBounces && bounced > limits.bounces * mails)
    return `${bounced} of ${mails} mails bounced ${over}: ${shareOf(bounced, mails)}, the limit is ${percent(limits.bounces)}`;
  return undefined;
};

/** UTC days that are looked at: today and all that have a part in the last days. */
export const daysWatched = (now: Instant, { overDays }: StopTheLine): { readonly from: string; readonly upTo: string } => ({
  from: dayOf(addSeconds(now, -overDays * 86_400)),
  upTo: dayOf(now),
});

export const dayOf = (at: Instant): string => at.slice(0, 10);

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
/** Deliveries are told best effort: of very few, the complaints may be more. */
const shareOf = (part: number, whole: number): string => percent(Math.min(1, whole === 0 ? 1 : part / whole));
