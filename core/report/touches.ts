import { notTouches } from '#core/brief';
import { toEpoch } from '#core/instant';
import type { JudgedEvent } from '#core/scoring';

/** Something that the lead did: `sequence` and `step` are those of the mail that led to it; of none, `channel` says where it was. */
export type LeadTouch = { readonly epoch: number; readonly sequence?: string; readonly step?: string; readonly channel: Channel };
export type Channel = 'e-mail' | 'website' | 'form' | 'product';

/** Pages looked at so soon after something else the lead did are part of that. */
const sameVisitSeconds = 30 * 60;
/** Mail programs open too, and an open says nothing of interest. The rest happened to the lead, or is no answer. */
const none: readonly string[] = [...notTouches, 'opened', 'bounced', 'complained', 'auto-replied'];

/** What people did, in order; the pages of one visit are one touch, and belong to the mail that led to it. */
export const touchesOf = (inOrder: readonly JudgedEvent[]): readonly LeadTouch[] => {
  const touches: LeadTouch[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const event of inOrder) {
    if (event.verdict.by !== 'human' || none.includes(event.name)) continue;
    const goesOn = event.name === 'visited' && event.epoch - last <= sameVisitSeconds * 1000;
    last = event.epoch;
    if (!goesOn) touches.push(touchOf(event));
  }
  return touches;
};

const touchOf = ({ name, epoch, sequence, step, reply }: JudgedEvent): LeadTouch => {
  const of = { sequence: sequence ?? reply?.sequence, step: step ?? reply?.step };
  return {
    epoch,
    ...(of.sequence !== undefined && { sequence: of.sequence }),
    ...(of.step !== undefined && { step: of.step }),
    channel:
      name === 'clicked' || name === 'replied' ? 'e-mail' : name === 'visited' ? 'website' : name === 'form.sent' ? 'form' : 'product',
  };
};

export const isWithin = (from: string, upTo: string | undefined, epoch: number): boolean =>
  epoch >= toEpoch(from) && (upTo === undefined || epoch <= toEpoch(upTo));
