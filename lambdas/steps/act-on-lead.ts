import { fieldFact } from '#core/entry-facts';
import { permanentError, retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Consent } from '#core/lead';
import type { MachineAnswer } from '#core/sending';
import type { LeadChange, Telling } from '#core/sequences/model';
import { stepOf } from '#core/sequences/rounds';
import { onInvoke } from '#lambdas/runtime';
import { tellOfChanges } from '#lambdas/tell-of-changes';
import { type LoadedStep, loadStep } from './load-step.ts';
import { goesPast } from './only-if.ts';
import { planAhead } from './plan-ahead.ts';

type Handler = Use<'act-on-lead'>;

/** Does what a step says: changes the lead, tells the team, lets the lead into another sequence. May be repeated. */
export const actOnLead =
  (use: Handler) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const loaded = await loadStep(use, event);
    const { artifact, input } = loaded;
    if (!(await goesPast(use, loaded))) await act(use, loaded);
    return { outcome: 'planned', waits: await planAhead(use, loaded, artifact.plans[input.step] ?? []) };
  };

const act = async (use: Handler, loaded: LoadedStep): Promise<void> => {
  const { input, artifact } = loaded;
  const step = stepOf(input.step);
  const [change, telling, sequence] = [artifact.updates?.[step], artifact.tellings?.[step], artifact.enrolsIn?.[step]];
  if (change) return changeLead(use, loaded, change);
  if (telling) return tellTeam(use, loaded, telling);
  if (sequence === undefined) throw permanentError(`nothing to do at ${step} in ${input.sequence} ${input.version}`);
  // A round of its own is a reason of its own to enter; the same call again is not.
  await use.enrolQueue.push({ leadId: input.leadId, sequence, trigger: `${input.enrolmentId}:${input.step}` });
};

const changeLead = async (use: Handler, loaded: LoadedStep, { stage, fields = {}, leave = [] }: LeadChange): Promise<void> => {
  const { input, lead, now } = loaded;
  const { leadId, sequence, step } = input;
  const refusal: Consent = { given: false, at: now, source: `sequence ${sequence}, step ${stepOf(step)}` };
  const left = leave.filter((topic) => lead.consents[topic]?.given);
  for (const topic of left) await use.consents.record(leadId, { topic, ...refusal });
  const consents = Object.fromEntries(left.map((topic) => [topic, refusal]));
  if (left.length > 0 || Object.keys(fields).length > 0) await use.leads.edit(leadId, { fields, consents }, now);
  if (left.length > 0) await use.wakeQueue.push({ leadId });
  if (stage !== undefined) await moveTo(use, loaded, stage);
  await tellOfChanges(use, leadId, [...Object.keys(fields).map(fieldFact), ...(stage === undefined ? [] : ['stage'])]);
};

/** The move is on record, under the step's own id, before the profile says it. */
const moveTo = async (use: Handler, { input, lead, now }: LoadedStep, to: NonNullable<LeadChange['stage']>): Promise<void> => {
  const { leadId, enrolmentId, sequence, step, leg } = input;
  const from = lead.stage;
  if (from === to) return;
  const because = `the step “${stepOf(step)}” of ${sequence}`;
  await use.stages.record(leadId, { id: `${enrolmentId}:${step}:${leg}`, at: now, from, to, by: 'sequence', because });
  if ((await use.leads.moveStage(leadId, from, to)) === 'refused') throw retryableError('the lead was moved by somebody else; look again');
  use.log.info('lead moved', { leadId, from, to });
};

/** A message for each way, so that one that fails does not repeat the other. */
const tellTeam = async (use: Handler, { input, now }: LoadedStep, { slack, email }: Telling): Promise<void> => {
  const { leadId, sequence, version, step } = input;
  const notice = { kind: 'told', leadId, sequence, version, step: stepOf(step), at: now } as const;
  if (slack !== undefined) await use.noticeQueue.push({ ...notice, by: 'slack' });
  if (email !== undefined) await use.noticeQueue.push({ ...notice, by: 'email' });
};

export const handler = onInvoke(actOnLead);
