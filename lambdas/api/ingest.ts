import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { normaliseEmail } from '#core/address';
import { OwnEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { mappingNamed } from '#core/imports/mapping';
import { addSeconds, toInstant } from '#core/instant';
import { AddressChange, changeAddress } from '#lambdas/api/change-addresses';
import { importLeads, type SourceRow } from '#lambdas/api/import-leads';
import { takeSuppressions } from '#lambdas/api/take-suppressions';
import { onHttp } from '#lambdas/http';

const maxItems = 500;
/** Each may copy the whole history of a lead. */
const maxChanges = 50;
const maxBytes = 1024 * 1024;
/** Clocks differ; an event from further ahead than this is a mistake of whoever sends it. */
const aheadSeconds = 300;

const Cell = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** The columns of a CSV list, as the names of each lead's values. `consents: required`: no lead without a consent that has its proof. */
const LeadsBody = z.strictObject({
  list: z.string().min(1).max(80),
  leads: z
    .array(z.record(z.string().max(200), Cell))
    .min(1)
    .max(maxItems),
  consents: z.literal('required').optional(),
  /** The mapping that says what the columns are; `hash`: of the one that the sender means. */
  map: z.strictObject({ name: z.string().max(32), hash: z.string().max(64).optional() }).optional(),
});
const EventsBody = z.strictObject({ events: z.array(z.unknown()).min(1).max(maxItems) });
const AddressesBody = z.strictObject({ changes: z.array(z.unknown()).min(1).max(maxChanges) });
/** An event names its lead by e-mail address or by our id; the address becomes an id before anything is queued. */
const EventItem = z
  .strictObject({
    id: OwnEvent.shape.eventId,
    name: OwnEvent.shape.name,
    at: z.iso.datetime({ offset: true }),
    path: OwnEvent.shape.path,
    email: z.string().max(320).optional(),
    'lead-id': OwnEvent.shape.leadId.optional(),
  })
  .refine((it) => (it.email === undefined) !== (it['lead-id'] === undefined), 'exactly one of "email" and "lead-id"');

type ItemProblem = { readonly index: number; readonly reason: string };

/**
 * Leads, events and suppressions from other systems, in batches, with a key. What is wrong with one item is said of that item and
 * stops no other: 202 when all were taken, 207 when some were, 400 when none was. Repeats change nothing.
 */
export const ingest = (use: Use<'ingest'>) => {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: maxBytes, onError: (c) => c.json({ error: `at most ${maxBytes} bytes a request` }, 413) }));
  app.use(bearerAuth({ verifyToken: (token) => use.apiKeys.isKnown(token) }));

  app.post('/leads', async (c) => {
    const body = LeadsBody.safeParse(await bodyOf(c.req));
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400);
    const { map } = body.data;
    const mapping = map && mappingNamed(await use.config.live(), map.name);
    if (map && (!mapping || (map.hash !== undefined && map.hash !== mapping.hash)))
      return c.json({ error: `imports/${map.name}.yaml is not deployed, or is another one there; deploy first` }, 409);
    const { rows, rejected, warnings, ...counts } = await importLeads(use)(rowsOf(body.data.leads), {
      list: body.data.list,
      needsConsent: body.data.consents === 'required',
      ...(mapping && { mapping }),
    });
    const byItem = (notes: typeof rejected) => notes.map(({ line, ...note }) => ({ index: line, ...note }));
    const status = rejected.length === 0 ? 202 : rejected.length === rows ? 400 : 207;
    return c.json({ ...counts, rejected: byItem(rejected), warnings: byItem(warnings) }, status);
  });

  app.post('/events', async (c) => {
    const body = EventsBody.safeParse(await bodyOf(c.req));
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400);
    const rejected: ItemProblem[] = [];
    for (const [index, item] of body.data.events.entries()) {
      const event = readEvent(use, item);
      if ('reason' in event) rejected.push({ index, reason: event.reason });
      else await use.eventQueue.push(event);
    }
    const accepted = body.data.events.length - rejected.length;
    use.log.info('events taken in', { accepted, rejected: rejected.length });
    return c.json({ accepted, rejected }, rejected.length === 0 ? 202 : accepted === 0 ? 400 : 207);
  });

  app.post('/suppressions', async (c) => {
    const { status, body } = await takeSuppressions(use)(await bodyOf(c.req));
    return c.json(body, status);
  });

  app.post('/addresses', async (c) => {
    const body = AddressesBody.safeParse(await bodyOf(c.req));
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400);
    const counts = { changed: 0, merged: 0, unchanged: 0 };
    const rejected: ItemProblem[] = [];
    for (const [index, item] of body.data.changes.entries()) {
      const change = AddressChange.safeParse(item);
      const done = change.success ? await changeAddress(use)(change.data) : { rejected: z.prettifyError(change.error) };
      if (typeof done === 'string') counts[done]++;
      else rejected.push({ index, reason: done.rejected });
    }
    const { length } = body.data.changes;
    use.log.info('addresses changed', { ...counts, rejected: rejected.length });
    return c.json({ ...counts, rejected }, rejected.length === 0 ? 202 : rejected.length === length ? 400 : 207);
  });

  app.notFound((c) => c.json({ error: 'there is POST /leads, POST /events, POST /suppressions and POST /addresses' }, 404));
  app.onError((error, c) => {
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse() as Response;
    use.log.error('ingest failed', { error: error.name });
    return c.json({ error: 'not all of it was taken in; send the same request again, repeats change nothing' }, 503);
  });
  return app;
};

const bodyOf = (request: { json(): Promise<unknown> }): Promise<unknown> => request.json().catch(() => undefined);

async function* rowsOf(leads: readonly Record<string, string>[]): AsyncGenerator<SourceRow> {
  yield* leads.map((cells, line) => ({ line, cells }));
}

const readEvent = (use: Use<'ingest'>, item: unknown): OwnEvent | { readonly reason: string } => {
  const read = EventItem.safeParse(item);
  if (!read.success) return { reason: z.prettifyError(read.error) };
  const { id, name, path, email } = read.data;
  const at = toInstant(Date.parse(read.data.at));
  if (at > addSeconds(use.clock.now(), aheadSeconds)) return { reason: '"at" is in the future' };
  const address = email === undefined ? undefined : normaliseEmail(email);
  const leadId = address === undefined ? read.data['lead-id'] : use.ids.leadId(address);
  if (leadId === undefined) return { reason: '"email" is not an e-mail address' };
  return { source: 'own', eventId: id, name, at, leadId, ...(path !== undefined && { path }) };
};

export const handler = onHttp(ingest);
