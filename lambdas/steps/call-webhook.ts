import { fieldFact } from '#core/entry-facts';
import { permanentError, retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Decision, WebhookResult } from '#core/ports';
import type { MachineAnswer } from '#core/sending';
import type { Asking } from '#core/sequences/model';
import { stepOf } from '#core/sequences/rounds';
import { isWorthAnotherTry, keptOf, payloadOf } from '#core/webhook';
import { onInvoke } from '#lambdas/runtime';
import { tellOfChanges } from '#lambdas/tell-of-changes';
import { type LoadedStep, loadStep } from './load-step.ts';
import { decisionAt, goesPast } from './only-if.ts';
import { planAhead } from './plan-ahead.ts';

type Handler = Use<'call-webhook'>;

/**
 * Asks another system and keeps of its answer what the marketer named. No answer is a RetryableError, which the machine tries again
 * for hours and then comes back with `give-up`. The id of the call stays the same, so that the receiver can tell a repeat.
 */
export const callWebhook =
  (use: Handler) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const loaded = await loadStep(use, event);
    const { input, artifact } = loaded;
    const asking = artifact.webhooks?.[stepOf(input.step)];
    if (!asking) throw permanentError(`no webhook ${input.step} in ${input.sequence} ${input.version}`);
    if (input.ask === 'give-up') await note(use, loaded, { outcome: 'skipped', reason: 'webhook-silent' });
    else if (!(await goesPast(use, loaded))) await ask(use, loaded, asking);
    const place = input.ask === 'give-up' ? `${input.step} (no answer)` : input.step;
    return { outcome: 'planned', waits: await planAhead(use, loaded, artifact.plans[place] ?? []) };
  };

const ask = async (use: Handler, loaded: LoadedStep, asking: Asking): Promise<void> => {
  const { input, lead, now } = loaded;
  const { url, timeOutSeconds } = asking;
  const body = JSON.stringify(payloadOf(asking, lead, { ...input, step: stepOf(input.step), at: now }));
  const result = await use.webhooks.call({ id: `${input.enrolmentId}.${input.step}`, at: now, url, body, timeOutSeconds });
  if (isWorthAnotherTry(result)) {
    use.log.warn('webhook failed', { stepId: input.step, ...shown(result) });
    throw retryableError(`the webhook did not answer: ${'status' in result ? result.status : result.failed}`);
  }
  if (!('status' in result) || result.status >= 300)
    return note(use, loaded, { outcome: 'skipped', reason: 'webhook-refused', inputs: shown(result) });
  await keep(use, loaded, asking, result.answer);
  await note(use, loaded, { outcome: 'answered', inputs: shown(result) });
};

const keep = async (use: Handler, { input, lead, enrolment, now }: LoadedStep, asking: Asking, answer: unknown): Promise<void> => {
  const { answers, fields } = keptOf(asking, stepOf(input.step), answer);
  if (Object.keys(fields).length > 0) {
    await use.leads.edit(lead.leadId, { fields, consents: {} }, now);
    await tellOfChanges(use, lead.leadId, Object.keys(fields).map(fieldFact));
  }
  if (Object.keys(answers).length > 0) await use.enrolments.keepAnswers(enrolment, input.leg, { ...enrolment.answers, ...answers });
};

const note = (use: Handler, loaded: LoadedStep, what: Pick<Decision, 'outcome' | 'reason' | 'inputs'>): Promise<void> =>
  use.decisions.record({ ...decisionAt(loaded), ...what });

/** No word of the answer itself: it may be about the lead. */
const shown = (result: WebhookResult) => ('status' in result ? { status: result.status } : { failed: result.failed });

export const handler = onInvoke(callWebhook);
