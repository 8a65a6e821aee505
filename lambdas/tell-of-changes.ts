import { type Change, factsRead, isConcerned } from '#core/entry-facts';
import { readsAny } from '#core/entry-marks';
import type { Ports } from '#core/ports';

export type TellingOfChanges = {
  readonly artifacts: Pick<Ports['artifacts'], 'current'>;
  readonly config: Ports['config'];
  readonly wakeQueue: Ports['wakeQueue'];
};

/**
 * Whoever changed a lead says what of it; the message goes only if a sequence lets leads in by it, or a global exit goes by it. Said
 * again after a crash, also when nothing changed the second time.
 */
export const tellOfChanges = async (use: TellingOfChanges, leadId: string, changed: readonly Change[]): Promise<void> => {
  if (changed.length === 0) return;
  const [artifacts, { brand }] = [await use.artifacts.current(), await use.config.live()];
  const isExit = (brand.exits ?? []).some((it) => 'when' in it && isConcerned(factsRead(it.when), changed));
  if (isExit || artifacts.some((it) => readsAny(it, changed))) await use.wakeQueue.push({ leadId, changed: [...changed] });
};
