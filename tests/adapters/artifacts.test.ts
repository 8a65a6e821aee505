import { describe, expect, it } from 'vitest';
import { objectArtifacts } from '#adapters/aws/artifacts';
import { permanentError } from '#core/errors';
import { artifactKey, currentKey } from '#core/object-keys';

const bucketOf = (deployed: readonly { readonly sequence: string; readonly version: string }[]) => {
  const reads: string[] = [];
  const objects = new Map([
    [currentKey, JSON.stringify(deployed)],
    ...deployed.map((it) => [artifactKey(it.sequence, it.version), JSON.stringify(it)] as const),
  ]);
  const clock = { time: '2026-03-23T13:00:00.000Z', now: () => clock.time };
  const artifacts = objectArtifacts(async (key) => {
    reads.push(key);
    const text = objects.get(key);
    if (text === undefined) throw permanentError(`no object ${key}`);
    return text;
  }, clock);
  return { reads, clock, objects, artifacts };
};

describe('the newest version of a sequence', () => {
  const a = { sequence: 'a', version: '1' };
  const b = { sequence: 'b', version: '1' };

  it('costs one read of the list in half a minute and one of its artifact ever; none of other sequences', async () => {
    const { artifacts, reads, clock } = bucketOf([a, b]);
    for (let send = 0; send < 10; send += 1) expect(await artifacts.newest('b')).toEqual(b);
    expect(reads).toEqual([currentKey, artifactKey('b', '1')]);
    clock.time = '2026-03-23T13:01:00.000Z';
    await artifacts.newest('b');
    expect(reads.slice(2)).toEqual([currentKey]);
  });
  it('is another after a deployment, and none once the sequence has retired', async () => {
    const { artifacts, objects, clock } = bucketOf([a]);
    await artifacts.newest('a');
    objects.set(currentKey, JSON.stringify([{ ...a, version: '2' }]));
    objects.set(artifactKey('a', '2'), JSON.stringify({ ...a, version: '2' }));
    clock.time = '2026-03-23T13:01:00.000Z';
    expect((await artifacts.newest('a'))?.version).toBe('2');
    objects.set(currentKey, '[]');
    clock.time = '2026-03-23T13:02:00.000Z';
    expect(await artifacts.newest('a')).toBeUndefined();
  });
});
