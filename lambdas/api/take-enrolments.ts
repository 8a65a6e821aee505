import * as z from 'zod';
import type { Use } from '#core/handlers';
import type { Caller } from '#core/ports';
import { isOpenToApi } from '#core/sequences/enter';
import { idPattern } from '#core/sequences/steps/step-kind';
import { leadIdOf } from '#lambdas/lead-reference';

const maxItems = 500;

/** `id`: of whatever is the reason, in the system that calls; the same id again is the same enrolment. */
const Item = z.strictObject({
  id: z.string().min(1).max(150),
  sequence: z.string().min(1).max(32),
  email: z.string().max(320).optional(),
  'lead-id': z.string().min(1).max(80).optional(),
  'external-id': z.strictObject({ system: z.string().regex(idPattern).max(32), id: z.string().min(1).max(200) }).optional(),
});
const Body = z.strictObject({ enrolments: z.array(z.unknown()).min(1).max(maxItems) });

type Refused = { readonly code: string; readonly reason: string };

/**
 * Lets leads into sequences that say `api: true`. Each item has its answer; no value is repeated in one. What is taken is queued: whether
 * the lead may enter (consent, `if`, `again`) is decided there, and on record.
 */
export const takeEnrolments =
  (use: Use<'ingest'>) =>
  async (given: unknown, { source }: Caller) => {
    const body = Body.safeParse(given);
    if (!body.success) return { status: 400 as const, body: { error: form } };
    const current = await use.artifacts.current();
    const open = current.filter((it) => isOpenToApi(it.enter)).map((it) => it.sequence);
    const all = current.map((it) => it.sequence);
    const results: (
      | { readonly index: number; readonly status: 'queued' }
      | ({ readonly index: number; readonly status: 'rejected' } & Refused)
    )[] = [];
    for (const [index, item] of body.data.enrolments.entries()) {
      const read = await readItem(use, item, open, all);
      if ('code' in read) {
        results.push({ index, status: 'rejected', ...read });
        continue;
      }
      // Two systems may number their reasons alike.
      await use.enrolQueue.push({ leadId: read.leadId, sequence: read.sequence, trigger: `api:${source}:${read.id}` });
      results.push({ index, status: 'queued' });
    }
    const queued = results.filter((it) => it.status === 'queued').length;
    use.log.info('enrolments taken in', { source, queued, rejected: results.length - queued });
    const status = queued === results.length ? (202 as const) : queued === 0 ? (400 as const) : (207 as const);
    return { status, body: { queued, rejected: results.length - queued, results } };
  };

const form = `a body is {"enrolments": [1 to ${maxItems} of {"id", "sequence", and one of "email", "lead-id", "external-id"}]}`;

type Read = { readonly id: string; readonly sequence: string; readonly leadId: string } | Refused;

const readItem = async (use: Use<'ingest'>, item: unknown, open: readonly string[], all: readonly string[]): Promise<Read> => {
  const read = Item.safeParse(item);
  if (!read.success) return { code: 'invalid', reason: problemOf(read.error) };
  const { id, sequence, email, 'lead-id': ownId, 'external-id': externalId } = read.data;
  if (!open.includes(sequence)) {
    return all.includes(sequence)
      ? { code: 'not-open', reason: 'this sequence does not say `api: true` under `enter`' }
      : { code: 'unknown-sequence', reason: 'there is no such sequence that takes new leads' };
  }
  const reference = leadIdOf(use, {
    ...(email !== undefined && { email }),
    ...(ownId !== undefined && { leadId: ownId }),
    ...(externalId && { externalId }),
  });
  if (typeof reference !== 'string') return { code: 'no-lead', reason: reference.reason };
  const leadId = await use.aliases.resolve(reference);
  if (!(await use.leads.find(leadId))) return { code: 'unknown-lead', reason: 'there is no such lead; POST /leads brings it' };
  return { id, sequence, leadId };
};

/** Where it is, without what it says. */
const problemOf = ({ issues: [issue] }: z.ZodError): string =>
  issue?.code === 'unrecognized_keys'
    ? `a key is not known here; there are ${Object.keys(Item.shape).join(', ')}`
    : `"${issue?.path.join('.') || 'the item'}": ${issue?.message ?? 'it cannot be read'}`;
