import type { Env, Hono } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type { Front } from '#core/front';
import type { Ports } from '#core/ports';
import { type FrontedEvent, throughFront } from '#lambdas/front';
import { awsPorts } from '#lambdas/runtime';

/** What stands in front of a deployed API; its bundle's entry says it (lib/bundle.ts). */
export const provideFront = (read: () => Front | undefined): void => {
  readFront = read;
};
let readFront: () => Front | undefined = () => undefined;

/** Wires pages behind the HTTP API. */
export const onHttp =
  <E extends Env>(make: (use: Ports) => Hono<E>) =>
  async (event: LambdaEvent, context: LambdaContext): Promise<unknown> => {
    const front = readFront();
    const seen = front ? throughFront(front, event as LambdaEvent & FrontedEvent) : event;
    return seen ? handle(make(await awsPorts()))(seen, context) : { statusCode: 403, body: 'Forbidden' };
  };
