import { refused } from './faults.ts';
import { isRecord } from './path.ts';

export type Service = 'sqs' | 'dynamodb' | 'lambda';
/** What a Task's Resource names. `isCallback`: the state waits until its token is answered. */
export type Resource = { readonly service: Service; readonly isCallback: boolean };

export const resourceOf = (arn: unknown): Resource => {
  const resource = typeof arn === 'string' && Object.hasOwn(resources, arn) ? resources[arn] : undefined;
  if (!resource) throw refused(`the resource ${JSON.stringify(arn)} is not supported; supported: ${Object.keys(resources).join(', ')}`);
  return resource;
};

const resources: { readonly [arn: string]: Resource } = {
  'arn:aws:states:::sqs:sendMessage': { service: 'sqs', isCallback: false },
  'arn:aws:states:::sqs:sendMessage.waitForTaskToken': { service: 'sqs', isCallback: true },
  'arn:aws:states:::aws-sdk:dynamodb:updateItem': { service: 'dynamodb', isCallback: false },
  'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken': { service: 'dynamodb', isCallback: true },
  'arn:aws:states:::lambda:invoke': { service: 'lambda', isCallback: false },
  'arn:aws:states:::lambda:invoke.waitForTaskToken': { service: 'lambda', isCallback: true },
};

/** The parameters that a call takes, and those it cannot do without. */
const parameters: { readonly [service in Service]: { required: readonly string[]; optional: readonly string[] } } = {
  sqs: { required: ['QueueUrl', 'MessageBody'], optional: ['DelaySeconds'] },
  dynamodb: {
    required: ['TableName', 'Key'],
    optional: ['UpdateExpression', 'ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'ReturnValues'],
  },
  lambda: { required: ['FunctionName'], optional: ['Payload'] },
};

export const checkParameters = (service: Service, given: unknown) => {
  const { required, optional } = parameters[service];
  if (!isRecord(given)) throw refused(`Parameters must be an object with ${required.join(', ')}`);
  const names = Object.keys(given).map((key) => (key.endsWith('.$') ? key.slice(0, -2) : key));
  const unknown = names.filter((name) => !required.includes(name) && !optional.includes(name));
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw refused(`Parameters: ${missing.join(', ')} missing`);
  if (unknown.length > 0)
    throw refused(`Parameters: ${unknown.join(', ')} not supported; allowed: ${[...required, ...optional].join(', ')}`);
};
