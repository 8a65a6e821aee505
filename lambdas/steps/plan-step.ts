import { allowanceAt, isExemptFromBudget, nextLookAt } from '#core/budget';
import { elsewhere, permanentError } from '#core/errors';
import type { Use } from '#core/handlers';
import { holdOn } from '#core/holds';
import type { Instant } from '#core/instant';
import type { MachineAnswer } from '#core/sending';
import type { PlannedWait } from '#core/sequences/model';
import { stepOf } from '#core/sequences/rounds';
import { beginsElsewhere } from '#core/sequences/start';
import { ceilingAt, isExemptFromWarmUp } from '#core/warm-up';
import { onInvoke } from '#lambdas/runtime';
import { type LoadedStep, type LoadStep, loadStep } from './load-step.ts';
import { planAhead } from './plan-ahead.ts';

type Handler = Use<'plan-step'>;

/** Plans the wait that comes next, for a lead whose last answer does not cover it (first step, after a wait-for, after Defer). */
export const planStep =
  (use: Handler) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const loaded = await loadStep(use, event);
    const { input, artifact } = loaded;
    if (beginsElsewhere(input, artifact, loaded.enrolment.rest, loaded.now)) throw elsewhere('this leg begins at another step');
    const waits = artifact.plans[`Plan ${input.step}`];
    if (!waits) throw permanentError(`nothing to plan for ${input.step} in ${input.sequence} ${input.version}`);
    const planned = await planAhead(use, loaded, waits, await earliest(use, loaded, waits));
    if (planned[input.step]?.is === 'none') await noteNoDay(use, loaded);
    return { outcome: 'planned', waits: planned };
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
