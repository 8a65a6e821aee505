import { describe, expect, it } from 'vitest';
import { bucketDrops } from '#adapters/aws/drops';
import { signedFetch } from '#adapters/aws/signed-fetch';
import type { PlacedRow } from '#core/imports/drop';

/** The bucket as S3 answers; notes what it was asked. */
const onS3 = (answer: (headers: Headers) => Response) => {
  const asked: { method: string; url: string; headers: Headers; body: unknown }[] = [];
  const keys = { region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
  const signed = signedFetch(keys, async (url, init) => {
    const headers = new Headers(init?.headers);
    asked.push({ method: init?.method ?? '', url: String(url), headers, body: init?.body });
    return answer(headers);
  });
  return {
    asked,
    drops: bucketDrops(
      () => signed,
      () => 'baton-prod-drop',
    ),
  };
};
const file = { key: "leads/list/it's (1) ä.csv", etag: 'abc' };
const all = async (rows: AsyncIterable<PlacedRow> | string) => {
  if (typeof rows === 'string') return rows;
  const read: PlacedRow[] = [];
  for await (const row of rows) read.push(row);
  return read;
};

describe('the drop bucket', () => {
  it('reads the very file that was told of, from a byte on', async () => {
    const { drops, asked } = onS3(
      (headers) =>
        new Response(headers.has('range') ? 'b@x.example\n' : 'email\na@x.example\nb@x.example\n', {
          status: headers.has('range') ? 206 : 200,
        }),
    );
    const rows = await all(await drops.rows(file, undefined));
    if (typeof rows === 'string') throw new Error(rows);
    expect(await all(await drops.rows(file, rows[0]?.next))).toEqual(rows.slice(1));
    expect(asked.map((it) => [it.headers.get('if-match'), it.headers.get('range')])).toEqual([
      ['"abc"', null],
      ['"abc"', 'bytes=18-'],
    ]);
    expect(asked[0]?.url).toBe('https://baton-prod-drop.s3.eu-west-1.amazonaws.com/leads/list/it%27s%20%281%29%20%C3%A4.csv');
    expect(asked[1]?.headers.get('authorization')).toMatch(/^AWS4-HMAC-SHA256 .*SignedHeaders=[^,]*if-match;range/);
  });

  it.each([
    [404, 'gone'],
    [403, 'gone'],
    [412, 'replaced'],
    [416, []],
  ] as const)('takes %d for what it means', async (status, meaning) => {
    const { drops } = onS3(() => new Response('', { status }));
    const place = { encoding: 'utf-8', delimiter: ',', headers: ['a'], offset: 5, line: 1 };
    expect(await all(await drops.rows(file, place))).toEqual(meaning);
  });

  it('would rather try again than read a file from its beginning that was asked for from its midst', async () => {
    const { drops } = onS3(() => new Response('email\n', { status: 200 }));
    const place = { encoding: 'utf-8', delimiter: ',', headers: ['a'], offset: 5, line: 1 };
    await expect(drops.rows(file, place)).rejects.toMatchObject({ name: 'RetryableError' });
  });

  it('writes reports, and finds none where there is none', async () => {
    const { drops, asked } = onS3((headers) => new Response('', { status: headers.has('content-type') ? 200 : 403 }));
    await drops.putReport('reports/a.csv', 'line\r\n');
    expect(asked[0]).toMatchObject({ method: 'PUT', body: 'line\r\n' });
    expect(asked[0]?.headers.get('x-amz-content-sha256')).toHaveLength(64);
    expect(await drops.report('reports/a.csv')).toBe('');
    const { drops: broken } = onS3(() => new Response('', { status: 400 }));
    await expect(broken.putReport('reports/a.csv', 'x')).rejects.toMatchObject({ name: 'RetryableError' });
  });
});
