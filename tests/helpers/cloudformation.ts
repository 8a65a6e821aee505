import type { Resource, Template, Templates } from '#tests/helpers/synth';

export const account = '111122223333';
export const region = 'us-east-1';
const pseudo: { readonly [name: string]: string } = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Fills in what CloudFormation would: Ref, GetAtt, Join, ImportValue, of the kinds that our templates hold. Throws on others. */
export const resolver = (templates: Templates) => {
  const exports = new Map<string, { readonly template: Template; readonly value: unknown }>();
  for (const template of [templates.Data, templates.Engine]) {
    for (const output of Object.values(template.Outputs ?? {}) as { Export?: { Name: string }; Value: unknown }[]) {
      if (output.Export) exports.set(output.Export.Name, { template, value: output.Value });
    }
  }
  const resolve = (template: Template, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((it) => resolve(template, it));
    if (typeof value !== 'object' || value === null) return value;
    const [[name = '', argument] = [], ...rest] = Object.entries(value);
    if (rest.length > 0 || !(name === 'Ref' || name.startsWith('Fn::'))) {
      return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, resolve(template, it)]));
    }
    return call(template, name, argument);
  };
  const call = (template: Template, name: string, argument: unknown): unknown => {
    switch (name) {
      case 'Ref':
        return pseudo[String(argument)] ?? identify(template, String(argument), 'Ref');
      case 'Fn::GetAtt':
        return identify(template, (argument as string[])[0] ?? '', (argument as string[])[1] ?? '');
      case 'Fn::Join':
        return (resolve(template, (argument as [string, unknown[]])[1]) as string[]).join((argument as [string])[0]);
      case 'Fn::ImportValue': {
        const found = exports.get(String(resolve(template, argument)));
        if (!found) throw new Error(`nothing exports ${JSON.stringify(argument)}`);
        return resolve(found.template, found.value);
      }
      case 'Fn::Sub':
        return String(argument).replaceAll(/\$\{([^}]+)\}/g, (_, it: string) => pseudo[it] ?? it);
      default:
        throw new Error(`${name} is not resolved here`);
    }
  };
  const identify = (template: Template, logicalId: string, attribute: string): string => {
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`there is no resource ${logicalId}`);
    const nameOf = (property: string) => String(resolve(template, resource.Properties[property] ?? logicalId));
    return identityOf(resource, attribute, nameOf, logicalId);
  };
  return { resolve };
};

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

const identityOf = (resource: Resource, attribute: string, nameOf: (property: string) => string, logicalId: string): string => {
  switch (`${resource.Type} ${attribute}`) {
    case 'AWS::SQS::Queue Arn':
      return arn('sqs', nameOf('QueueName'));
    case 'AWS::SQS::Queue Ref':
      return `https://sqs.${region}.amazonaws.com/${account}/${nameOf('QueueName')}`;
    case 'AWS::DynamoDB::GlobalTable Arn':
      return arn('dynamodb', `table/${nameOf('TableName')}`);
    case 'AWS::DynamoDB::GlobalTable Ref':
      return nameOf('TableName');
    case 'AWS::S3::Bucket Arn':
      return `arn:aws:s3:::${nameOf('BucketName')}`;
    case 'AWS::S3::Bucket Ref':
      return nameOf('BucketName');
    case 'AWS::SecretsManager::Secret Ref':
      return arn('secretsmanager', `secret:${nameOf('Name')}-AbCdEf`);
    case 'AWS::Lambda::Function Arn':
      return arn('lambda', `function:${nameOf('FunctionName')}`);
    case 'AWS::Logs::LogGroup Arn':
      return arn('logs', `log-group:${nameOf('LogGroupName')}:*`);
    case 'AWS::IAM::Role Arn':
      return `arn:aws:iam::${account}:role/${nameOf('RoleName')}`;
    default:
      return `${logicalId}.${attribute}`;
  }
};
