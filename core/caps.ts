import type { Brand } from './config.ts';
import type { Enrolment } from './enrolment.ts';
import { addSeconds, type Instant, toEpoch, toInstant } from './instant.ts';
import type { SendKey } from './sending.ts';
import type { Artifact, EmailStep } from './sequences/model.ts';
import { sorted } from './sorted.ts';

/** How much mail a person gets from all sequences together: brand.yaml's `cap` and `gap`. */
export type CapRules = {
  /** At most so many e-mails within any period of this length. */
  readonly cap?: { readonly emails: number; readonly perSeconds: number };
  /** Never two closer than this. */
  readonly gapSeconds?: number;
};

/** An e-mail that has its place in the count; `key`: of its send. */
export type CountedMail = { readonly key: string; readonly enrolmentId: string; readonly at: Instant };

/** Of a send, the same at every attempt. */
export const mailKey = ({ enrolmentId, step, round }: Pick<SendKey, 'enrolmentId' | 'step' | 'round'>): string =>
  `${enrolmentId}#${step}#${round}`;

/** What is known of the mail that one lead gets: e-mails that count, and the runs that may have more for it. */
export type Speech = { readonly mails: readonly CountedMail[]; readonly runs: readonly Enrolment[] };

/** Who asks to speak. `silent`: sequences that send nothing for now, paused or switched off. */
export type Speaker = {
  readonly enrolmentId: string;
  readonly sequence: string;
  readonly priority: number;
  readonly group?: string;
  readonly key: string;
  readonly silent: { readonly [sequence: string]: unknown };
};

export type Restraint = {
  readonly reason: 'capped' | 'too-close' | 'yields' | 'group-busy';
  /** When to look again. */
  readonly until: Instant;
  /** The run that speaks instead, where it is one. */
  readonly other?: string;
};

/** What somebody waits for is never held back, nor does it count. */
export const isTransactional = ({ lawfulBasis }: Pick<Artifact, 'lawfulBasis'>, step: Pick<EmailStep, 'transactional'>): boolean =>
  step.transactional === true || lawfulBasis === 'contract' || lawfulBasis === 'confirmation';

/** Is there anything to ask of the lead's other mail before this e-mail goes? */
export const isRestrained = (
  artifact: Pick<Artifact, 'lawfulBasis' | 'group'>,
  step: Pick<EmailStep, 'transactional'>,
  brand: Pick<Brand, 'caps'>,
): boolean => (brand.caps !== undefined || artifact.group !== undefined) && !isTransactional(artifact, step);

/** When the next e-mail of this run could go, after those that went and before or after those that more important runs are to send. */
export const roomFor = (rules: CapRules, speech: Speech, speaker: Speaker, now: Instant): ((from: Instant) => Instant) => {
  const occupied = [...othersSent(speech, speaker), ...speakingAhead(speech, speaker, now).map((it) => it.at)];
  return (from) => freeFrom(rules, occupied, from);
};

const othersSent = ({ mails }: Speech, { key }: Speaker): Instant[] => {
  const sent: Instant[] = [];
  for (const it of mails) if (it.key !== key) sent.push(it.at);
  return sent;
};

/** Rows keep e-mails for as long as they can count. */
export const countedForSeconds = ({ cap, gapSeconds = 0 }: CapRules): number => Math.max(cap?.perSeconds ?? 0, gapSeconds);

/** A run that was due longer ago than this and did not speak has stopped somewhere: nobody waits for it. */
const overdueSeconds = 6 * 3600;
/** Nobody knows when another run ends: each day a look. */
const groupLookSeconds = 24 * 3600;

/**
 * May this e-mail go at this moment, as far as the lead's other mail is concerned? undefined: yes. Of a group the most important run
 * speaks, of equals the one that began first. A more important run that is about to speak keeps its place. Pure.
 */
export const restraintOn = (rules: CapRules, speech: Speech, speaker: Speaker, now: Instant): Restraint | undefined => {
  const floor = floorOf(speech.runs, speaker);
  if (floor) return { reason: 'group-busy', until: addSeconds(now, groupLookSeconds), other: floor.sequence };
  const sent = othersSent(speech, speaker);
  const ahead = speakingAhead(speech, speaker, now);
  const occupied = ahead.length === 0 ? sent : [...sent, ...ahead.map((it) => it.at)];
  const until = freeFrom(rules, occupied, now);
  if (until <= now) return undefined;
  if (freeFrom(rules, sent, now) <= now) return { reason: 'yields', until, ...(ahead[0] && { other: ahead[0].sequence }) };
  const isTooClose = freeFrom({ ...(rules.gapSeconds !== undefined && { gapSeconds: rules.gapSeconds }) }, sent, now) > now;
  return { reason: isTooClose ? 'too-close' : 'capped', until };
};

/** The first moment at or after `from` at which one more e-mail keeps the rules, `occupied` being those that went or will go. */
export const freeFrom = (rules: CapRules, occupied: readonly Instant[], from: Instant): Instant => {
  if (occupied.length === 0 && (rules.cap?.emails ?? 1) > 0) return from;
  const taken = occupied.map(toEpoch);
  const first = toEpoch(from);
  if (fits(rules, taken, first)) return from;
  const steps = [rules.cap?.perSeconds, rules.gapSeconds].flatMap((it) => (it === undefined ? [] : [it * 1000]));
  const candidates = taken.flatMap((at) => steps.map((it) => at + it)).filter((it) => it > first);
  const found = candidates.sort((one, other) => one - other).find((it) => fits(rules, taken, it));
  return found === undefined || found === first ? from : toInstant(found);
};

const byNumber = (one: number, other: number): number => one - other;

const fits = ({ cap, gapSeconds = 0 }: CapRules, taken: readonly number[], at: number): boolean => {
  let around = 0;
  for (const it of taken) {
    const apart = Math.abs(it - at);
    if (apart < gapSeconds * 1000) return false;
    if (cap && apart < cap.perSeconds * 1000) around++;
  }
  // So few that even all of them together, with this one, are allowed.
  if (!cap || around < cap.emails) return true;
  const near = sorted([...taken.filter((it) => Math.abs(it - at) < cap.perSeconds * 1000), at], byNumber);
  const place = near.lastIndexOf(at);
  // No row of one e-mail more than allowed that holds this one may lie within the period.
  for (let start = Math.max(0, place - cap.emails); start <= place; start++) {
    const last = near[start + cap.emails];
    if (last !== undefined && last - (near[start] ?? last) < cap.perSeconds * 1000) return false;
  }
  return true;
};

/** When more important runs are going to speak, soonest first. One that spoke since it was due is not waited for. */
const speakingAhead = ({ runs, mails }: Speech, speaker: Speaker, now: Instant): readonly { at: Instant; sequence: string }[] => {
  const ahead: { at: Instant; sequence: string }[] = [];
  for (const run of runs) {
    if (run.enrolmentId === speaker.enrolmentId || !isSpeaking(run, speaker.silent)) continue;
    if (!run.speaks || (run.priority ?? usualPriority) <= speaker.priority || run.gsi1sk === undefined) continue;
    const due = addSeconds(run.gsi1sk, run.waitSeconds ?? 0);
    const hasSpoken = mails.some((it) => it.enrolmentId === run.enrolmentId && it.at >= due);
    if (!hasSpoken && due >= addSeconds(now, -overdueSeconds)) ahead.push({ at: due < now ? now : due, sequence: run.sequence });
  }
  return ahead.sort((one, other) => (one.at < other.at ? -1 : 1));
};

const usualPriority = 50;

/** The run of the same group that speaks instead of this one. */
const floorOf = (runs: readonly Enrolment[], speaker: Speaker): Enrolment | undefined => {
  if (speaker.group === undefined) return undefined;
  const [first] = runs
    .filter((it) => it.group === speaker.group && isSpeaking(it, speaker.silent))
    .sort((one, other) => rank(other, speaker) - rank(one, speaker) || (began(one) < began(other) ? -1 : 1));
  return first?.enrolmentId === speaker.enrolmentId ? undefined : first;
};

const rank = (run: Enrolment, speaker: Speaker): number =>
  run.enrolmentId === speaker.enrolmentId ? speaker.priority : (run.priority ?? usualPriority);
/** Of two that began at the same moment the one with the lower id. */
const began = (run: Enrolment): string => `${run.enrolledAt} ${run.enrolmentId}`;

const isSpeaking = (run: Enrolment, silent: Speaker['silent']): boolean =>
  run.endedAt === undefined && run.stop === undefined && silent[run.sequence] === undefined;
