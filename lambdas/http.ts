import type { Env, Hono } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type { Ports } from '#core/ports';
import { awsPorts } from '#lambdas/runtime';

/** Wires pages behind the HTTP API. */
export const onHttp =
  <E extends Env>(make: (use: Ports) => Hono<E>) =>
  async (event: LambdaEvent, context: LambdaContext): Promise<unknown> =>
    handle(make(await awsPorts()))(event, context);
