import type { LiveConfig } from './config.ts';

export type Rules = Pick<LiveConfig, 'scoring' | 'brand'>;

/** What is remembered by rules holds while these are the same, whatever becomes of sales.yaml: a simulation parts it anew every day. */
export const isSameRules = (one: Rules, other: Rules): boolean => one.scoring === other.scoring && one.brand === other.brand;
