import * as z from 'zod';
import { normaliseEmail } from '#core/address';
import { addSeconds } from '#core/instant';
import type { Lead } from '#core/lead';
import { askToErase } from '#lambdas/erase-lead';
import { runningEnrolments, tellStop } from '#lambdas/tell-enrolments';
import { type Answer, type Asked, Refusal } from './asked.ts';
import { noteAct } from './note-act.ts';

export const PauseLeadBody = z.strictObject({ days: z.number().int().min(1).max(365) });
export const ExitBody = z.strictObject({ sequence: z.string().min(1).max(40) });
export const EraseBody = z.strictObject({ email: z.string().trim().min(3).max(320) });

const leadAsked = async ({ use, params }: Asked): Promise<Lead> => {
  const lead = await use.leads.find(await use.aliases.resolve(params.leadId ?? ''));
  if (!lead) throw new Refusal(404, 'there is no such lead any more');
  return lead;
};

export const pauseLead = async (asked: Asked): Promise<Answer> => {
  const { use, now, body } = asked;
  const { leadId } = await leadAsked(asked);
  const { days } = body as z.output<typeof PauseLeadBody>;
  await noteAct(asked, 'pause-lead', { leadId, what: days === 1 ? 'a day' : `${days} days` });
  await use.leads.pause(leadId, addSeconds(now, days * 86_400));
  return { json: { said: `No mail goes to this lead for ${days === 1 ? 'a day' : `${days} days`}; it keeps its places` } };
};

export const resumeLead = async (asked: Asked): Promise<Answer> => {
  const { leadId, pausedUntil } = await leadAsked(asked);
  if (pausedUntil === undefined || pausedUntil <= asked.now) throw new Refusal(409, 'mail to this lead is not paused');
  await noteAct(asked, 'resume-lead', { leadId });
  await asked.use.leads.pause(leadId, undefined);
  return { json: { said: 'Mail may go to this lead again' } };
};

/** The same stop that an exit event writes: absorbing, and whoever waits is woken. */
export const exitLead = async (asked: Asked): Promise<Answer> => {
  const { use, now, body } = asked;
  const { leadId } = await leadAsked(asked);
  const { sequence } = body as z.output<typeof ExitBody>;
  const runs = (await runningEnrolments(use, leadId)).filter((it) => it.sequence === sequence);
  if (runs.length === 0) throw new Refusal(409, `the lead is not in ${sequence.slice(0, 40)} any more`);
  await noteAct(asked, 'exit-lead', { leadId, what: sequence });
  for (const run of runs) await tellStop(use, run, { reason: 'exit', at: now });
  return { json: { said: `The lead leaves ${sequence}: nothing more of it is sent` } };
};

/** The address again, typed: nobody erases somebody by a slip. The rest is the same way that `baton erase` and retention go. */
export const eraseLead = async (asked: Asked): Promise<Answer> => {
  const lead = await leadAsked(asked);
  const typed = normaliseEmail((asked.body as z.output<typeof EraseBody>).email);
  if (typed === undefined || typed !== normaliseEmail(lead.email))
    throw new Refusal(422, 'this is not the address of this lead: nothing was erased', [
      { field: 'email', what: 'type the address as it is shown' },
    ]);
  await noteAct(asked, 'erase-lead', { leadId: lead.leadId });
  const wish = await askToErase(asked.use, lead.leadId, 'asked');
  if (wish === 'unknown') throw new Refusal(404, 'there is no such lead any more');
  return { json: { said: 'It is on record that this lead is to be erased; within a quarter of an hour everything of it is gone' } };
};
