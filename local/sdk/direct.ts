import { machineVersionsBy } from '#adapters/aws/machine-versions';
import { type ExecutionCalls, machinesBy, type StartRequest } from '#adapters/aws/machines';
import { mailBy } from '#adapters/aws/mail';
import { queueBy } from '#adapters/aws/queues';
import { tokensBy } from '#adapters/aws/tokens';
import type { QueueName } from '#core/queues';
import type { Table } from '#core/table';
import type { Queues } from '#local/queues';
import type { MailService, SendRequest } from '#local/ses/mail-service';
import { configurationSet, handoffMachineName } from '#local/settings';
import { machineArn } from '#local/states/arn';
import type { StatesRunner } from '#local/states/runner';
import type { OnCall } from './handlers.ts';

type Services = {
  readonly mail: MailService;
  readonly queues: Queues;
  readonly runner: StatesRunner;
  readonly table: Table;
  readonly onCall: OnCall;
};

/**
 * The ports on the local services without the SDK's clients in between, for hundreds of thousands of leads: the same adapters, the same
 * requests, answers and error names, but nothing is serialised on the way (handlers.ts does that).
 */
export const directPorts = ({ mail, queues, runner, table, onCall }: Services) => {
  const counted = async <Answer>(operation: string, call: () => Answer): Promise<Answer> => {
    onCall(operation);
    try {
      return call();
    } catch (error) {
      throw asOfSdk(error);
    }
  };
  const versions = machineVersionsBy(
    {
      describe: (arn) => counted('DescribeStateMachine', () => runner.describeMachine(arn)),
      publish: ({ stateMachineArn, revisionId }) =>
        counted('PublishStateMachineVersion', () => runner.publish(stateMachineArn, revisionId)),
    },
    table,
    (id) => id,
  );
  const start = async ({ stateMachineArn: stateMachine, name, input }: StartRequest): Promise<void> => {
    try {
      await counted('StartExecution', () => runner.startExecution({ stateMachine, name, input }));
    } catch (error) {
      if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
    }
  };
  const statusOf: ExecutionCalls['statusOf'] = async (arn) => {
    try {
      const { status, startDate } = await counted('DescribeExecution', () => runner.describe(arn));
      return { status, startedAt: startDate };
    } catch (error) {
      if ((error as Error).name === 'ExecutionDoesNotExist') return undefined;
      throw error;
    }
  };
  return {
    mail: mailBy((request) => counted('SendEmail', () => mail.send(request as SendRequest)), configurationSet),
    queueAt: (name: QueueName) => queueBy((body) => counted('SendMessage', () => queues.sendMessage(name, body))),
    machines: machinesBy({ start, statusOf }, { sequence: versions, machineOf: machineArn, handoff: machineArn(handoffMachineName) }),
    tokens: tokensBy({
      succeed: (token, output) => counted('SendTaskSuccess', () => runner.sendTaskSuccess(token, output)),
      fail: (token, error, cause) => counted('SendTaskFailure', () => runner.sendTaskFailure(token, error, cause)),
    }),
  };
};

/** The adapters tell errors apart by name and status. */
const asOfSdk = (error: unknown): unknown => {
  const { status } = error as { status?: number };
  return status === undefined ? error : Object.assign(error as Error, { $metadata: { httpStatusCode: status } });
};
