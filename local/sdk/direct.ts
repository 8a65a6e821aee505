import type { SESv2Client } from '@aws-sdk/client-sesv2';
import { ExecutionAlreadyExists, type SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Queues } from '#local/queues';
import type { MailService, SendRequest } from '#local/ses/mail-service';
import type { StatesRunner } from '#local/states/runner';
import type { OnCall } from './handlers.ts';

type Services = { readonly mail: MailService; readonly queues: Queues; readonly runner: StatesRunner; readonly onCall: OnCall };
type Operation = (input: Record<string, unknown>) => unknown;
type Operations = { readonly [command: string]: Operation };

/**
 * What the adapters call instead of the SDK's clients where hundreds of thousands of leads are simulated: a command's input goes to
 * the local service as it is, without the way over HTTP that handlers.ts takes. Answers and error names are the same.
 */
export const directClients = ({ mail, queues, runner, onCall }: Services) => ({
  ses: clientOn<SESv2Client>({ SendEmailCommand: (input) => mail.send(input as SendRequest) }, onCall),
  sqs: clientOn<SQSClient>(
    {
      SendMessageCommand: ({ QueueUrl, MessageBody, DelaySeconds }) => {
        const url = String(QueueUrl);
        return queues.sendMessage(url.slice(url.lastIndexOf('/') + 1), String(MessageBody), Number(DelaySeconds ?? 0));
      },
    },
    onCall,
  ),
  sfn: clientOn<SFNClient>(
    {
      StartExecutionCommand: (input) =>
        runner.startExecution({
          stateMachine: String(input.stateMachineArn),
          name: String(input.name),
          input: String(input.input ?? '{}'),
        }),
      DescribeStateMachineCommand: ({ stateMachineArn }) => ({
        stateMachineArn,
        ...runner.describeMachine(String(stateMachineArn)),
      }),
      PublishStateMachineVersionCommand: ({ stateMachineArn, revisionId }) => ({
        stateMachineVersionArn: runner.publish(String(stateMachineArn), revisionId as string | undefined),
      }),
      SendTaskSuccessCommand: ({ taskToken, output }) => runner.sendTaskSuccess(String(taskToken), String(output)),
      SendTaskFailureCommand: ({ taskToken, error, cause }) =>
        runner.sendTaskFailure(String(taskToken), error as string | undefined, cause as string | undefined),
    },
    onCall,
  ),
});

const clientOn = <Client>(operations: Operations, onCall: OnCall): Client => {
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Record<string, unknown> }) => {
    const { name } = command.constructor;
    const operation = operations[name];
    if (!operation) throw Object.assign(new Error(`${name} is not served here`), { name: 'UnknownOperationException' });
    onCall(name.slice(0, -'Command'.length));
    try {
      return operation(command.input) ?? {};
    } catch (error) {
      throw asOfSdk(error);
    }
  };
  return { send } as Client;
};

/** The adapters tell errors apart by class, name and status. */
const asOfSdk = (error: unknown): unknown => {
  const { name, message, status } = error as Error & { status?: number };
  if (name === 'ExecutionAlreadyExists') return new ExecutionAlreadyExists({ message, $metadata: {} });
  return status === undefined ? error : Object.assign(error as Error, { $metadata: { httpStatusCode: status } });
};
