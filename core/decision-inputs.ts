import { allowanceAt, nextLookAt } from './budget.ts';
import type { Condition } from './condition.ts';
import type { EntrySituation } from './decide-entry.ts';
import { momentOf, restraintOnSend, type SendSituation } from './decide-send.ts';
import { dayOfTrigger } from './entry-marks.ts';
import { type Facts, needsLedger, wholePoints } from './evaluate-condition.ts';
import { ruleOf } from './explain-condition.ts';
import { holdOn } from './holds.ts';
import { addSeconds, type Instant } from './instant.ts';
import { pauseOn } from './pauses.ts';
import { planWaits } from './plan-waits.ts';
import type { Decision } from './ports.ts';
import type { Reason } from './reasons.ts';
import { quietHoursInWords, windowInWords } from './send-window-text.ts';
import { secondsInWords } from './sequences/diagram.ts';
import { dateOf, whenOf } from './sequences/enter.ts';
import { usualLate } from './sequences/model.ts';
import { zoneOf } from './time-zone.ts';
import { ceilingAt } from './warm-up.ts';

/** What a decision keeps beside its reason, so that it can be explained later, whatever has changed since. */
export type Grounds = Pick<Decision, 'rule' | 'inputs' | 'until'>;

/** Where the lead stood. Engagement and grade only if the conditions ask for them: else nobody has counted. */
export const standingOf = (conditions: readonly (Condition | undefined)[], facts: Facts): NonNullable<Grounds['inputs']> => {
  const { fit, engagement, grade, lead } = facts;
  const isCounted = conditions.some((it) => it !== undefined && needsLedger(it));
  return {
    stage: lead.stage,
    fit,
    ...(isCounted && { engagement: wholePoints(engagement) }),
    ...(isCounted && grade !== undefined && { grade }),
  };
};

/** Why an e-mail did not go. Pure. */
export const groundsOfSend = (
  situation: SendSituation & { readonly lead: NonNullable<SendSituation['lead']> },
  reason: Reason,
): Grounds => {
  const { step, facts, record, artifact, lead, live, line, now } = situation;
  switch (reason) {
    case 'only-if-false':
      return step.onlyIf && facts ? { rule: ruleOf(step.onlyIf, facts), inputs: standingOf([step.onlyIf], facts) } : {};
    case 'gave-up':
      return {
        inputs: {
          deferrals: record.deferrals,
          holds: record.holds ?? 0,
          ...(record.firstDeferredAt !== undefined && { since: record.firstDeferredAt }),
          ...(record.reason !== undefined && { last: record.reason }),
        },
      };
    case 'window-closed':
    case 'holiday': {
      const { quietHours } = live.brand;
      const hours = {
        ...(step.window && { window: windowInWords(step.window) }),
        ...(quietHours && { 'quiet hours': quietHoursInWords(quietHours) }),
        zone: zoneOf(lead, live.brand).zone,
      };
      return { inputs: hours, until: nextTryAt(situation, now) };
    }
    case 'warm-up': {
      const ceiling = ceilingAt(live.brand, now);
      return ceiling ? { inputs: { day: ceiling.day, allowed: ceiling.most }, until: nextTryAt(situation, ceiling.nextDayAt) } : {};
    }
    case 'budget-spent': {
      const allowance = allowanceAt(live.brand, now);
      if (!allowance) return {};
      const inputs = { month: allowance.month, budget: `$${allowance.usd}`, allowed: allowance.most };
      return { inputs, until: nextTryAt(situation, nextLookAt(allowance, now)) };
    }
    case 'late':
      return {
        rule: `late: more than ${secondsInWords((artifact.late ?? usualLate).seconds)}`,
        ...(situation.enrolment && { inputs: { due: momentOf(situation.enrolment, situation.enteredAt) } }),
        until: nextTryAt(situation, now),
      };
    case 'capped':
    case 'too-close':
    case 'yields':
    case 'group-busy': {
      const restraint = restraintOnSend(situation);
      const { cap, gapSeconds } = live.brand.caps ?? {};
      const rules = {
        ...(cap && reason !== 'group-busy' && { cap: `${cap.emails} within ${secondsInWords(cap.perSeconds)}` }),
        ...(gapSeconds !== undefined && reason !== 'group-busy' && { gap: secondsInWords(gapSeconds) }),
        ...(restraint?.other !== undefined && { instead: restraint.other }),
      };
      return { inputs: rules, ...(restraint && { until: nextTryAt(situation, restraint.until) }) };
    }
    default: {
      const hold = holdOn(lead, { artifact, live, line, now });
      if (hold?.reason !== reason) return {};
      const paused = pauseOn(line, artifact.sequence);
      const why = reason === paused?.reason ? paused.pause.why : undefined;
      return { ...(why !== undefined && { inputs: { why: why.slice(0, 200) } }), until: nextTryAt(situation, hold.until) };
    }
  }
};

/** As plan-step will plan it, should nothing change until then. */
const nextTryAt = ({ artifact, step, lead, live }: Parameters<typeof groundsOfSend>[0], from: Instant): Instant =>
  planWaits(artifact.plans[`Plan ${step.id}`] ?? [], { lead, brand: live.brand, now: from })[`Hold ${step.id}`] ?? from;

/** Why a lead did not enter. Pure. */
export const groundsOfEntry = ({ artifact, enrolments, facts, lead, trigger, brand }: EntrySituation, reason: Reason): Grounds => {
  const { sequence, topic, enter } = artifact;
  switch (reason) {
    case 'entry-condition-false':
      return enter.if ? { rule: ruleOf(enter.if, facts), inputs: standingOf([enter.if], facts) } : {};
    case 'holds-no-more': {
      const when = whenOf(enter);
      return when ? { rule: ruleOf(when.when, facts), inputs: standingOf([when.when], facts) } : {};
    }
    case 'sequence-off':
      return { inputs: { inside: brand.off?.[sequence] ?? '' } };
    case 'came-before':
      return { inputs: { came: lead.createdAt, since: brand.since?.[sequence] ?? '' } };
    case 'day-changed':
    case 'day-missed': {
      const field = dateOf(enter)?.field ?? '';
      return { inputs: { field, day: dayOfTrigger(trigger) ?? '', value: String(lead.fields[field] ?? 'empty').slice(0, 40) } };
    }
    case 'ran-before': {
      const ended = enrolments
        .filter((it) => it.sequence === sequence)
        .map((it) => it.endedAt ?? it.enrolledAt)
        .sort()
        .at(-1);
      if (typeof enter.again === 'string')
        return { rule: `again: ${enter.again.replace('-', ' ')}`, ...(ended !== undefined && { inputs: { last: ended } }) };
      const { afterSeconds } = enter.again;
      return {
        rule: `again: after ${secondsInWords(afterSeconds)}`,
        ...(ended !== undefined && { inputs: { last: ended }, until: addSeconds(ended, afterSeconds) }),
      };
    }
    case 'no-consent':
    case 'consent-unconfirmed':
    case 'unsubscribed':
    case 'nothing-to-confirm':
      return { inputs: { topic } };
    default:
      return {};
  }
};
