import type { Brand } from './config.ts';
import { permissionFor } from './consent.ts';
import type { Enrolment } from './enrolment.ts';
import { evaluate, type Facts } from './evaluate-condition.ts';
import { addSeconds, type Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { stopForLead } from './lead-stops.ts';
import type { Suppression } from './ports.ts';
import type { Reason } from './reasons.ts';
import type { Artifact } from './sequences/model.ts';

export type EntrySituation = {
  readonly lead: Lead;
  readonly artifact: Artifact;
  /** All of this lead's, of every sequence. */
  readonly enrolments: readonly Enrolment[];
  readonly suppressions: readonly Suppression[];
  readonly facts: Facts;
  readonly brand: Pick<Brand, 'topics' | 'consent'>;
  readonly now: Instant;
};

/** May this lead enter this sequence now? Pure. */
export const decideEntry = (situation: EntrySituation): { readonly enter: true } | { readonly enter: false; readonly reason: Reason } => {
  const { lead, artifact, suppressions, facts, brand, now } = situation;
  const permission = permissionFor(lead, suppressions, artifact, brand);
  if (!permission.may) return { enter: false, reason: permission.because };
  const stop = stopForLead(lead, suppressions, artifact, brand, now);
  if (stop) return { enter: false, reason: stop.reason };
  const earlier = reasonOfEarlier(situation);
  if (earlier) return { enter: false, reason: earlier };
  if (artifact.enter.if && !evaluate(artifact.enter.if, facts)) return { enter: false, reason: 'entry-condition-false' };
  return { enter: true };
};

const reasonOfEarlier = ({ artifact, enrolments, now }: EntrySituation): Reason | undefined => {
  const earlier = enrolments.filter((it) => it.sequence === artifact.sequence);
  if (earlier.some((it) => it.endedAt === undefined)) return 'already-running';
  const { again } = artifact.enter;
  if (again === 'always' || earlier.length === 0) return undefined;
  if (again === 'never') return 'ran-before';
  const isTooSoon = earlier.some((it) => addSeconds(it.endedAt ?? it.enrolledAt, again.afterSeconds) > now);
  return isTooSoon ? 'ran-before' : undefined;
};
