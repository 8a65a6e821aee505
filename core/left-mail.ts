import type { Instant } from './instant.ts';
import { addressIdOf, type Lead } from './lead.ts';
import type { Suppression } from './ports.ts';

/** Whether the lead left our mail, or a topic of it, since then, or its address takes none at all. Pure. */
export const hasLeft = (lead: Pick<Lead, 'leadId' | 'addressId'>, suppressions: readonly Suppression[], since: Instant): boolean =>
  suppressions.some(
    ({ scope, at }) => scope === 'GLOBAL' || scope === `ADDRESS#${addressIdOf(lead)}` || (!scope.startsWith('ADDRESS#') && at >= since),
  );
