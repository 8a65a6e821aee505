import type { Hono } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type { Ports } from '#core/ports';
import { awsPorts } from '#lambdas/runtime';

/** Wires pages behind the HTTP API. */
export const onHttp =
  (make: (use: Ports) => Hono) =>
  async (event: LambdaEvent, context: LambdaContext): Promise<unknown> =>
    handle(make(await awsPorts()))(event, context);
