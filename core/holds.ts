import type { Brand, LiveConfig, Sales } from './config.ts';
import { addSeconds, type Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { type PauseReason, pauseOn } from './pauses.ts';
import type { LineState } from './ports.ts';
import type { Reason } from './reasons.ts';
import type { Artifact, LawfulBasis } from './sequences/model.ts';

/** Why no mail goes to this lead for now, and when to look again. */
export type Hold = {
  readonly reason: Extract<
    Reason,
    'handoff-hold' | 'paused-by-lead' | 'cooling-down' | 'out-of-office' | 'waits-for-sales' | PauseReason | 'sequence-off'
  >;
  readonly until: Instant;
};

export type HoldSituation = {
  readonly lead: Lead;
  readonly sequence: string;
  readonly lawfulBasis: LawfulBasis;
  readonly line: LineState;
  /** What sales.yaml says of leads that wait for it. */
  readonly sales?: Pick<Sales, 'holding'>;
  readonly brand: Pick<Brand, 'off'>;
  readonly now: Instant;
};

/** A confirmation that is late must not use up the e-mail's deferrals within seconds. */
const lateConfirmationSeconds = 15 * 60;
/** Nobody knows when a sequence is resumed, or sales has room: each lead looks twice a day. */
const pausedLookSeconds = 12 * 3600;

/** The hold that lasts longest; undefined: none. What the lead itself just asked to confirm waits only for the sequence. Pure. */
export const holdFor = ({ lead, sequence, lawfulBasis, line, brand, sales, now }: HoldSituation): Hold | undefined => {
  const { handoff, pausedUntil, coolUntil, awayUntil, stage }: Partial<Lead> = lawfulBasis === 'confirmation' ? nobody : lead;
  let longest: Hold | undefined;
  /** Of two that last as long the later one is said. */
  const hold = (reason: Hold['reason'], until: Instant): void => {
    if (longest === undefined || until >= longest.until) longest = { reason, until };
  };
  if (handoff) hold('handoff-hold', handoff.until > now ? addSeconds(handoff.until, 60) : addSeconds(now, lateConfirmationSeconds));
  if (pausedUntil !== undefined && pausedUntil > now) hold('paused-by-lead', pausedUntil);
  if (coolUntil !== undefined && coolUntil > now) hold('cooling-down', coolUntil);
  if (awayUntil !== undefined && awayUntil > now) hold('out-of-office', awayUntil);
  if (stage === 'holding' && sales?.holding?.nurture === 'pause') hold('waits-for-sales', addSeconds(now, pausedLookSeconds));
  const paused = pauseOn(line, sequence);
  if (paused) hold(paused.reason, addSeconds(now, pausedLookSeconds));
  if (brand.off?.[sequence] === 'hold') hold('sequence-off', addSeconds(now, pausedLookSeconds));
  return longest;
};
const nobody: Partial<Lead> = {};

/** The same, for a version of a sequence under the rules that hold now. */
export const holdOn = (
  lead: Lead,
  {
    artifact,
    live,
    ...rest
  }: Pick<HoldSituation, 'line' | 'now'> & {
    readonly artifact: Pick<Artifact, 'sequence' | 'lawfulBasis'>;
    readonly live: Pick<LiveConfig, 'brand' | 'sales'>;
  },
): Hold | undefined => {
  const { sequence, lawfulBasis } = artifact;
  return holdFor({ lead, sequence, lawfulBasis, brand: live.brand, sales: live.sales, ...rest });
};

/** These are no fault of the mail: they do not use up its deferrals, only what its run may last. */
export const isPatient = (reason: Reason): boolean => patient.includes(reason);
const patient: readonly Reason[] = [
  'paused-by-lead',
  'out-of-office',
  'waits-for-sales',
  'everything-paused',
  'sending-paused',
  'sequence-paused',
  'sequence-off',
  'warm-up',
  'budget-spent',
  'group-busy',
  'suppressions-not-brought-over',
  'restored-backup',
];
