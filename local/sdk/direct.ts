import { ExecutionAlreadyExists, type SFNClient } from '@aws-sdk/client-sfn';
import { machineVersions } from '#adapters/aws/machine-versions';
import { sfnMachines } from '#adapters/aws/machines';
import { mailBy } from '#adapters/aws/mail';
import { queueBy } from '#adapters/aws/queues';
import { tokensBy } from '#adapters/aws/tokens';
import type { QueueName } from '#core/queues';
import type { Table } from '#core/table';
import type { Queues } from '#local/queues';
import type { MailService, SendRequest } from '#local/ses/mail-service';
import { configurationSet, handoffMachineName } from '#local/settings';
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
  const sfn = stepFunctions(runner, counted);
  return {
    mail: mailBy((request) => counted('SendEmail', () => mail.send(request as SendRequest)), configurationSet),
    queueAt: (name: QueueName) => queueBy((body) => counted('SendMessage', () => queues.sendMessage(name, body))),
    machines: sfnMachines(sfn, { sequence: machineVersions(sfn, table, (id) => id), handoff: handoffMachineName }),
    tokens: tokensBy({
      succeed: (token, output) => counted('SendTaskSuccess', () => runner.sendTaskSuccess(token, output)),
      fail: (token, error, cause) => counted('SendTaskFailure', () => runner.sendTaskFailure(token, error, cause)),
    }),
  };
};

type Counted = <Answer>(operation: string, call: () => Answer) => Promise<Answer>;
type Command = { readonly constructor: { readonly name: string }; readonly input: { readonly [field: string]: unknown } };

/** Once a run, not once a message: here commands may take their time. */
const stepFunctions = (runner: StatesRunner, counted: Counted): SFNClient => {
  const operations: { readonly [name: string]: (input: Command['input']) => unknown } = {
    StartExecution: ({ stateMachineArn, name, input }) =>
      runner.startExecution({ stateMachine: String(stateMachineArn), name: String(name), input: String(input ?? '{}') }),
    DescribeStateMachine: ({ stateMachineArn }) => ({ stateMachineArn, ...runner.describeMachine(String(stateMachineArn)) }),
    PublishStateMachineVersion: ({ stateMachineArn, revisionId }) => ({
      stateMachineVersionArn: runner.publish(String(stateMachineArn), revisionId as string | undefined),
    }),
  };
  const send = ({ constructor, input }: Command) => {
    const name = constructor.name.slice(0, -'Command'.length);
    const operation = operations[name];
    if (!operation) throw Object.assign(new Error(`${name} is not served here`), { name: 'UnknownOperationException' });
    return counted(name, () => operation(input));
  };
  return { send } as unknown as SFNClient;
};

/** The adapters tell errors apart by class, name and status. */
const asOfSdk = (error: unknown): unknown => {
  const { name, message, status } = error as Error & { status?: number };
  if (name === 'ExecutionAlreadyExists') return new ExecutionAlreadyExists({ message, $metadata: {} });
  return status === undefined ? error : Object.assign(error as Error, { $metadata: { httpStatusCode: status } });
};
