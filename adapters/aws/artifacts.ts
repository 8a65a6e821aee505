import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { LiveConfig } from '#core/config';
import { permanentError } from '#core/errors';
import { addSeconds, type Instant } from '#core/instant';
import type { Artifacts, Clock, Config } from '#core/ports';
import type { Artifact } from '#core/sequences/model';

export const artifactKey = (sequence: string, version: string) => `artifacts/${sequence}/${version}.json`;
/** Names and versions of what takes new leads. */
export const currentKey = 'artifacts/current.json';
export const liveConfigKey = 'config/live.json';

/** What was read this long ago is read again: a deployment shows within a minute, a busy function reads twice a minute. */
const freshSeconds = 30;

/** Artifacts are immutable, so one that was read stays read; the list of current ones is live. */
export const s3Artifacts = (client: S3Client, bucket: string, clock: Clock): Artifacts => {
  const known = new Map<string, Promise<Artifact>>();
  const get = (sequence: string, version: string): Promise<Artifact> => {
    const key = artifactKey(sequence, version);
    const reading = known.get(key) ?? (readJson(client, bucket, key) as Promise<Artifact>);
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    return reading;
  };
  const current = remembered(clock, async () => {
    const list = (await readJson(client, bucket, currentKey)) as readonly { sequence: string; version: string }[];
    return Promise.all(list.map((it) => get(it.sequence, it.version)));
  });
  return { get, current };
};

export const s3Config = (client: S3Client, bucket: string, clock: Clock): Config => ({
  live: remembered(clock, async () => (await readJson(client, bucket, liveConfigKey)) as LiveConfig),
});

const remembered = <T>(clock: Clock, read: () => Promise<T>): (() => Promise<T>) => {
  let known: { readonly until: Instant; readonly value: T } | undefined;
  return async () => {
    const now = clock.now();
    if (!known || known.until <= now) known = { until: addSeconds(now, freshSeconds), value: await read() };
    return known.value;
  };
};

const readJson = async (client: S3Client, bucket: string, key: string): Promise<unknown> => {
  try {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await body?.transformToString()) ?? 'null') as unknown;
  } catch (error) {
    if (error instanceof NoSuchKey) throw permanentError(`there is no object ${key}`, error);
    throw error;
  }
};
