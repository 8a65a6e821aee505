import { DescribeExecutionCommand, ExecutionDoesNotExist, paginateListStateMachines, type SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { objectArtifacts, objectConfig } from '#adapters/aws/artifacts';
import { documents, dynamoClient, sfnClient, sqsClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { sqsQueue } from '#adapters/aws/queues';
import { type SignedFetch, signedFetch } from '#adapters/aws/signed-fetch';
import { sfnTokens } from '#adapters/aws/tokens';
import { silentLog } from '#adapters/memory/logs';
import { enrolmentWalks } from '#adapters/stores/enrolment-walks';
import { stores } from '#adapters/stores/stores';
import { findTable } from '#cli/table-name';
import { toInstant } from '#core/instant';
import type { Artifacts } from '#core/ports';
import type { Table } from '#core/table';
import type { EveryoneUse } from '#lambdas/enrol-everyone';
import type { MigrateUse } from '#lambdas/legs/migrate';
import type { RecoverUse } from '#lambdas/legs/recover';

export type LegsOptions = { readonly stage: string; readonly table?: string };
/** `prefix`: of the names of the stage, such as `baton-prod-`. */
export type LegsOpened = Omit<MigrateUse & RecoverUse & EveryoneUse, 'artifacts'> & {
  readonly artifacts: Artifacts;
  readonly table: Table;
  readonly fetch: SignedFetch;
  readonly prefix: string;
  readonly place: { readonly region: string; readonly account: string };
};

/** What `migrate`, `recover` and `enrol` work on, with the credentials and the Region of the shell. */
export const openLegs = async ({ stage, table: named }: LegsOptions): Promise<LegsOpened> => {
  const [dynamo, sfn, sqs] = [dynamoClient(), sfnClient(), sqsClient()];
  const clock = { now: () => toInstant(Date.now()) };
  const table = dynamoTable(documents(dynamo), named ?? (await findTable(stage, dynamo)));
  const prefix = `baton-${stage}-`;
  const { region, account } = await placeOf(prefix, sfn);
  const fetch = signedFetch({ region, credentials: (await sfn.config.credentials()) as never });
  const read = (key: string) => fetch.getObject(`${prefix}artifacts-${account}-${region}`, key);
  const artifacts = objectArtifacts(read, clock);
  const queue = async (name: string) => {
    const { QueueUrl: url = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${prefix}${name}` }));
    return sqsQueue(sqs, url);
  };
  return {
    ...stores(table, artifacts.waitLengths),
    ...enrolmentWalks(table, artifacts.waitLengths),
    artifacts,
    table,
    fetch,
    prefix,
    place: { region, account },
    config: objectConfig(read, clock),
    tokens: sfnTokens(sfn),
    enrolQueue: await queue('enrol'),
    wakeQueue: await queue('wake'),
    clock,
    log: silentLog(),
    isRunning: isRunningOn(sfn, `arn:aws:states:${region}:${account}:execution:${prefix}`),
  };
};

/** Region and account, as an ARN of one of the stage's machines names them. */
const placeOf = async (prefix: string, sfn: SFNClient): Promise<{ readonly region: string; readonly account: string }> => {
  for await (const page of paginateListStateMachines({ client: sfn }, {})) {
    const arn = page.stateMachines?.find((it) => it.name?.startsWith(prefix))?.stateMachineArn;
    const [, , , region, account] = arn?.split(':') ?? [];
    if (region !== undefined && account !== undefined) return { region, account };
  }
  throw new Error(`there is no machine ${prefix}… in this account and Region: is the stage deployed here?`);
};

/** History of an execution that ended is gone after 90 days: then it runs no more either. */
const isRunningOn =
  (sfn: SFNClient, arnPrefix: string): RecoverUse['isRunning'] =>
  async (sequence, enrolmentId, leg) => {
    try {
      const executionArn = `${arnPrefix}${sequence}:${enrolmentId}-${leg}`;
      return (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status === 'RUNNING';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return false;
      throw error;
    }
  };
