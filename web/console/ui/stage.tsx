import type { LeadRow } from '../contract.ts';
import { Badge, type Tone } from './parts.tsx';

type Stage = LeadRow['stage'];

export const stageInWords: { readonly [stage in Stage]: string } = {
  subscriber: 'subscriber',
  lead: 'lead',
  engaged: 'engaged',
  holding: 'waits for sales',
  mql: 'with sales',
  sal: 'accepted',
  sql: 'a deal',
  won: 'won',
  recycled: 'recycled',
  lost: 'lost',
};
const tones: { readonly [stage in Stage]?: Tone } = { holding: 'info', mql: 'info', sal: 'good', sql: 'good', won: 'good', lost: 'bad' };

export const StageBadge = ({ stage }: { stage: Stage }) => <Badge tone={tones[stage] ?? 'plain'}>{stageInWords[stage]}</Badge>;
