import type { LineState } from './ports.ts';
import type { Reason } from './reasons.ts';

/** The stage whose mail goes to real people; all others are for trying. */
export const productionStage = 'prod';

/** Why no mail may leave at all; undefined: the gate is open. Whoever left another tool must not hear from this one. */
export const gateOf = ({ isProduction, suppressions }: LineState): Extract<Reason, 'suppressions-not-brought-over'> | undefined =>
  isProduction && !suppressions ? 'suppressions-not-brought-over' : undefined;
