import { createHash } from 'node:crypto';
import type { Queues } from '#local/queues';
import type { MailService, SendRequest } from '#local/ses/mail-service';
import type { StatesRunner } from '#local/states/runner';

/**
 * What the AWS SDK v3 calls instead of the network: the request as it would go over the wire in, the answer as it would
 * come back out. So the real clients, with their serialisation and errors, run in process.
 */
export type RequestHandler = {
  handle(request: HttpRequest): Promise<{ response: HttpAnswer }>;
  metadata?: { handlerProtocol: string };
  destroy?(): void;
};
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};
type HttpAnswer = { statusCode: number; headers: Record<string, string>; body: Uint8Array; reason?: string };

export type OnCall = (operation: string) => void;

/** SQS, AWS JSON 1.0. */
export const sqsHandler = (queues: Queues, onCall: OnCall): RequestHandler =>
  jsonService('AmazonSQS.', onCall, {
    SendMessage: (input) => {
      const body = String(input.MessageBody);
      const sent = queues.sendMessage(queueName(String(input.QueueUrl)), body, Number(input.DelaySeconds ?? 0));
      // The client compares it with what it sent.
      return { ...sent, MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
    },
  });

/** Step Functions, AWS JSON 1.0. */
export const statesHandler = (runner: StatesRunner, onCall: OnCall): RequestHandler =>
  jsonService('AWSStepFunctions.', onCall, {
    StartExecution: (input) => {
      const { executionArn, startDate } = runner.startExecution({
        stateMachine: String(input.stateMachineArn),
        name: String(input.name),
        input: String(input.input ?? '{}'),
      });
      return { executionArn, startDate: Date.parse(startDate) / 1000 };
    },
    DescribeExecution: (input) => {
      const { executionArn, stateMachineArn, status, startDate } = runner.describe(String(input.executionArn));
      return { executionArn, stateMachineArn, status, startDate: Date.parse(startDate) / 1000 };
    },
    DescribeStateMachine: (input) => {
      const stateMachineArn = String(input.stateMachineArn);
      return { stateMachineArn, ...runner.describeMachine(stateMachineArn) };
    },
    PublishStateMachineVersion: (input) => ({
      stateMachineVersionArn: runner.publish(String(input.stateMachineArn), textOf(input.revisionId)),
    }),
    SendTaskSuccess: (input) => {
      runner.sendTaskSuccess(String(input.taskToken), String(input.output));
      return {};
    },
    SendTaskFailure: (input) => {
      runner.sendTaskFailure(String(input.taskToken), textOf(input.error), textOf(input.cause));
      return {};
    },
  });

/** SES v2, REST JSON: SendEmail. */
export const sesHandler = (mail: MailService, onCall: OnCall): RequestHandler => ({
  metadata: { handlerProtocol: 'http/1.1' },
  handle: async (request) => {
    if (request.method !== 'POST' || request.path !== '/v2/email/outbound-emails')
      return { response: refusal('NotFoundException', 404, request.path) };
    onCall('SendEmail');
    try {
      return { response: ok(mail.send(JSON.parse(bodyOf(request)) as SendRequest)) };
    } catch (error) {
      const { name, message, status } = error as Error & { status?: number };
      // A connection that was lost has no answer at all.
      if (status === undefined || status === 0) throw error;
      return { response: refusal(name, status, message) };
    }
  },
});

type Operations = Readonly<Record<string, (input: Record<string, unknown>) => Record<string, unknown>>>;

const jsonService = (prefix: string, onCall: OnCall, operations: Operations): RequestHandler => ({
  metadata: { handlerProtocol: 'http/1.1' },
  handle: async (request) => {
    const target = request.headers['x-amz-target'] ?? '';
    const name = target.startsWith(prefix) ? target.slice(prefix.length) : '';
    const operation = operations[name];
    if (!operation) return { response: refusal('UnknownOperationException', 400, target) };
    onCall(name);
    try {
      return { response: ok(operation(JSON.parse(bodyOf(request)) as Record<string, unknown>)) };
    } catch (error) {
      return { response: refusal((error as Error).name, 400, (error as Error).message) };
    }
  },
});

const contentType = { 'content-type': 'application/x-amz-json-1.0' };
const encode = (data: unknown) => new TextEncoder().encode(JSON.stringify(data));
const ok = (data: unknown): HttpAnswer => ({ statusCode: 200, headers: contentType, body: encode(data) });
const refusal = (name: string, statusCode: number, message: string): HttpAnswer => ({
  statusCode,
  headers: { ...contentType, 'x-amzn-errortype': name },
  body: encode({ __type: name, message }),
});

const bodyOf = (request: HttpRequest): string => {
  if (typeof request.body === 'string') return request.body;
  return request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : '{}';
};
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const queueName = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
