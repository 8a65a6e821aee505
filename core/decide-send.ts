import { mayReceive } from './allow-list.ts';
import { mailKey, type Restraint, restraintOn, type Speaker, type Speech } from './caps.ts';
import type { LiveConfig } from './config.ts';
import type { Enrolment, Stop } from './enrolment.ts';
import { evaluate, type Facts } from './evaluate-condition.ts';
import { holdOn, isPatient } from './holds.ts';
import { holidaysOf } from './holidays.ts';
import { addSeconds, type Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { effectiveStop, stopForLead } from './lead-stops.ts';
import type { LineState, Suppression } from './ports.ts';
import type { Reason } from './reasons.ts';
import { isAllowed } from './send-window.ts';
import type { SendRecord } from './sending.ts';
import { legSeconds } from './sequences/leg.ts';
import { type Artifact, type EmailStep, type LateRule, usualLate } from './sequences/model.ts';
import { zoneOf } from './time-zone.ts';

export type SendDecision =
  | { readonly do: 'send' }
  /** `stop` is to be written to the enrolment row if it is not there yet. */
  | { readonly do: 'halt'; readonly reason: Reason; readonly stop?: Stop }
  | { readonly do: 'skip'; readonly reason: Reason }
  | { readonly do: 'defer'; readonly reason: Reason };

export type SendSituation = {
  readonly lead: Lead | undefined;
  readonly enrolment: Enrolment | undefined;
  readonly suppressions: readonly Suppression[];
  readonly artifact: Artifact;
  readonly step: EmailStep;
  /** The claimed record and the leg of the message that asks. */
  readonly record: SendRecord;
  readonly leg: number;
  /** Only when the step has an `only-if`. */
  readonly facts?: Facts | undefined;
  /** Only when brand.yaml or the sequence's group restrains this e-mail. */
  readonly speech?: Speech | undefined;
  readonly live: LiveConfig;
  readonly line: LineState;
  /** When the machine came to this e-mail. */
  readonly enteredAt: Instant;
  readonly now: Instant;
};

/** May this e-mail go, now, to this lead? Stops first, then whether it is wanted, then whether it is time. Pure. */
export const decideSend = (situation: SendSituation): SendDecision => {
  const { lead, enrolment, suppressions, artifact, leg, live, now } = situation;
  const demanded = stopForLead(lead, suppressions, artifact, live.brand, now);
  if (!lead || !enrolment) return { do: 'halt', reason: 'lead-gone' };
  if (enrolment.leg !== leg || enrolment.endedAt !== undefined) return { do: 'halt', reason: 'superseded' };
  const stop = effectiveStop(enrolment, demanded);
  if (stop) return { do: 'halt', reason: stop.reason, ...(stop !== enrolment.stop && { stop }) };
  const unwanted = reasonToSkip(situation, lead);
  if (unwanted) return { do: 'skip', reason: unwanted };
  if (isLate(situation, enrolment)) {
    return ruleForLate(artifact).isSkipped ? { do: 'skip', reason: 'late' } : putOff(situation, enrolment, 'late');
  }
  const wait = reasonToWait(situation, lead);
  if (wait) return putOff(situation, enrolment, wait);
  const restraint = restraintOnSend(situation);
  if (!restraint) return { do: 'send' };
  return artifact.whenCapped === 'skip' ? { do: 'skip', reason: restraint.reason } : putOff(situation, enrolment, restraint.reason);
};

const reasonToSkip = ({ step, facts, line }: SendSituation, lead: Lead): Reason | undefined => {
  if (!mayReceive(line.allowedRecipients, lead.email)) return 'not-on-allow-list';
  return step.onlyIf && (!facts || !evaluate(step.onlyIf, facts)) ? 'only-if-false' : undefined;
};

/** What the lead's other mail has against this e-mail going now. */
export const restraintOnSend = (at: SendSituation): Restraint | undefined =>
  at.speech && restraintOn(at.live.brand.caps ?? {}, at.speech, speakerOf(at), at.now);

export const speakerOf = ({
  artifact,
  record,
  line,
  live,
}: {
  readonly artifact: Artifact;
  readonly record: Pick<SendRecord, 'enrolmentId' | 'step' | 'round'>;
  readonly line: LineState;
  readonly live: { readonly brand: Pick<LiveConfig['brand'], 'off'> };
}): Speaker => ({
  enrolmentId: record.enrolmentId,
  sequence: artifact.sequence,
  priority: artifact.priority,
  ...(artifact.group !== undefined && { group: artifact.group }),
  key: mailKey(record),
  silent: live.brand.off ? { ...silencedBy(live.brand.off), ...line.paused } : line.paused,
});

/** Switched off, these send nothing either; `finish` goes on to speak. */
const silencedBy = (off: NonNullable<LiveConfig['brand']['off']>): Speaker['silent'] =>
  Object.fromEntries(Object.entries(off).filter(([, inside]) => inside !== 'finish'));

const ruleForLate = ({ late = usualLate }: Artifact): LateRule => late;

/** Its moment is when the wait right before it was due; without one, when the machine came to it. */
export const momentOf = (
  { gsi1sk, waitSeconds = 0, speaks }: Pick<Enrolment, 'gsi1sk' | 'waitSeconds' | 'speaks'>,
  enteredAt: Instant,
): Instant => {
  const due = speaks && gsi1sk !== undefined ? addSeconds(gsi1sk, waitSeconds) : enteredAt;
  return due < enteredAt ? due : enteredAt;
};

/** After an outage, a queue that stood still, a machine that was off: what was right then may be wrong now. */
const isLate = ({ artifact, enteredAt, now }: SendSituation, enrolment: Enrolment): boolean =>
  now > addSeconds(momentOf(enrolment, enteredAt), ruleForLate(artifact).seconds);

/** Not now, for this reason; or not at all, when it was put off too often or for too long. */
export const putOff = (
  { record, artifact, now }: Pick<SendSituation, 'record' | 'artifact' | 'now'>,
  enrolment: LegBegun,
  reason: Reason,
): SendDecision => {
  const isTooLate = isPatient(reason) ? outlastsItsLeg(record, artifact, enrolment, now) : gaveUp(record, artifact, now);
  return isTooLate ? { do: 'skip', reason: 'gave-up' } : { do: 'defer', reason };
};

const reasonToWait = ({ step, live, line, artifact, now }: SendSituation, lead: Lead): Reason | undefined => {
  const hold = holdOn(lead, { artifact, live, line, now });
  if (hold) return hold.reason;
  if (step.atOnce) return undefined;
  const { quietHours } = live.brand;
  const holidays = holidaysOf(lead, live.brand);
  const hours = {
    at: now,
    zone: zoneOf(lead, live.brand).zone,
    ...(step.window && { window: step.window }),
    ...(quietHours && { quietHours }),
  };
  if (isAllowed({ holidays, ...hours })) return undefined;
  return holidays !== undefined && isAllowed(hours) ? 'holiday' : 'window-closed';
};

const gaveUp = (record: SendRecord, artifact: Artifact, now: Instant): boolean =>
  record.deferrals >= artifact.giveUpAfter.deferrals ||
  (record.firstDeferredAt !== undefined && now >= addSeconds(record.firstDeferredAt, artifact.giveUpAfter.seconds));

const mostHolds = 100;
const longestPauseSeconds = 31 * 86_400;

type LegBegun = Pick<Enrolment, 'enrolledAt' | 'legStartedAt'>;

/** A leg lasts a year at most: a pause may use what its slowest path leaves of that. */
const outlastsItsLeg = (record: SendRecord, artifact: Artifact, { enrolledAt, legStartedAt = enrolledAt }: LegBegun, now: Instant) =>
  (record.holds ?? 0) >= mostHolds || addSeconds(now, longestPauseSeconds) > addSeconds(legStartedAt, legSeconds - artifact.longestSeconds);
