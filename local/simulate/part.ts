import { drawsOf } from '#core/behaviour/draws';
import { mostOn } from '#core/warm-up';
import type { PartOfMore } from './part-of-more.ts';
import type { Block, Plan, Version } from './plan.ts';

/** Of each day's ceiling what is due to the leads of this block; which block gets what does not divide changes from day to day. */
export const partOf = ({ leads }: Pick<Plan, 'leads'>, { live }: Pick<Version, 'live'>, { from, size }: Block): PartOfMore => ({
  part: size / leads,
  mostOn: (on) => mostOn(live.brand, on),
  shareOf: (on, most, of = 'mails') => {
    const turned = Math.floor(drawsOf(of === 'mails' ? 'warm-up' : of)(on, 'turn') * leads);
    const upTo = (lead: number) => Math.floor((most * lead) / leads);
    const start = (from + turned) % leads;
    const end = start + size;
    return end <= leads ? upTo(end) - upTo(start) : most - upTo(start) + upTo(end - leads);
  },
});
