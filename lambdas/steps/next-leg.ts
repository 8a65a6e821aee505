import { permissionFor } from '#core/consent';
import type { EntrySituation } from '#core/decide-entry';
import type { Enrolment } from '#core/enrolment';
import { retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import { type Instant, secondsBetween } from '#core/instant';
import { enrolmentSk, leadPk, shardOf } from '#core/keys';
import { stopForLead } from '#core/lead-stops';
import type { EnrolMessage, LegInput } from '#core/messages';
import type { Reason } from '#core/reasons';

type Handler = Use<'enrol'>;

export const legInputOf = ({ leadId, sequence, enrolmentId, leg, startAt = '', arms, rest }: Enrolment, now: Instant): LegInput => ({
  leadId,
  enrolmentId,
  leg,
  pk: leadPk(leadId),
  sk: enrolmentSk(sequence, enrolmentId),
  shard: shardOf(leadId),
  startAt,
  arms,
  ...(rest && { rest: { step: rest.step, seconds: Math.max(1, secondsBetween(now, rest.until)), at: rest.until } }),
});

/** Why a later leg began, for whoever asks; once a leg, however often it is started. */
export const recordLeg = async ({ decisions }: Pick<Handler, 'decisions'>, row: Enrolment, configHash: string): Promise<void> => {
  const { leadId, sequence, enrolmentId, leg, legBecause, legStartedAt = row.enrolledAt, startAt = '', version, rest } = row;
  if (!legBecause) return;
  const inputs = { leg, version, ...(startAt !== '' && { at: startAt }), ...(rest && { wait: rest.step }) };
  await decisions.record({
    ...{ leadId, sequence, enrolmentId, round: 1, configHash, inputs },
    // No marketer's step is called so.
    step: '~leg',
    attempt: leg,
    at: legStartedAt,
    outcome: 'next-leg',
    reason: legBecause.why,
    ...(rest && { until: rest.until }),
  });
};

type Situation = Pick<EntrySituation, 'lead' | 'artifact' | 'suppressions' | 'brand' | 'now'>;

/** Sales may send a lead through again, but not past its own word: consent and stops hold as for anybody. */
export const whyNotRecycled = ({ lead, artifact, suppressions, brand, now }: Situation, startAt: string): Reason | undefined => {
  const permission = permissionFor(lead, suppressions, artifact, brand);
  if (!permission.may) return permission.because;
  const stop = stopForLead(lead, suppressions, artifact, brand, now);
  if (stop) return stop.reason;
  return startAt === '' || artifact.stepIds.includes(startAt) ? undefined : 'unknown-step';
};

/**
 * A lead that is recycled into a sequence it is in goes on there, at the step, in the version it is on; asking again changes
 * nothing. undefined: it is in none, or not recycled. A run with a stop is waited for: it ends first, then a new one begins.
 */
export const recycleRunning = async (
  use: Handler,
  { sequence, startAt, trigger }: EnrolMessage,
  enrolments: readonly Enrolment[],
  now: Instant,
): Promise<Enrolment | undefined> => {
  if (startAt === undefined) return undefined;
  const ofSequence = enrolments.filter((it) => it.sequence === sequence);
  const done = ofSequence.find((it) => it.legBecause?.id === trigger);
  if (done) return done;
  const run = ofSequence.find((it) => it.endedAt === undefined);
  if (!run) return undefined;
  if (run.stop) throw retryableError('the run before has a stop and is about to end');
  const { stepIds } = await use.artifacts.get(sequence, run.version);
  if (startAt !== '' && !stepIds.includes(startAt)) return undefined;
  const written = await use.enrolments.nextLeg(run, {
    leg: run.leg,
    at: now,
    startAt,
    because: { why: 'recycled', id: trigger },
    ...(run.token === undefined ? { isUnparked: true } : { parkedAs: { token: run.token, awaiting: [] } }),
  });
  if (written === 'refused') throw retryableError('the run moved on meanwhile');
  return written;
};
