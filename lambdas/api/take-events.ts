import * as z from 'zod';
import { OwnEvent, sesKinds } from '#core/events';
import type { Use } from '#core/handlers';
import { addSeconds, toInstant } from '#core/instant';
import type { Caller } from '#core/ports';
import { idPattern } from '#core/sequences/steps/step-kind';
import { leadIdOf } from '#lambdas/lead-reference';

const maxItems = 500;
/** Clocks differ; an event from further ahead than this is a mistake of whoever sends it. */
const aheadSeconds = 300;

/** A webhook may carry one event as its body. */
const EventsBody = z.union([
  z.strictObject({ events: z.array(z.unknown()).min(1, 'at least one event').max(maxItems, `at most ${maxItems} events a request`) }),
  z.looseObject({ name: z.unknown(), events: z.undefined().optional() }).transform((event) => ({ events: [event as unknown] })),
]);

/** An event names its lead by e-mail address, by our id or by that of another system; the address becomes an id before anything is queued. */
const EventItem = z
  .strictObject({
    id: z.string().min(1).max(150),
    name: OwnEvent.shape.name,
    at: z.iso.datetime({ offset: true }),
    path: OwnEvent.shape.path,
    amount: OwnEvent.shape.amount,
    currency: OwnEvent.shape.currency,
    email: z.string().max(320).optional(),
    'lead-id': OwnEvent.shape.leadId.optional(),
    'external-id': z.strictObject({ system: z.string().regex(idPattern).max(32), id: z.string().min(1).max(200) }).optional(),
  })
  .refine(
    (it) => [it.email, it['lead-id'], it['external-id']].filter((one) => one !== undefined).length === 1,
    'exactly one of "email", "lead-id" and "external-id"',
  );

/** What the mail service tells, and what we find out ourselves: nobody may say it for them. */
const reserved: readonly string[] = [...sesKinds, 'replied', 'auto-replied'];

/** `field`: which part of it; `code`: stable, for programs. No value is repeated: it may be personal. */
export type EventProblem = { readonly index: number; readonly code: string; readonly field?: string; readonly reason: string };

/** `webhookId`: of the message, the idempotency key of an event that has no id of its own. */
export const takeEvents =
  (use: Use<'ingest'>) =>
  async (given: unknown, { source }: Caller, webhookId?: string) => {
    const body = EventsBody.safeParse(given);
    if (!body.success)
      return {
        status: 400 as const,
        body: { error: `{ "events": [ … ] } is wanted, or with a webhook one event: ${z.prettifyError(body.error)}` },
      };
    const rejected: EventProblem[] = [];
    const { events } = body.data;
    for (const [index, item] of events.entries()) {
      const event = readEvent(use, withId(item, index, webhookId), source);
      if ('code' in event) rejected.push({ index, ...event });
      else await use.eventQueue.push(event);
    }
    const accepted = events.length - rejected.length;
    use.log.info('events taken in', { source, accepted, rejected: rejected.length });
    const status = rejected.length === 0 ? (202 as const) : accepted === 0 ? (400 as const) : (207 as const);
    return { status, body: { accepted, rejected } };
  };

const withId = (item: unknown, index: number, webhookId: string | undefined): unknown =>
  webhookId !== undefined && typeof item === 'object' && item !== null && !('id' in item) ? { ...item, id: `${webhookId}-${index}` } : item;

type Refused = Omit<EventProblem, 'index'>;

const readEvent = (use: Use<'ingest'>, item: unknown, source: string): OwnEvent | Refused => {
  const read = EventItem.safeParse(item);
  if (!read.success) return refusalOf(read.error);
  const { id, name, path, email, amount, currency } = read.data;
  if (reserved.includes(name)) return { code: 'reserved-name', field: 'name', reason: 'this name is kept for what Baton finds out itself' };
  const at = toInstant(Date.parse(read.data.at));
  if (at > addSeconds(use.clock.now(), aheadSeconds)) return { code: 'in-the-future', field: 'at', reason: '"at" is in the future' };
  const { 'lead-id': ownId, 'external-id': externalId } = read.data;
  const leadId = leadIdOf(use, {
    ...(email !== undefined && { email }),
    ...(ownId !== undefined && { leadId: ownId }),
    ...(externalId && { externalId }),
  });
  if (typeof leadId !== 'string')
    return { ...(email === undefined ? { code: 'no-lead' } : { code: 'not-an-address', field: 'email' }), ...leadId };
  // Two systems may number their events alike.
  return {
    source: 'own',
    eventId: `${source}:${id}`,
    name,
    at,
    leadId,
    ...(path !== undefined && { path }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
  };
};

/** The first thing that is wrong. */
const refusalOf = (error: z.ZodError): Refused => {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys')
    return {
      code: 'unknown-key',
      reason: 'a key is not known here; there are id, name, at, path, amount, currency, email, lead-id, external-id',
    };
  const field = issue?.path.map(String).join('.');
  return { code: 'invalid', ...(field && { field }), reason: z.prettifyError(error) };
};
