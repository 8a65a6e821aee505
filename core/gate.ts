import type { LineState } from './ports.ts';
import type { Reason } from './reasons.ts';

/** The stage whose mail goes to real people; all others are for trying. */
export const productionStage = 'prod';

/**
 * Why no mail may leave at all; undefined: the gate is open. Whoever left another tool must not hear from this one, and a table
 * that was restored from a backup does not know what went since.
 */
export const gateOf = ({
  isProduction,
  suppressions,
  restoredFrom,
}: LineState): Extract<Reason, 'suppressions-not-brought-over' | 'restored-backup'> | undefined => {
  if (restoredFrom !== undefined) return 'restored-backup';
  return isProduction && !suppressions ? 'suppressions-not-brought-over' : undefined;
};
