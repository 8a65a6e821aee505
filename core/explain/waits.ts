import type { Brand } from '#core/config';
import type { Enrolment } from '#core/enrolment';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { planWaits } from '#core/plan-waits';
import type { Decision, History } from '#core/ports';
import { reasons } from '#core/reasons';
import { afterWait } from '#core/send-window';
import { quietHoursInWords, windowInWords } from '#core/send-window-text';
import type { Artifact, PlannedWait } from '#core/sequences/model';
import { zoneOf } from '#core/time-zone';
import { dueOf } from './next.ts';
import type { Happening } from './story.ts';

/** From a moment on an e-mail could have gone, had there not been something in its way until another. */
export type Waiting = { readonly from: Instant; readonly until: Instant; readonly because: Happening };

export type WaitingParts = {
  readonly lead: Lead;
  readonly history: Pick<History, 'sends' | 'decisions' | 'enrolments'>;
  readonly story: readonly Happening[];
  readonly artifactOf: (sequence: string, version: string) => Artifact | undefined;
  readonly brand: Brand;
  readonly now: Instant;
};

/** All times that e-mails waited after they were due: put off by the sender, or planned into their hours. Pure. */
export const waitingsOf = (parts: WaitingParts): readonly Waiting[] => {
  const { story, history } = parts;
  const putOff = story.flatMap((it) =>
    it.kind === 'decision' && it.until !== undefined && it.step !== 'enter' ? [waiting(it, it.until)] : [],
  );
  const planned = [
    ...history.enrolments.flatMap((it) => afterEntry(it, parts)),
    ...history.sends.flatMap((it) => afterSend(it, parts)),
    ...history.decisions.flatMap((it) => afterBranch(it, parts)),
  ];
  const known = [...putOff, ...planned];
  const here = history.enrolments.flatMap((it) => parkedBefore(it, known, parts));
  return [...known, ...here]
    .filter(isWorthTelling)
    .flatMap((it) => cut(it, history.enrolments))
    .sort((one, other) => (one.from < other.from ? -1 : 1));
};

const waiting = (because: Happening, until: Instant): Waiting => ({ from: because.at, until, because });

/** Every plan lies a second ahead at least: that is not called waiting. */
const leastSeconds = 60;
const isWorthTelling = ({ from, until }: Pick<Waiting, 'from' | 'until'>): boolean => addSeconds(from, leastSeconds) < until;

/** A mail's answer says when each wait after it ends. Of those on ways that were not taken nothing is said. */
const afterSend = (send: History['sends'][number], parts: WaitingParts): readonly Waiting[] => {
  const plans = parts.artifactOf(send.sequence, send.version)?.plans[send.step] ?? [];
  const run = parts.history.enrolments.find((it) => it.enrolmentId === send.enrolmentId);
  return plans.flatMap((plan) => {
    const until = send.answer?.due[plan.state];
    return run && until !== undefined && (plans.length === 1 || wasReached(plan, run, parts))
      ? shifted(plan, send.claimedAt, until, run, parts)
      : [];
  });
};

const afterEntry = (run: Enrolment, parts: WaitingParts): readonly Waiting[] => {
  const artifact = parts.artifactOf(run.sequence, run.version);
  return plannedAnew(artifact?.plans[`Plan ${artifact.stepIds[0]}`] ?? [], run.enrolledAt, run, parts);
};

const afterBranch = ({ enrolmentId, step, outcome, at }: Decision, parts: WaitingParts): readonly Waiting[] => {
  const run = parts.history.enrolments.find((it) => it.enrolmentId === enrolmentId);
  if (!run || !outcome.startsWith('arm:')) return [];
  const plans = parts.artifactOf(run.sequence, run.version)?.plans[`${step}/${outcome.slice('arm:'.length)}`] ?? [];
  return plannedAnew(plans, at, run, parts);
};

/** These plans are on no record. Made anew they come to the same, unless a zone or an hour has changed since: then nothing is said. */
const plannedAnew = (plans: readonly PlannedWait[], at: Instant, run: Enrolment, parts: WaitingParts): readonly Waiting[] => {
  const due = planWaits(plans, { lead: parts.lead, brand: parts.brand, now: at });
  return plans.flatMap((plan) => {
    const until = due[plan.state];
    return until !== undefined && cameTrue(until, run, parts) ? shifted(plan, at, until, run, parts) : [];
  });
};

/** The run is parked until then, or an e-mail was taken up then. */
const cameTrue = (until: Instant, run: Enrolment, { history }: WaitingParts): boolean => {
  if (run.endedAt === undefined && near(dueOf(run), until)) return true;
  return history.sends.some((it) => it.enrolmentId === run.enrolmentId && near(it.claimedAt, until));
};
const near = (at: Instant | undefined, due: Instant): boolean =>
  at !== undefined && at >= addSeconds(due, -leastSeconds) && at <= addSeconds(due, 15 * leastSeconds);

const stepOf = ({ state }: PlannedWait): string => state.replace(/^Hold /, '');

const wasReached = (plan: PlannedWait, run: Enrolment, { history }: WaitingParts): boolean =>
  run.step === stepOf(plan) || history.sends.some((it) => it.enrolmentId === run.enrolmentId && it.step === stepOf(plan));

const shifted = (plan: PlannedWait, begun: Instant, until: Instant, run: Enrolment, parts: WaitingParts): readonly Waiting[] => {
  if (plan.length && 'until' in plan.length) return [];
  const from = plan.length ? afterWait(begun, plan.length, zoneOf(parts.lead, parts.brand).zone) : begun;
  if (!plan.forEmail || until <= from) return [];
  const what = plan.length ? `after “${plan.state}” the next e-mail waited for its hours` : `“${stepOf(plan)}” waited for its hours`;
  return [{ from, until, because: forHours(what, plan, { from, until, run }, parts) }];
};

/** A run that is parked before an e-mail by a plan that left no trace of its own: since when, nobody can say. */
const parkedBefore = (run: Enrolment, known: readonly Waiting[], parts: WaitingParts): readonly Waiting[] => {
  const from = parts.now;
  const { sequence, version, step, endedAt } = run;
  const until = dueOf(run);
  const emails = parts.artifactOf(sequence, version)?.emails ?? {};
  if (endedAt !== undefined || step === undefined || until === undefined || emails[step] === undefined || until <= from) return [];
  if (known.some((it) => it.until === until)) return [];
  const window = emails[step]?.step.window;
  const plan = { state: `Hold ${step}`, ...(window && { window }) };
  return [{ from, until, because: forHours(`“${step}” waits for its hours`, plan, { from, until, run }, parts) }];
};

type Place = { readonly from: Instant; readonly until: Instant; readonly run: Enrolment };

const forHours = (what: string, { state, window }: PlannedWait, { from, until, run }: Place, { brand }: WaitingParts): Happening => ({
  at: from,
  kind: 'decision',
  what,
  why: reasons['window-closed'],
  code: 'window-closed',
  until,
  inputs: {
    ...(window && { window: windowInWords(window) }),
    ...(brand.quietHours && { 'quiet hours': quietHoursInWords(brand.quietHours) }),
  },
  sequence: run.sequence,
  step: state.replace(/^Hold /, ''),
  enrolmentId: run.enrolmentId,
});

/** Whoever has left waits no more. */
const cut = (it: Waiting, enrolments: readonly Enrolment[]): readonly Waiting[] => {
  const run = enrolments.find((one) => one.enrolmentId === it.because.enrolmentId);
  const end = [run?.stop?.at, run?.endedAt].filter((at) => at !== undefined).sort()[0];
  if (end === undefined || end >= it.until) return [it];
  return end <= it.from ? [] : [{ ...it, until: end }];
};
