import { allowanceAt, isExemptFromBudget, nextLookAt } from '#core/budget';
import { elsewhere, halt, permanentError } from '#core/errors';
import type { Use } from '#core/handlers';
import { holdOn } from '#core/holds';
import type { Instant } from '#core/instant';
import type { StepInput } from '#core/messages';
import type { MachineAnswer } from '#core/sending';
import type { PlannedWait } from '#core/sequences/model';
import { stepOf } from '#core/sequences/rounds';
import { beginsElsewhere } from '#core/sequences/start';
import { ceilingAt, isExemptFromWarmUp } from '#core/warm-up';
import { onInvoke } from '#lambdas/runtime';
import { type LoadedStep, type LoadStep, loadStep } from './load-step.ts';
import { parkUntil } from './park-until.ts';
import { planAhead } from './plan-ahead.ts';

type Handler = Use<'plan-step'>;
type SitsOut = NonNullable<StepInput['sitsOut']>;

/**
 * Plans the wait that comes next, for a lead whose last answer does not cover it (first step, after a wait-for, after Defer). Of a state
 * that sits the wait out it also parks the run and sees to it that its token is answered (docs/decisions/0100).
 */
export const planStep =
  (use: Handler) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const loaded = await loadStep(use, event);
    const { input, artifact } = loaded;
    if (beginsElsewhere(input, artifact, loaded.enrolment.rest, loaded.now)) throw elsewhere('this leg begins at another step');
    const waits = artifact.plans[`Plan ${input.step}`];
    if (!waits) throw permanentError(`nothing to plan for ${input.step} in ${input.sequence} ${input.version}`);
    const from = await earliest(use, loaded, waits);
    const planned = await planAhead(use, loaded, waits, { from, mayBeOver: input.sitsOut !== undefined });
    if (planned[input.step]?.is === 'none') await noteNoDay(use, loaded);
    if (input.sitsOut) await sitOut(use, input, input.sitsOut, waits[0] && planned[waits[0].state]?.at);
    return { outcome: 'planned', waits: planned };
  };

/** What is thrown fails the state as a token would. A state that has been left is told nothing: another has parked since. */
const sitOut = async (use: Handler, input: StepInput, { token, enteredAt, attempt, speaks }: SitsOut, due: Instant | undefined) => {
  if (due === undefined) throw permanentError(`nothing to wait for at ${input.step} in ${input.sequence} ${input.version}`);
  const { leg, step, version } = input;
  const parking = { token, leg, step, version, entered: `${enteredAt} ${attempt}`, due, ...(speaks && { speaks }) };
  if ((await parkUntil(use, input, parking)) === 'refused') throw halt('the wait was refused');
};

/** A wait until a day that the lead does not have: why the run ended here, or went on at once. */
const noteNoDay = ({ decisions }: Handler, { input, artifact, lead, live, now }: LoadedStep): Promise<void> => {
  const { leadId, enrolmentId, step, leg } = input;
  const length = artifact.plans[`Plan ${step}`]?.find((it) => it.state === step)?.length;
  const field = length && 'until' in length ? length.until.field : '';
  return decisions.record({
    leadId,
    enrolmentId,
    step,
    round: 1,
    attempt: leg,
    at: now,
    outcome: 'skipped',
    reason: 'no-day',
    inputs: { field, value: String(lead.fields[field] ?? 'empty').slice(0, 40) },
    configHash: live.hash,
  });
};

type Situation = Pick<LoadedStep, 'input' | 'lead' | 'artifact' | 'live' | 'line' | 'now'>;

/** When a hold ends, money is there again, or a warm-up has e-mails left: planning for before would only defer again. */
const earliest = async (use: LoadStep, of: Situation, waits: readonly PlannedWait[]): Promise<Instant> => {
  const { lead, artifact, live, line, now } = of;
  const hold = holdOn(lead, { artifact, live, line, now });
  const from = await paidFrom(use, of, waits, hold?.until ?? now);
  const ceiling = isExemptFromWarmUp(artifact) ? undefined : ceilingAt(live.brand, from);
  if (!ceiling || (await use.line.takenOn(ceiling.day)) < ceiling.most) return from;
  return ceiling.nextDayAt;
};

/** Only an e-mail that is about to go costs anything; a wait does not wait for money. */
const paidFrom = async (
  use: LoadStep,
  { input, artifact, live }: Situation,
  waits: readonly PlannedWait[],
  from: Instant,
): Promise<Instant> => {
  const isHold = waits.every((it) => it.length === undefined && it.forEmail);
  const allowance =
    isHold && !isExemptFromBudget(artifact, artifact.emails[stepOf(input.step)]?.step) ? allowanceAt(live.brand, from) : undefined;
  if (!allowance || (await use.line.spentIn(allowance.month)) < allowance.most) return from;
  return nextLookAt(allowance, from);
};

export const handler = onInvoke(planStep);
