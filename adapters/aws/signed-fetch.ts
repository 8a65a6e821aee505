import { setTimeout as sleep } from 'node:timers/promises';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { permanentError, retryableError } from '#core/errors';
import { type EndpointService, readEndpoints, readRuntime } from './env.ts';
import type { ScheduleRequest } from './timers.ts';

/**
 * What handlers read at their start, and raw mail, signed by the SDK's own signer and sent by fetch: the SDK's clients for
 * them would add 150 KB to each bundle (docs/decisions/0006).
 */
export type SignedFetch = {
  /** The text of an object. Throws PermanentError when there is none or it may not be read. */
  getObject(bucket: string, key: string): Promise<string>;
  /** An answer about an object, whatever its status but those that pass; its body is read as it comes. */
  askObject(bucket: string, key: string, request: ObjectRequest): Promise<Response>;
  /** The first bytes of an object; undefined: there is none. */
  getBytes(bucket: string, key: string, atMost: number): Promise<Uint8Array | undefined>;
  /** Removes an object; nothing happens when there is none. The bucket must keep no versions. */
  removeObject(bucket: string, key: string): Promise<void>;
  /** The text of a secret's current version. */
  getSecret(secretArn: string): Promise<string>;
  /** SES's GetAccount. */
  getSendingAccount(): Promise<unknown>;
  /** Throws RetryableError when the bus did not take it. */
  putEvent(event: BusEvent): Promise<void>;
  /** Creates a schedule; 'exists': there is one of this name. Throws RetryableError when it could not. */
  createSchedule(request: ScheduleRequest): Promise<'created' | 'exists'>;
};

/** `detail`: JSON. */
export type BusEvent = {
  readonly bus: string;
  readonly source: string;
  readonly type: string;
  readonly detail: string;
  readonly at: string;
};

export type ObjectRequest = {
  readonly method: 'GET' | 'PUT';
  readonly headers: Record<string, string>;
  readonly body?: string;
};

type Request = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly host: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
};

const attempts = 4;
const firstPauseMilliseconds = 50;

/** `send`: given by tests. Throttling, 5xx and lost connections are tried again a few times, then are RetryableErrors. */
export const signedFetch = (
  { region, credentials } = readRuntime(),
  send: typeof fetch = fetch,
  endpoints: Partial<ReturnType<typeof readEndpoints>> = readEndpoints(),
): SignedFetch => {
  const signers = new Map<string, SignatureV4>();
  const signerOf = (service: string): SignatureV4 => {
    const signer =
      signers.get(service) ?? new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' });
    signers.set(service, signer);
    return signer;
  };
  const once = async (service: EndpointService, { host: ours, ...asked }: Request): Promise<Response> => {
    const { protocol, host, path } = placeOf(ours, asked.path, endpoints[service], service);
    const request = { ...asked, path };
    const signed = await signerOf(service).sign({ ...request, protocol, hostname: host, headers: { ...request.headers, host } });
    const { host: _host, ...headers } = signed.headers;
    return send(`${protocol}//${host}${request.path}`, {
      method: request.method,
      headers,
      ...(request.body !== undefined && { body: request.body }),
    });
  };
  const ask = async (what: string, service: EndpointService, request: Request, expected: readonly number[] = []): Promise<Response> => {
    const answer = await askAnyhow(what, service, request);
    if (!answer.ok && !expected.includes(answer.status)) throw permanentError(`${what}: status ${answer.status}`);
    return answer;
  };
  const askAnyhow = async (what: string, service: EndpointService, request: Request): Promise<Response> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(service, request).catch((error: Error) => error);
      const passes = answer instanceof Error || answer.status >= 500 || answer.status === 429;
      if (!passes) return answer;
      if (attempt === attempts) throw retryableError(what, answer);
      await sleep(firstPauseMilliseconds * 2 ** attempt);
    }
  };
  const objectAt = (bucket: string, key: string, headers: Record<string, string> = {}): Request => ({
    method: 'GET',
    host: `${bucket}.s3.${region}.amazonaws.com`,
    path: pathOf(key),
    headers,
  });
  return {
    getObject: async (bucket, key) => (await ask(`the object ${key} could not be read`, 's3', objectAt(bucket, key))).text(),
    getBytes: async (bucket, key, atMost) => {
      const request = objectAt(bucket, key, { range: `bytes=0-${atMost - 1}` });
      const answer = await ask(`the object ${key} could not be read`, 's3', request, [404]);
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    },
    removeObject: async (bucket, key) =>
      void (await ask(`the object ${key} could not be removed`, 's3', { ...objectAt(bucket, key), method: 'DELETE' }, [404])),
    askObject: (bucket, key, request) => askAnyhow('an object', 's3', { ...objectAt(bucket, key), ...request }),
    getSecret: async (secretArn) => {
      const answer = await ask('a secret could not be read', 'secretsmanager', {
        method: 'POST',
        host: `secretsmanager.${region}.amazonaws.com`,
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' },
        body: JSON.stringify({ SecretId: secretArn }),
      });
      const { SecretString: secret } = (await answer.json()) as { SecretString?: string };
      if (secret === undefined) throw permanentError('a secret has no text');
      return secret;
    },
    getSendingAccount: async () => {
      const host = `email.${region}.amazonaws.com`;
      const request = { method: 'GET' as const, host, path: '/v2/email/account', headers: {} };
      return (await ask('the sending account could not be read', 'ses', request)).json();
    },
    putEvent: async ({ bus, source, type, detail, at }) => {
      const entry = { EventBusName: bus, Source: source, DetailType: type, Detail: detail, Time: Math.floor(Date.parse(at) / 1000) };
      const answer = await ask('an event could not be put on the bus', 'events', {
        method: 'POST',
        host: `events.${region}.amazonaws.com`,
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
        body: JSON.stringify({ Entries: [entry] }),
      });
      const { FailedEntryCount: failed } = (await answer.json()) as { FailedEntryCount?: number };
      if (failed !== 0) throw retryableError('the bus did not take an event');
    },
    createSchedule: async ({ Name, ...request }) => {
      const answer = await ask(
        'a schedule could not be made',
        'scheduler',
        {
          method: 'POST',
          host: `scheduler.${region}.amazonaws.com`,
          path: `/schedules/${Name}`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        },
        [409],
      );
      return answer.ok ? 'created' : 'exists';
    },
  };
};

/** At another endpoint a bucket is the first part of the path, as it is no host of its own there. */
const placeOf = (host: string, path: string, endpoint: string | undefined, service: EndpointService) => {
  if (endpoint === undefined) return { protocol: 'https:', host, path };
  const { protocol, host: other, pathname } = new URL(endpoint);
  const bucket = service === 's3' ? `/${host.split('.s3.')[0]}` : '';
  return { protocol, host: other, path: `${pathname.replace(/\/$/, '')}${bucket}${path}` };
};

/** As the signature spells it: what `encodeURIComponent` leaves alone of punctuation is encoded too. */
const pathOf = (key: string): string =>
  `/${key
    .split('/')
    .map((it) => encodeURIComponent(it).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`))
    .join('/')}`;
