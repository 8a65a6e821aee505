import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { bodyLimits } from '#core/endpoints';
import type { Use } from '#core/handlers';
import { mappingNamed } from '#core/imports/mapping';
import type { Caller } from '#core/ports';
import { AddressChange, changeAddress } from '#lambdas/api/change-addresses';
import { importLeads, type SourceRow } from '#lambdas/api/import-leads';
import { mappedBy } from '#lambdas/api/import-row';
import { readJson } from '#lambdas/api/read-json';
import { secured } from '#lambdas/api/secured';
import { takeAnswers } from '#lambdas/api/take-answers';
import { takeEnrolments } from '#lambdas/api/take-enrolments';
import { takeEvents } from '#lambdas/api/take-events';
import { takeReplies } from '#lambdas/api/take-replies';
import { takeSuppressions } from '#lambdas/api/take-suppressions';
import { onHttp } from '#lambdas/http';

const maxItems = 500;
/** Each may copy the whole history of a lead. */
const maxChanges = 50;
/** Of one caller, unless its entry in the secret says otherwise (`per-minute`). */
const requestsPerMinute = 600;

const answersPath = '/tasks/:taskId/answers';

type Env = { readonly Variables: { caller: Caller } };

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
const AddressesBody = z.strictObject({ changes: z.array(z.unknown()).min(1).max(maxChanges) });
type ItemProblem = { readonly index: number; readonly reason: string };

/**
 * Leads, events and suppressions from other systems, in batches, with a key. What is wrong with one item is said of that item and
 * stops no other: 202 when all were taken, 207 when some were, 400 when none was. Repeats change nothing.
 */
export const ingest = (use: Use<'ingest'>) => {
  const app = new Hono<Env>();
  app.use(...secured());
  app.use(
    bodyLimit({ maxSize: bodyLimits.ingest, onError: (c) => c.json({ error: `at most ${bodyLimits.ingest} bytes a request` }, 413) }),
  );
  app.use(authenticated(use));

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
      ...(mapping && { mapped: mappedBy(use, mapping) }),
    });
    const byItem = (notes: typeof rejected) => notes.map(({ line, ...note }) => ({ index: line, ...note }));
    const status = rejected.length === 0 ? 202 : rejected.length === rows ? 400 : 207;
    return c.json({ ...counts, rejected: byItem(rejected), warnings: byItem(warnings) }, status);
  });

  app.post('/events', async (c) => {
    const read = await readJson(c.req);
    if ('error' in read) return c.json({ error: read.error }, read.status);
    const { status, body } = await takeEvents(use)(read.data, c.get('caller'), c.req.header('webhook-id'));
    return c.json(body, status);
  });

  app.post('/suppressions', async (c) => {
    const { status, body } = await takeSuppressions(use)(await bodyOf(c.req));
    return c.json(body, status);
  });

  app.post('/enrol', async (c) => {
    const { status, body } = await takeEnrolments(use)(await bodyOf(c.req), c.get('caller'));
    return c.json(body, status);
  });

  app.post('/replies', async (c) => {
    const { status, body } = await takeReplies(use)(await bodyOf(c.req));
    return c.json(body, status);
  });

  app.post(answersPath, async (c) => {
    const { status, body } = await takeAnswers(use)(c.req.param('taskId'), await bodyOf(c.req));
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

  app.notFound((c) =>
    c.json(
      {
        error:
          'there is POST /leads, POST /events, POST /suppressions, POST /addresses, POST /replies, POST /enrol and POST /tasks/<id>/answers',
      },
      404,
    ),
  );
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

/**
 * Who asks: a key in the header, or a signature of the body (Standard Webhooks) on POST /events; each may ask so often a minute.
 */
const authenticated =
  (use: Use<'ingest'>): MiddlewareHandler<Env> =>
  async (c, next) => {
    if ((c.req.header('content-encoding') ?? 'identity') !== 'identity')
      return c.json({ error: 'send the body as it is, without compression' }, 415);
    const caller = (await signedBy(use, c)) ?? keyedBy(use, c);
    if (!caller) {
      c.header('WWW-Authenticate', 'Bearer');
      return c.json(
        {
          error:
            'a key is wanted: Authorization: Bearer <key>; or for POST /events a signature (webhook-id, webhook-timestamp, webhook-signature)',
        },
        401,
      );
    }
    const path = /^\/tasks\/[^/]+\/answers$/.test(c.req.path) ? '/tasks' : c.req.path;
    if (caller.paths && !caller.paths.includes(path)) return c.json({ error: `this key is for ${caller.paths.join(', ')}` }, 403);
    const taken = await use.limits.take(caller.source, use.clock.now(), caller.perMinute ?? requestsPerMinute);
    if (taken !== 'taken') {
      c.header('Retry-After', String(taken));
      return c.json({ error: `too many requests this minute; again in ${taken} seconds` }, 429);
    }
    c.set('caller', caller);
    return next();
  };

const signedBy = async (use: Use<'ingest'>, c: Context<Env>): Promise<Caller | undefined> => {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((it) => c.req.header(it));
  if (c.req.path !== '/events' || id === undefined || timestamp === undefined || signatures === undefined) return undefined;
  if (id.length > 100) return undefined;
  return use.apiKeys.verifyWebhook({ id, timestamp, signatures, body: await c.req.text() }, use.clock.now());
};

const keyedBy = (use: Use<'ingest'>, c: Context<Env>): Caller | undefined => {
  const [, key] = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
  return key === undefined ? undefined : use.apiKeys.identify(key, use.clock.now());
};

export const handler = onHttp(ingest);
