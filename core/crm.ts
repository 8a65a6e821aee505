import * as z from 'zod';
import type { Lead } from './lead.ts';
import { HandoffEvent } from './sales-events-schema.ts';
import { keptBy, type SalesTask } from './sales-task.ts';

const crmSystems = ['hubspot', 'salesforce'] as const;
export type CrmSystem = (typeof crmSystems)[number];

/** What Baton knows beside the lead's own fields, as mappings name it. */
const batonFields = [
  'baton-stage',
  'baton-fit',
  'baton-engagement',
  'baton-grade',
  'baton-rep',
  'baton-status',
  'baton-answer',
  'baton-reason',
  'baton-amount',
  'baton-currency',
  'baton-task-id',
] as const;

/** What the pipe asks for: an event, the system it is for, and how fields are called there. `match`: by what the system knows a person. */
export const CrmQuestion = z.strictObject({
  system: z.enum(crmSystems),
  match: z.enum(['lead-id', 'email']),
  idField: z.string().min(1),
  fields: z.record(z.string(), z.string().min(1)),
  event: z.preprocess((it) => (typeof it === 'string' ? JSON.parse(it) : it), HandoffEvent),
});
export type CrmQuestion = z.output<typeof CrmQuestion>;

/** `key`: what the record is found by. `body`: of the request. */
export type CrmRecord = { readonly key: string; readonly body: object };

/**
 * The request that makes or updates one person there, of all that is known now: so a late event brings nothing old back. A field that
 * is empty here is left out, and so never overwrites. undefined: there is nothing to say.
 */
export const crmRecord = ({ system, match, idField, fields }: CrmQuestion, lead: Lead, task: SalesTask): CrmRecord | undefined => {
  // Another task of the same person says what is so.
  if (keptBy(task) !== undefined) return undefined;
  const known: { readonly [name: string]: unknown } = { ...lead.fields, email: lead.email, ...aboutTask(lead, task) };
  const values = Object.entries(fields).flatMap(([name, theirs]) => {
    const value = known[name];
    return value === undefined || value === null || value === '' ? [] : [[theirs, value] as const];
  });
  if (values.length === 0) return undefined;
  const key = match === 'email' ? lead.email : lead.leadId;
  const properties = Object.fromEntries(values);
  if (system === 'hubspot') {
    const named = Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
    return { key, body: { inputs: [{ idProperty: idField, id: key, properties: { ...named, [idField]: key } }] } };
  }
  // Salesforce refuses the field that the address of the request names already.
  const { [idField]: _named, ...others } = properties;
  return { key, body: others };
};

const aboutTask = (lead: Lead, task: SalesTask): { readonly [name in (typeof batonFields)[number]]: unknown } => {
  const last = task.answers.at(-1);
  const won = task.answers.find((it) => it.answer === 'won');
  return {
    'baton-stage': lead.stage,
    'baton-fit': task.fit,
    'baton-engagement': task.engagement,
    'baton-grade': task.grade,
    'baton-rep': task.rep,
    'baton-status': task.status,
    'baton-answer': last?.answer,
    'baton-reason': last?.reason,
    'baton-amount': won?.amount,
    'baton-currency': won?.currency,
    'baton-task-id': task.taskId,
  };
};
