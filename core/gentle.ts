import type { CapRules } from './caps.ts';
import type { Brand, LiveConfig } from './config.ts';
import type { Lead } from './lead.ts';
import { holdingOf } from './sales-task.ts';

/**
 * The rules as they are for this lead: one that waits for sales gets mail more gently, where sales.yaml says so. Of the two caps the
 * tighter one holds; the gap is the brand's. Pure.
 */
export const rulesFor = (live: LiveConfig, lead: Pick<Lead, 'stage'> | undefined): LiveConfig => {
  const { nurture, caps } = holdingOf(live.sales);
  if (lead?.stage !== 'holding' || nurture !== 'gently' || !caps?.cap) return live;
  return { ...live, brand: { ...live.brand, caps: tighter(live.brand, caps.cap) } };
};

const tighter = ({ caps }: Brand, cap: NonNullable<CapRules['cap']>): CapRules => {
  const isTighter = !caps?.cap || cap.emails / cap.perSeconds <= caps.cap.emails / caps.cap.perSeconds;
  return { ...caps, cap: isTighter ? cap : (caps?.cap ?? cap) };
};
