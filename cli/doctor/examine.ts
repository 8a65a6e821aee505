import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetAccountCommand, GetConfigurationSetCommand, GetEmailIdentityCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import { documents } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { lineStore } from '#adapters/stores/line';
import { type Check, judgeAccount, judgeConfigurationSet, judgeIdentity, judgeSuppressions } from '#cli/doctor/judge';
import { findTable } from '#cli/table-name';

export type Examined = { readonly stage: string; readonly table?: string; readonly senderDomain: string };
export type Clients = { readonly dynamo: DynamoDBClient; readonly ses: SESv2Client };

/** Looks at everything, whatever it finds first; what cannot be asked is a failed check of its own. Changes nothing. */
export const examine = async ({ stage, table, senderDomain }: Examined, { dynamo, ses }: Clients): Promise<readonly Check[]> => {
  const checks = await Promise.all([
    asked('suppressions', async () => {
      const name = table ?? (await findTable(stage, dynamo));
      return [judgeSuppressions(await lineStore(dynamoTable(documents(dynamo), name)).state(), stage)];
    }),
    asked('account', async () => judgeAccount(await ses.send(new GetAccountCommand({})))),
    asked('identity', async () =>
      judgeIdentity(senderDomain, await ifFound(() => ses.send(new GetEmailIdentityCommand({ EmailIdentity: senderDomain })))),
    ),
    asked('configuration set', async () => {
      const name = `baton-${stage}`;
      const found = await ifFound(() => ses.send(new GetConfigurationSetCommand({ ConfigurationSetName: name })));
      return [judgeConfigurationSet(name, found !== undefined)];
    }),
  ]);
  return checks.flat();
};

const ifFound = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return undefined;
    throw error;
  }
};

const asked = async (check: string, ask: () => Promise<readonly Check[]>): Promise<readonly Check[]> => {
  try {
    return await ask();
  } catch (error) {
    const says = error instanceof Error ? `${error.name}: ${error.message}` : 'the question failed';
    return [{ check, outcome: 'fail', says, todo: 'check the credentials and the Region in your shell' }];
  }
};

export const checksInWords = (checks: readonly Check[]): string =>
  checks.map(({ outcome, check, says, todo }) => `${outcome}  ${check}: ${says}${todo === undefined ? '' : `\n      ${todo}`}`).join('\n');
