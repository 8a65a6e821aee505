import { describe, expect, it } from 'vitest';
import { objectSimulations } from '#adapters/aws/simulations';
import { type Bucket, publishRehearsal } from '#cli/simulate/publish';
import type { SimulationFile } from '#core/console/outside';
import { permanentError } from '#core/errors';
import { currentKey, rehearsalsKey } from '#core/object-keys';

const file = (name: string, version = 'v1'): SimulationFile => ({
  ...{ name, at: '2026-11-29T10:00:00.000Z', leads: 40, days: 10, sequences: ['trial'] },
  versions: { trial: version },
  frames: { trial: [] },
});

/** A bucket with what S3 says of conditions. `meanwhile`: somebody else's write, just before ours of the list. */
const bucketWith = (meanwhile: (objects: Map<string, string>) => void = () => undefined) => {
  const objects = new Map([[currentKey, JSON.stringify([{ sequence: 'trial', version: 'v1' }])]]);
  let isFirst = true;
  const etag = (key: string) => `"${objects.get(key)?.length}"`;
  const bucket: Bucket = {
    name: 'bucket',
    objects: {
      getObject: async (_, key) => objects.get(key) ?? Promise.reject(permanentError('none')),
      askObject: async (_, key, { method, headers, body }) => {
        if (method === 'GET')
          return objects.has(key) ? new Response(objects.get(key), { headers: { etag: etag(key) } }) : new Response('', { status: 404 });
        if (key === rehearsalsKey && isFirst) meanwhile(objects);
        if (key === rehearsalsKey) isFirst = false;
        const fits = headers['if-match'] === undefined || headers['if-match'] === etag(key);
        if (!fits || (headers['if-none-match'] === '*' && objects.has(key))) return new Response('', { status: 412 });
        objects.set(key, body ?? '');
        return new Response('');
      },
    },
  };
  const read = async (key: string) => objects.get(key) ?? Promise.reject(permanentError('none'));
  return { bucket, objects, seen: objectSimulations(read, { now: () => '2026-11-29T10:00:00.000Z' }) };
};

describe('a rehearsal that is published', () => {
  it('is what the console then lists and shows', async () => {
    const { bucket, seen } = bucketWith();
    await publishRehearsal(bucket, file('autumn'));
    expect((await seen.list()).map((it) => it.name)).toEqual(['autumn']);
    expect(await seen.find('autumn')).toMatchObject({ frames: { trial: [] } });
    expect(await seen.find('../live/config')).toBeUndefined();
    expect(await seen.find('spring')).toBeUndefined();
  });

  it('replaces one of the same name, and loses none that came at the same moment', async () => {
    const { bucket, objects } = bucketWith((all) => all.set(rehearsalsKey, JSON.stringify([file('theirs')])));
    await publishRehearsal(bucket, file('ours'));
    await publishRehearsal(bucket, { ...file('ours'), leads: 41 });
    const rows = JSON.parse(objects.get(rehearsalsKey) ?? '[]') as SimulationFile[];
    expect(rows.map((it) => [it.name, it.leads])).toEqual([
      ['ours', 41],
      ['theirs', 40],
    ]);
  });

  it('must be of what is deployed', async () => {
    const { bucket, objects } = bucketWith();
    await expect(publishRehearsal(bucket, file('autumn', 'v2'))).rejects.toThrow('trial: not as deployed');
    expect([...objects.keys()]).toEqual([currentKey]);
  });
});
