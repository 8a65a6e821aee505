import type { LiveConfig } from '#core/config';
import type { Change } from '#core/entry-facts';
import { isToBeLookedAt, lookAt } from '#core/entry-marks';
import { retryableError } from '#core/errors';
import type { EntryMark, EntryMarks, Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import { isLookedAt, whenOf } from '#core/sequences/enter';
import type { Artifact } from '#core/sequences/model';
import { zoneOf } from '#core/time-zone';
import { loadEntryFacts } from './entry-facts.ts';

export type Looking = {
  readonly leads: Pick<Ports['leads'], 'find' | 'markEntries'>;
  readonly histories: Pick<Ports['histories'], 'ofLead'>;
  readonly artifacts: Pick<Ports['artifacts'], 'current'>;
  readonly config: Ports['config'];
  readonly enrolQueue: Ports['enrolQueue'];
} & Pick<Ports, 'clock' | 'log'>;

const attempts = 8;

/**
 * Something of this lead changed: does it now enter a sequence by a condition that began to hold, or by a day? Only sequences that
 * go by what changed are looked at. The profile is read before the history, and what is remembered is written only if nobody
 * wrote to the profile since: of two who look at once one looks again. The trigger is written before it is queued and taken
 * away after, so that a crash anywhere loses none and a repeat is the same enrolment.
 */
export const lookAtEntries = async (use: Looking, leadId: string, changes: readonly Change[]): Promise<void> => {
  const current = (await use.artifacts.current()).filter(({ enter }) => isLookedAt(enter));
  if (current.length === 0) return;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const lead = await use.leads.find(leadId);
    if (!lead) return;
    const artifacts = current.filter((it) => isToBeLookedAt(it, lead, changes));
    if (artifacts.length === 0) return;
    const live = await use.config.live();
    const entries = await marksOf(use, lead, artifacts, live);
    if (!isSame(entries, lead.entries ?? {}) && (await use.leads.markEntries(lead, entries)) === 'refused') continue;
    const pending = artifacts.flatMap(({ sequence }) => (entries[sequence]?.pending ?? []).map((trigger) => ({ sequence, trigger })));
    if (pending.length === 0) return;
    for (const { sequence, trigger } of pending) await use.enrolQueue.push({ leadId, sequence, trigger });
    use.log.info('lead came to an entry', { leadId, entries: pending.length });
    const revision = (lead.revision ?? 0) + (isSame(entries, lead.entries ?? {}) ? 0 : 1);
    const told = { ...entries, ...Object.fromEntries(artifacts.map(({ sequence }) => [sequence, withoutPending(entries[sequence])])) };
    if ((await use.leads.markEntries({ ...lead, revision }, told)) === 'marked') return;
  }
  throw retryableError('the lead is being written by others');
};

const withoutPending = ({ pending: _pending, ...rest }: EntryMark = {}): EntryMark => rest;

const marksOf = async (use: Looking, lead: Lead, artifacts: readonly Artifact[], live: LiveConfig): Promise<EntryMarks> => {
  const now = use.clock.now();
  const conditions = artifacts.map((it) => whenOf(it.enter)?.when);
  const known = await loadEntryFacts(use, { lead, live, now }, conditions);
  const zone = zoneOf(lead, live.brand).zone;
  const looked = artifacts.map((artifact) => [artifact.sequence, lookAt({ ...known, lead, artifact, zone, now })] as const);
  const all = { ...lead.entries, ...Object.fromEntries(looked) };
  return Object.fromEntries(Object.entries(all).filter(([, mark]) => Object.keys(mark).length > 0));
};

const isSame = (one: EntryMarks, other: EntryMarks): boolean => textOf(one) === textOf(other);
/** Whatever order the table gives keys back in. */
const textOf = (marks: EntryMarks): string =>
  JSON.stringify(
    Object.entries(marks)
      .map(([sequence, mark]) => [sequence, Object.entries(mark).sort(([a], [b]) => (a < b ? -1 : 1))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
