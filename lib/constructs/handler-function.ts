import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime, SystemLogLevel, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentOf } from '#adapters/aws/env';
import { type HandlerName, handlerNames, handlers, handlerTimeoutSeconds } from '#core/handlers';
import type { FrontEnvironment } from '#lib/constructs/front';
import { logGroupIn } from '#lib/constructs/log-group';
import { asFound } from '#lib/findings';
import { grantsOf } from '#lib/grants';
import type { Names, Settings } from '#lib/settings';
import { statementsOf, streamStatements, type Targets } from '#lib/statements';

export type HandlerFunctionProps<Name extends HandlerName> = {
  readonly name: Name;
  /** Folder of the bundle, `<bundles>/<name>/index.mjs`. */
  readonly bundles: string;
  /** Exactly what the handler's ports read: a variable too few or too many does not compile. */
  readonly environment: EnvironmentOf<Name>;
  /** What stands in front of the API, for who answers it. */
  readonly front?: FrontEnvironment | undefined;
  readonly targets: Targets;
  readonly settings: Settings;
  readonly names: Names;
};

export const logGroupOf = (names: Names, name: HandlerName): string => `/aws/lambda/${names.functionName(name)}`;

/** One function with a log group and a role of its own; the role may do what the handler's contract names, and log. */
export class HandlerFunction<Name extends HandlerName> extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, { name, bundles, environment, front, targets, settings, names }: HandlerFunctionProps<Name>) {
    super(scope, name);
    const { memoryMb, trigger } = handlers[name];
    const functionName = names.functionName(name);
    this.logGroup = logGroupIn(this, 'Logs', logGroupOf(names, name), settings);
    const consumes = 'queue' in trigger ? trigger.queue : undefined;
    const role = new Role(this, 'Role', {
      description: `Baton: the function ${functionName}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        handler: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'Log',
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [this.logGroup.logGroupArn],
            }),
            ...(settings.tracing ? [traces] : []),
            ...statementsOf(grantsOf(name), targets, consumes),
            ...('stream' in trigger ? streamStatements(targets) : []),
          ],
        }),
      },
    });
    acknowledge(role, names);
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: `Baton: ${handlers[name].file}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(`${bundles}/${name}`),
      memorySize: memoryMb,
      timeout: Duration.seconds(handlerTimeoutSeconds),
      environment: { ...(environment as Record<string, string>), ...('http' in trigger && front) },
      role: role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      ...(settings.tracing && { tracing: Tracing.ACTIVE }),
      // Lambda's three lines an invocation cost as much as the invocation; its metrics say the same.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
    });
  }
}

const traces = new PolicyStatement({ sid: 'Trace', actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] });

/** Every wildcard that a handler's role may hold, and why. */
const acknowledge = (role: Role, names: Names): void => {
  const { machineName, handoffMachine, bucket, replyBucket, dropBucket, prefix, timerGroup } = names;
  const reasons: { readonly [id: string]: string } = {
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${asFound(bucket)}/artifacts/*]`]:
      'Versions of sequences come with every edit; all are ours and hold no personal data.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${asFound(replyBucket)}/mail/*]`]:
      'SES names each mail that comes in; the bucket holds nothing else.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${asFound(dropBucket)}/leads/*]`]:
      'Other systems name the lists that they drop.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${asFound(dropBucket)}/reports/*]`]:
      'Reports are named after the lists; nothing else is written there.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:${machineName('*')}]`]:
      'Sequences come with every edit; only machines of this stage bear the name.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${asFound(bucket)}/console/*]`]: 'The files of the console; none is secret.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${asFound(bucket)}/rehearsals/*]`]:
      'Whoever publishes a rehearsal names it; they hold figures of made-up leads, and nothing else is there.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${prefix}-*]`]:
      'The console shows all queues of this stage and lets dead letters go back to theirs.',
    ...Object.fromEntries(
      handlerNames
        .filter((it) => 'queue' in handlers[it].trigger)
        .map((it) => [
          `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:${logGroupOf(names, it)}:*]`,
          'All of this one log: the console says why a message lies dead. Logs hold ids only.',
        ]),
    ),
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${timerGroup}/*]`]:
      'One schedule a wait; the group holds nothing else.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${machineName('*')}:*]`]:
      'Each run has an execution of its own; the watchdog asks whether it is still there, and reads nothing else.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${handoffMachine}:*]`]:
      'Each handoff has an execution of its own; the watchdog asks whether it is still there, and reads nothing else.',
    'AwsSolutions-IAM5[Resource::*]':
      'Task tokens are not resources: SendTaskSuccess and SendTaskFailure take none. Nor do ses:GetAccount, the traces of X-Ray, the list of streams, and alarms that are listed by the beginning of their names.',
  };
  for (const [id, reason] of Object.entries(reasons)) Validations.of(role).acknowledge({ id, reason });
};
