import type { Answers } from './enrolment.ts';
import { fieldOf } from './evaluate-condition.ts';
import type { Instant } from './instant.ts';
import type { Lead, LeadFields } from './lead.ts';
import type { WebhookResult } from './ports.ts';
import type { Asking } from './sequences/model.ts';

/** What a webhook is told (docs/logic.md): ids, and those fields of the lead that the marketer named. */
export const payloadOf = (
  { sends }: Pick<Asking, 'sends'>,
  lead: Lead,
  {
    sequence,
    step,
    enrolmentId,
    at,
  }: { readonly sequence: string; readonly step: string; readonly enrolmentId: string; readonly at: Instant },
) => {
  const fields = sends.flatMap((name) => {
    const value = fieldOf(lead, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    type: 'sequence.webhook',
    timestamp: at,
    data: { lead: { id: lead.leadId, stage: lead.stage, fields: Object.fromEntries(fields) }, sequence, step, run: enrolmentId },
  };
};

/** Nobody there, too busy, or a fault of theirs; anything else is an answer. */
export const isWorthAnotherTry = (result: WebhookResult): boolean =>
  'failed' in result ? result.failed !== 'not-public' : result.status >= 500 || [408, 425, 429].includes(result.status);

const longestText = 200;

/** Of the answer only what was named, and only plain values: text, numbers, true and false. */
export const keptOf = (
  { keeps, into }: Pick<Asking, 'keeps' | 'into'>,
  step: string,
  answer: unknown,
): { readonly answers: Answers; readonly fields: LeadFields } => {
  const values = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? new Map(Object.entries(answer)) : new Map();
  const named = (name: string, as: string): readonly (readonly [string, string | number | boolean])[] => {
    const value: unknown = values.get(name);
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return [[as, value] as const];
    return typeof value === 'string' && value !== '' ? [[as, value.slice(0, longestText)] as const] : [];
  };
  return {
    answers: Object.fromEntries(keeps.flatMap((name) => named(name, `${step}.${name}`))),
    fields: Object.fromEntries(Object.entries(into).flatMap(([field, name]) => named(name, field))),
  };
};
