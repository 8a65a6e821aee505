import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signedFetch } from '#adapters/aws/signed-fetch';

const runtime = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' },
};
type Seen = { url: string; method: string; headers: Record<string, string>; body: unknown };

/** Answers in turn; what was asked is kept. */
const serving = (...answers: (Response | Error)[]) => {
  const seen: Seen[] = [];
  const send = async (url: unknown, init?: RequestInit): Promise<Response> => {
    seen.push({
      url: String(url),
      method: String(init?.method),
      headers: { ...(init?.headers as Record<string, string>) },
      body: init?.body,
    });
    const answer = answers.shift();
    if (!answer || answer instanceof Error) throw answer ?? new Error('asked once too often');
    return answer;
  };
  return { seen, fetch: signedFetch(runtime, send as typeof fetch) };
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-02T09:00:00.000Z'), shouldAdvanceTime: true, advanceTimeDelta: 50 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The request that an SDK client would send for the same. */
const bySdk = async (
  make: (requestHandler: object) => Promise<unknown>,
): Promise<{ headers: Record<string, string>; path: string; hostname: string }> => {
  let sent: { headers: Record<string, string>; path: string; hostname: string } | undefined;
  const handle = async (request: typeof sent) => {
    sent = request;
    throw new Error('seen');
  };
  await make({ handle, metadata: { handlerProtocol: 'http/1.1' } }).catch(() => undefined);
  if (!sent) throw new Error('the SDK sent nothing');
  return sent;
};
const signatureOf = (headers: Record<string, string>) => headers.authorization?.match(/SignedHeaders=([^,]+)/)?.[1]?.split(';') ?? [];

describe('signed fetch', () => {
  it('reads an object from the address that the SDK would, signed for the same service and region', async () => {
    const { seen, fetch } = serving(new Response('{"a":1}'));
    expect(await fetch.getObject('bucket', 'artifacts/trial/1 2.json')).toBe('{"a":1}');
    const sdk = await bySdk((requestHandler) =>
      new S3Client({ ...runtime, requestHandler: requestHandler as never, maxAttempts: 1 }).send(
        new GetObjectCommand({ Bucket: 'bucket', Key: 'artifacts/trial/1 2.json' }),
      ),
    );
    const [asked] = seen;
    expect(asked?.url).toBe(`https://${sdk.hostname}${sdk.path}`);
    expect(asked?.headers.authorization).toContain('/eu-west-1/s3/aws4_request');
    expect(signatureOf(asked?.headers ?? {})).toEqual(
      expect.arrayContaining(['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token']),
    );
  });

  it('asks for a secret as the SDK would', async () => {
    const { seen, fetch } = serving(Response.json({ SecretString: 'words' }));
    expect(await fetch.getSecret('arn:secret')).toBe('words');
    const sdk = await bySdk((requestHandler) =>
      new SecretsManagerClient({ ...runtime, requestHandler: requestHandler as never, maxAttempts: 1 }).send(
        new GetSecretValueCommand({ SecretId: 'arn:secret' }),
      ),
    );
    expect(seen[0]).toMatchObject({ url: `https://${sdk.hostname}${sdk.path}`, method: 'POST', body: '{"SecretId":"arn:secret"}' });
    expect(seen[0]?.headers['x-amz-target']).toBe(sdk.headers['x-amz-target']);
    expect(seen[0]?.headers['content-type']).toBe(sdk.headers['content-type']);
  });

  it('goes where AWS’s variables for other endpoints say, for one service or for all, and signs for that host', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'https://secrets.example/base/');
    const { seen, fetch } = serving(new Response('{}'), Response.json({ SecretString: 'words' }), Response.json({ FailedEntryCount: 0 }));
    await fetch.getObject('a.bucket', 'live/config.json');
    await fetch.getSecret('arn:secret');
    await fetch.putEvent({ bus: 'b', source: 's', type: 't', detail: '{}', at: '2026-03-02T09:00:00.000Z' });
    expect(seen.map((it) => it.url)).toEqual([
      'http://127.0.0.1:4566/a.bucket/live/config.json',
      'https://secrets.example/base/',
      'http://127.0.0.1:4566/',
    ]);
    for (const { headers } of seen) expect(signatureOf(headers)).toContain('host');
    const sdk = await bySdk((requestHandler) =>
      new S3Client({ ...runtime, requestHandler: requestHandler as never, maxAttempts: 1, forcePathStyle: true }).send(
        new GetObjectCommand({ Bucket: 'a.bucket', Key: 'live/config.json' }),
      ),
    );
    expect(seen[0]?.url).toBe(`http://${sdk.hostname}:4566${sdk.path}`);
    vi.unstubAllEnvs();
  });

  it('tries again what may pass, and tells the machine to when it does not', async () => {
    const good = serving(new Response('', { status: 503 }), new Error('reset'), new Response('', { status: 429 }), new Response('x'));
    expect(await good.fetch.getObject('b', 'k')).toBe('x');
    expect(good.seen).toHaveLength(4);
    const bad = serving(...Array.from({ length: 4 }, () => new Error('reset')));
    await expect(bad.fetch.getObject('b', 'k')).rejects.toMatchObject({ name: 'RetryableError' });
  });

  it.each([403, 404])('gives up at once on %i: asking again would not help', async (status) => {
    const { seen, fetch } = serving(new Response('', { status }));
    await expect(fetch.getObject('b', 'k')).rejects.toMatchObject({ name: 'PermanentError' });
    expect(seen).toHaveLength(1);
  });

  it('says nothing of what it read or signed with in an error', async () => {
    const { fetch } = serving(new Response('the secret itself', { status: 400 }));
    const error = (await fetch.getSecret('arn:secret').catch((it: Error) => it)) as Error;
    expect(JSON.stringify([error.message, error.cause])).not.toMatch(/itself|secret"|AKID|token/);
  });
});
