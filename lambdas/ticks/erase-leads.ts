import type { Use } from '#core/handlers';
import { removeLead } from '#lambdas/erase-lead';
import { onTick } from '#lambdas/runtime';

/** A function has 30 seconds; a lead takes some tens of reads and writes. */
const atMost = 40;

/** Finishes what was begun, looks again for what came late, and erases those whom the rule of brand.yaml names. */
export const eraseLeads = (use: Use<'erase-leads'>) => async (): Promise<void> => {
  const failures: unknown[] = [];
  // One that fails is in nobody else's way.
  for (const { leadId } of await use.erasures.due(use.clock.now(), atMost))
    await goOn(use, leadId).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

/** The index may be a moment behind: the row is what counts. */
const goOn = async (use: Use<'erase-leads'>, leadId: string): Promise<void> => {
  const known = await use.erasures.find(leadId);
  if (known?.againAt !== undefined && known.againAt <= use.clock.now()) await removeLead(use, known);
};

export const handler = onTick(eraseLeads);
