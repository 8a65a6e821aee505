import { remembered } from '#adapters/remembered';
import { checkedKey } from '#core/object-keys';
import type { Checked, Clock } from '#core/ports';
import type { Problem } from '#core/problems';
import type { ReadObject } from './artifacts.ts';
import { textAt } from './simulations.ts';

/** What `check` said of the folder that was deployed (bin/prepare.ts). */
export const objectChecked = (read: ReadObject, clock: Clock): Checked => ({
  problems: remembered(clock, async () => JSON.parse((await textAt(read, checkedKey)) ?? '[]') as readonly Problem[]),
});
