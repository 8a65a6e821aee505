import { Fault, payloadLimit } from './faults.ts';
import { isRecord } from './path.ts';
import type { Service } from './resources.ts';

/** The services that tasks reach. An error's `name` becomes the ASL error name. */
export type Integrations = {
  invoke(functionArn: string, payload: unknown): Promise<unknown>;
  sendMessage(request: Record<string, unknown>): Promise<Record<string, unknown>>;
  updateItem(request: Record<string, unknown>): Promise<Record<string, unknown>>;
};

/** One call with the state's filled parameters; the result in the shape that AWS's integration gives it. */
export const callService = async (use: Integrations, service: Service, parameters: unknown): Promise<unknown> => {
  if (!isRecord(parameters)) throw new Fault('States.Runtime', 'the parameters are not an object');
  switch (service) {
    case 'lambda': {
      const payload = asJson(parameters.Payload ?? {});
      const result = await use.invoke(String(parameters.FunctionName), payload);
      return { ExecutedVersion: '$LATEST', Payload: asJson(result ?? null), StatusCode: 200 };
    }
    case 'sqs': {
      const { MessageBody, ...request } = parameters;
      return await use.sendMessage({
        MessageBody: typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody),
        ...request,
      });
    }
    case 'dynamodb':
      return await use.updateItem(parameters);
  }
};

/** AWS's error names differ by integration: lambda passes the function's own, the others prefix the service. */
export const toFault = (service: Service, thrown: unknown): Fault => {
  if (thrown instanceof Fault) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : { name: 'Error', message: String(thrown) };
  if (service === 'lambda') return new Fault(name, JSON.stringify({ errorMessage: message, errorType: name, trace: [] }));
  return new Fault(`${service === 'sqs' ? 'SQS' : 'DynamoDb'}.${name}`, message);
};

/** Payloads cross as text on AWS: nothing is shared, undefined and dates do not survive. */
const asJson = (value: unknown): unknown => {
  const text = JSON.stringify(value) ?? 'null';
  if (text.length * 3 > payloadLimit && Buffer.byteLength(text) > payloadLimit) {
    throw new Fault('States.DataLimitExceeded', 'The payload exceeded the maximum number of bytes service limit.');
  }
  return JSON.parse(text);
};
