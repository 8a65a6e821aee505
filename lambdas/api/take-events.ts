import * as z from 'zod';
import { OwnEvent, sesKinds } from '#core/events';
import type { Use } from '#core/handlers';
import { addSeconds, toInstant } from '#core/instant';
import type { Caller } from '#core/ports';
import { idPattern } from '#core/sequences/steps/step-kind';
import { type Numbered, pushEvents } from '#lambdas/api/push-events';
import { leadIdOf } from '#lambdas/lead-reference';

const maxItems = 500;
/** Clocks differ; an event from further ahead than this is a mistake of whoever sends it. */
const aheadSeconds = 300;
/** Years before the first are written otherwise, and would be refused behind the queue. */
const earliest = '1970-01-01T00:00:00.000Z';

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
    const events = eventsOf(given);
    if (typeof events === 'string') return { status: 400 as const, body: { error: events } };
    const rejected: EventProblem[] = [];
    const good: Numbered[] = [];
    for (const [index, item] of events.entries()) {
      const event = readEvent(use, withId(item, index, webhookId), source);
      if ('code' in event) rejected.push({ index, ...event });
      else good.push({ index, event });
    }
    const { taken: accepted, notTaken } = await pushEvents(use, good);
    const counts = { accepted, rejected: rejected.length };
    if (notTaken.length > 0) {
      use.log.error('events not taken in', { source, ...counts, notTaken: notTaken.length });
      return { status: 503 as const, body: { error: again, accepted, rejected, 'not-taken': notTaken } };
    }
    use.log.info('events taken in', { source, ...counts });
    const status = rejected.length === 0 ? (202 as const) : accepted === 0 ? (400 as const) : (207 as const);
    return { status, body: { accepted, rejected } };
  };

const again = 'not all events could be queued; send the same request again, those that were taken are not counted twice';

/** A webhook may carry one event as its body. Text: what is wrong with the whole. */
const eventsOf = (given: unknown): readonly unknown[] | string => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return form;
  if (!('events' in given)) return 'name' in given ? [given] : form;
  const { events, ...more } = given;
  if (!Array.isArray(events)) return '"events" must be a list';
  if (Object.keys(more).length > 0) return 'beside "events" nothing is known';
  if (events.length === 0) return 'at least one event is wanted';
  if (events.length > maxItems) return `at most ${maxItems} events a request; these are ${events.length}`;
  return events as readonly unknown[];
};

const form = `a body is {"events": [1 to ${maxItems} events]}, or one event: {"id", "name", "at", and one of "email", "lead-id", "external-id"}`;

const withId = (item: unknown, index: number, webhookId: string | undefined): unknown =>
  webhookId !== undefined && typeof item === 'object' && item !== null && !('id' in item) ? { ...item, id: `${webhookId}-${index}` } : item;

type Refused = Omit<EventProblem, 'index'>;

const readEvent = (use: Use<'ingest'>, item: unknown, source: string): OwnEvent | Refused => {
  const read = EventItem.safeParse(item, { reportInput: true });
  if (!read.success) return refusalOf(read.error);
  const { id, name, path, email, amount, currency } = read.data;
  if (reserved.includes(name)) return { code: 'reserved-name', field: 'name', reason: 'this name is kept for what Baton finds out itself' };
  const at = toInstant(Date.parse(read.data.at));
  if (at < earliest) return { code: 'too-long-ago', field: 'at', reason: '"at" is before 1970' };
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

/** The first thing that is wrong; a key that is not known first, for its name may be the reason why another is missing. */
const refusalOf = ({ issues }: z.ZodError): Refused => {
  const issue = issues.find((it) => it.code === 'unrecognized_keys') ?? issues[0];
  if (issue?.code === 'unrecognized_keys') return { code: 'unknown-key', reason: `a key is not known here; there are ${keys.join(', ')}` };
  const field = issue?.path.map(String).join('.');
  const isMissing = issue?.code === 'invalid_type' && issue.input === undefined;
  const reason = isMissing ? 'it is missing' : (issue?.message ?? 'it cannot be read');
  return { code: isMissing ? 'missing' : 'invalid', ...(field && { field }), reason };
};
const keys: readonly string[] = Object.keys(EventItem.shape);
