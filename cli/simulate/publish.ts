import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type SignedFetch, signedFetch } from '#adapters/aws/signed-fetch';
import { findTable } from '#cli/table-name';
import type { SimulationFile } from '#core/console/outside';
import type { SimulationRow } from '#core/console/views';
import { currentKey, rehearsalKey, rehearsalsKey } from '#core/object-keys';

/** The artifact bucket of a stage. */
export type Bucket = { readonly name: string; readonly objects: Pick<SignedFetch, 'getObject' | 'askObject'> };

/** With the credentials and the Region of the shell; the table knows which account it is. */
export const openBucket = async (stage: string): Promise<Bucket> => {
  const client = new DynamoDBClient({});
  const TableName = await findTable(stage, client);
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const [, , , region = '', account = ''] = (Table?.TableArn ?? '').split(':');
  const objects = signedFetch({ region, credentials: await client.config.credentials() });
  return { name: `baton-${stage}-artifacts-${account}-${region}`, objects };
};

/** So many are in the list; older ones leave it. */
const mostListed = 20;
const attempts = 4;

/**
 * Puts a rehearsal beside what is deployed, where the console reads it. Throws when it is of other versions than the deployed ones: its
 * figures would stand on another diagram.
 */
export const publishRehearsal = async (bucket: Bucket, file: SimulationFile): Promise<void> => {
  const differing = differingFrom(await deployedIn(bucket), file);
  if (differing.length > 0)
    throw new Error(`${differing.join(', ')}: not as deployed, so nothing was published; deploy first, then rehearse what is deployed`);
  await put(bucket, rehearsalKey(file.name), JSON.stringify(file), {});
  const { frames: _frames, versions: _versions, ...row } = file;
  for (let attempt = 0; attempt < attempts; attempt++) if (await addToList(bucket, row)) return;
  throw new Error('others publish at this moment; try again');
};

type Deployed = readonly { readonly sequence: string; readonly version: string }[];
const deployedIn = async ({ name, objects }: Bucket): Promise<Deployed> =>
  JSON.parse(await objects.getObject(name, currentKey)) as Deployed;

export const differingFrom = (deployed: Deployed, { sequences, versions }: Pick<SimulationFile, 'sequences' | 'versions'>) =>
  sequences.filter((sequence) => !deployed.some((it) => it.sequence === sequence && it.version === versions[sequence]));

/** Over the list as it was read, so that of two who publish at once neither is lost. */
const addToList = async (bucket: Bucket, row: SimulationRow): Promise<boolean> => {
  const before = await bucket.objects.askObject(bucket.name, rehearsalsKey, { method: 'GET', headers: {} });
  if (!before.ok && before.status !== 404 && before.status !== 403) throw refused(before.status);
  const rows = before.ok ? ((await before.json()) as readonly SimulationRow[]) : [];
  const next = [row, ...rows.filter((it) => it.name !== row.name)].slice(0, mostListed);
  const as: Record<string, string> = before.ok ? { 'if-match': before.headers.get('etag') ?? '' } : { 'if-none-match': '*' };
  return put(bucket, rehearsalsKey, JSON.stringify(next), as);
};

/** false: somebody else wrote it since. */
const put = async ({ name, objects }: Bucket, key: string, body: string, as: Record<string, string>): Promise<boolean> => {
  const { ok, status } = await objects.askObject(name, key, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...as },
    body,
  });
  if (!ok && status !== 412 && status !== 409) throw refused(status);
  return ok;
};
const refused = (status: number): Error =>
  new Error(`the artifact bucket answered ${status}: may you read and write rehearsals/* in it? (docs/console.md)`);
