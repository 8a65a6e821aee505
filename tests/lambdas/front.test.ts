import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { readFront } from '#adapters/aws/env';
import { isOwnPage } from '#lambdas/console/page';
import { throughFront } from '#lambdas/front';
import { onHttp, provideFront } from '#lambdas/http';
import { providePorts } from '#lambdas/runtime';
import { apiEvent } from '#tests/helpers/api-event';

const front = { host: 'go.example.com', key: 'k'.repeat(48) };
const api = 'abc123.execute-api.eu-west-1.amazonaws.com';
/** As CloudFront hands it to the API: under the API's own host, from an address of CloudFront. */
const event = (headers: Record<string, string>) => {
  const made = apiEvent({ method: 'POST', headers: { host: api, ...headers }, body: '{}' }, '/console/api/x') as { requestContext: object };
  return { ...made, requestContext: { ...made.requestContext, domainName: api } } as never;
};
const passed = { 'x-baton-front': front.key, 'x-baton-viewer': '198.51.100.7' };

const app = () =>
  new Hono().all('*', (c) =>
    c.json({
      ip: (c.env as { requestContext: { http: { sourceIp: string } } }).requestContext.http.sourceIp,
      host: new URL(c.req.url).host,
      isOwn: isOwnPage(c.req),
      key: c.req.header('x-baton-front'),
    }),
  );
const answer = async (headers: Record<string, string>) => {
  const said = (await onHttp(app)(event(headers), {} as never)) as { statusCode: number; body: string };
  return { status: said.statusCode, body: said.statusCode === 200 ? JSON.parse(said.body) : said.body };
};

afterEach(() => provideFront(() => undefined));

describe('behind CloudFront', () => {
  it('a request has its viewer’s address and the host that they called; the key goes no further', async () => {
    providePorts(async () => ({}) as never);
    provideFront(() => front);
    expect(await answer({ ...passed, origin: 'https://go.example.com' })).toEqual({
      status: 200,
      body: { ip: '198.51.100.7', host: 'go.example.com', isOwn: true },
    });
    expect(await answer({ ...passed, origin: `https://${api}` })).toMatchObject({ body: { isOwn: false } });
  });

  it('a request that comes beside it is refused, before anything else', async () => {
    providePorts(() => Promise.reject(new Error('nobody makes ports for it')));
    provideFront(() => front);
    for (const headers of [{}, { 'x-baton-viewer': '10.0.0.1' }, { ...passed, 'x-baton-front': 'guess' }, { 'x-baton-front': front.key }])
      expect(await answer(headers)).toEqual({ status: 403, body: 'Forbidden' });
  });

  it('keeps what else an event says', () => {
    const given = event(passed) as { rawPath: string; requestContext: object };
    expect(throughFront(front, given as never)).toMatchObject({ rawPath: given.rawPath, body: '{}' });
  });
});

describe('without it', () => {
  it('headers say nothing of the viewer', async () => {
    providePorts(async () => ({}) as never);
    expect(await answer(passed)).toMatchObject({ status: 200, body: { ip: '203.0.113.9', host: api } });
  });

  it('the environment names both or neither', () => {
    expect(readFront()).toBeUndefined();
    process.env.FRONT_HOST = front.host;
    try {
      expect(() => readFront()).toThrow('go together');
      process.env.FRONT_KEY = front.key;
      expect(readFront()).toEqual(front);
    } finally {
      delete process.env.FRONT_HOST;
      delete process.env.FRONT_KEY;
    }
  });
});
