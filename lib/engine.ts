import { ArnFormat, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { type EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { EnvironmentOf, Variable } from '#adapters/aws/env';
import { variablesOfPort } from '#adapters/aws/env';
import { type HandlerName, handlerNames, handlers, portsOf, ticks } from '#core/handlers';
import { queueSettings } from '#core/queues';
import { Alarms } from '#lib/constructs/alarms';
import { Api } from '#lib/constructs/api';
import { ConsoleCounts } from '#lib/constructs/console-counts';
import { ConsoleDoor } from '#lib/constructs/console-door';
import { Definitions } from '#lib/constructs/definitions';
import { DropEvents } from '#lib/constructs/drop-events';
import { Front } from '#lib/constructs/front';
import { HandlerFunction, logGroupOf } from '#lib/constructs/handler-function';
import { logGroupIn } from '#lib/constructs/log-group';
import { Machine } from '#lib/constructs/machine';
import { Replies } from '#lib/constructs/replies';
import { SalesBus } from '#lib/constructs/sales-bus';
import { SesEvents } from '#lib/constructs/ses-events';
import type { Data } from '#lib/data';
import { type SeenData, seenFrom } from '#lib/seen-data';
import { eventFunctions, type Names, namesOf, recipientsOf, type Settings, sendPacing } from '#lib/settings';
import type { Targets } from '#lib/statements';
import { WatchStack } from '#lib/watch-stack';

export type EngineProps = {
  readonly data: Data;
  readonly settings: Settings;
  /** Folder with one folder a handler (lib/bundle.ts). */
  readonly bundles: string;
  /** Folder with the objects of the artifact bucket (lib/objects.ts). */
  readonly objects: string;
  /** Every machine there must be, with the key of its definition: sequences in force and retired ones. */
  readonly sequences: readonly { readonly sequence: string; readonly definitionKey: string }[];
  readonly handoffDefinitionKey: string;
  readonly senderDomain: string;
  readonly linksHost: string;
};

/** Everything that can be made anew: functions, machines, rules, the API. Reads as an inventory. */
export class Engine extends Construct {
  readonly functions = new Map<HandlerName, IFunction>();
  readonly bus: EventBus;
  readonly alarms: Alarms;
  readonly api: Api;
  /** Of each sequence in force or retired, and of the handoff. */
  readonly machines: readonly CfnStateMachine[];
  /** Made last, for it must know where the API is; the console's function learns of it all the same. */
  private door: ConsoleDoor | undefined;

  constructor(scope: Construct, id: string, { data, settings, bundles, objects, ...props }: EngineProps) {
    super(scope, id);
    const names = namesOf(settings.stage);
    const seen = seenFrom(this, data, names);
    const targets = targetsOf(Stack.of(this), seen, names, settings, props.senderDomain);
    const variables = {
      ...variablesOf(Stack.of(this), seen, names, settings),
      USER_POOL_CLIENT_ID: Lazy.string({ produce: () => this.door?.clientId ?? '' }),
      SIGN_IN_ORIGIN: Lazy.string({ produce: () => this.door?.origin ?? '' }),
    };
    const front = settings.webAcl && new Front(this, 'Front', { names, host: props.linksHost, webAcl: settings.webAcl });
    const logGroups = new Map<HandlerName, LogGroup>();
    for (const name of handlerNames.filter((it) => isWanted(it, settings))) {
      const handler = new HandlerFunction(this, {
        name,
        bundles,
        environment: pick(name, variables),
        front: front?.environment,
        targets,
        settings,
        names,
      });
      this.functions.set(name, handler.function);
      logGroups.set(name, handler.logGroup);
    }
    this.feedFromQueues(seen, settings);
    this.runTicks(names);
    if (seen.streamArn !== undefined)
      new ConsoleCounts(this, 'ConsoleCounts', { names, streamArn: seen.streamArn, handler: this.functionOf('count-for-console') });
    const machines = this.makeMachines(seen, names, props, settings);
    this.machines = machines.map((it) => it.machine);
    // The bucket is named, not referred to: within one stack nothing else says that it comes first.
    new Definitions(this, 'Objects', { names, settings, folder: objects, machines }).node.addDependency(data.artifacts);
    new SesEvents(this, 'SesEvents', { names, settings, queue: seen.queue('events'), deadLetters: seen.deadLetters('events') });
    new DropEvents(this, 'DropEvents', { names, queue: seen.queue('imports'), deadLetters: seen.deadLetters('imports') });
    const replies = { names, settings, queue: seen.queue('replies'), deadLetters: seen.deadLetters('replies') };
    new Replies(this, 'Replies', replies).node.addDependency(data.received);
    this.bus = new SalesBus(this, 'Sales', { names, settings, recordsOf: () => this.functionOf('crm-record') }).bus;
    this.alarms = new Alarms(this, 'Alarms', { names, settings, logGroupOf: (name) => logGroups.get(name) as LogGroup });
    new WatchStack(this, 'Watch', { names, settings, topic: this.alarms.topic });
    const functionOf = (name: string) => this.functionOf(name as HandlerName);
    const isThere = (name: HandlerName) => this.functions.has(name);
    this.api = new Api(this, 'Api', { names, settings, host: props.linksHost, functionOf, isThere });
    front?.standBefore(this.api.api);
    if (seen.people) {
      const host = settings.linksCertificateArn === undefined ? this.api.url : `https://${props.linksHost}`;
      this.door = new ConsoleDoor(this, 'Console', { names, pool: seen.people, origin: host });
    }
  }

  private functionOf(name: HandlerName): IFunction {
    const made = this.functions.get(name);
    if (!made) throw new Error(`there is no function ${name}`);
    return made;
  }

  /** Paced: how many functions read a queue at once, and for sends how fast each calls SES, keeps to the account's rate. */
  private feedFromQueues({ queue }: SeenData, settings: Settings): void {
    const pacing = sendPacing(settings);
    const pace: { readonly [queue: string]: { readonly batchSize: number; readonly maxConcurrency: number } } = {
      send: { batchSize: pacing.batchSize, maxConcurrency: pacing.functions },
      enrol: { batchSize: 10, maxConcurrency: settings.enrolmentsAtOnce },
      events: { batchSize: 10, maxConcurrency: eventFunctions(settings) },
      imports: { batchSize: 1, maxConcurrency: 2 },
    };
    for (const name of handlerNames) {
      const { trigger } = handlers[name];
      if (!('queue' in trigger)) continue;
      const { batchSize = 10, batchWindowSeconds } = queueSettings.find((it) => it.name === trigger.queue) ?? {};
      new EventSourceMapping(this, `${name}-source`, {
        target: this.functionOf(name),
        eventSourceArn: queue(trigger.queue).queueArn,
        reportBatchItemFailures: true,
        // Nothing comes without a domain for answers: then nobody asks the queue, for that costs.
        ...(trigger.queue === 'replies' && { enabled: settings.replies !== undefined }),
        ...(batchWindowSeconds !== undefined && { maxBatchingWindow: Duration.seconds(batchWindowSeconds) }),
        ...(pace[trigger.queue] ?? { batchSize, maxConcurrency: 20 }),
      });
    }
  }

  private runTicks(names: Names): void {
    for (const { name, everySeconds } of ticks) {
      new Rule(this, `${name}-tick`, {
        ruleName: names.ruleName(`tick-${name}`),
        description: `Baton: ${handlers[name].file}`,
        schedule: Schedule.rate(Duration.seconds(everySeconds)),
        targets: [new LambdaTarget(this.functionOf(name), { retryAttempts: 0 })],
      });
    }
  }

  private makeMachines(
    seen: SeenData,
    names: Names,
    { sequences, handoffDefinitionKey }: Pick<EngineProps, 'sequences' | 'handoffDefinitionKey'>,
    settings: Settings,
  ): readonly Machine[] {
    const logGroup = logGroupIn(this, 'MachineLogs', `/aws/vendedlogs/states/${names.prefix}`, settings);
    const common = { bucketName: names.bucketAsSub(), roleArn: seen.machinesRoleArn, logGroup };
    const arnOf = (name: HandlerName) => this.functionOf(name).functionArn;
    const TableName = seen.tableName;
    const ofSequence = {
      TableName,
      SendQueueUrl: seen.queue('send').queueUrl,
      PlanStepArn: arnOf('plan-step'),
      EvaluateBranchArn: arnOf('evaluate-branch'),
      ActOnLeadArn: arnOf('act-on-lead'),
      CallWebhookArn: arnOf('call-webhook'),
    };
    const ofHandoff = {
      TableName,
      ConfirmHandoffArn: arnOf('confirm-handoff'),
      NotifySalesArn: arnOf('notify-sales'),
      AssignTaskArn: arnOf('assign-task'),
      CheckTaskArn: arnOf('check-task'),
      ReturnLeadArn: arnOf('return-lead'),
    };
    const handoff = new Machine(this, 'handoff-machine', {
      ...common,
      machineName: names.handoffMachine,
      definitionKey: handoffDefinitionKey,
      substitutions: ofHandoff,
    });
    const machines = sequences.map(
      ({ sequence, definitionKey }) =>
        new Machine(this, `sequence-${sequence}`, {
          ...common,
          machineName: names.machineName(sequence),
          definitionKey,
          substitutions: ofSequence,
        }),
    );
    for (const { machine } of [handoff, ...machines]) acknowledgeMachine(machine);
    return [handoff, ...machines];
  }
}

/** What only pipes call is there when there are pipes, and the console when somebody wants one. */
export const isWanted = (name: HandlerName, { crm, console }: Pick<Settings, 'crm' | 'console'>): boolean => {
  if (name === 'console' || 'stream' in handlers[name].trigger) return console;
  return !('pipe' in handlers[name].trigger) || crm?.hubspot !== undefined || crm?.salesforce !== undefined;
};

const acknowledgeMachine = (machine: Construct): void => {
  Validations.of(machine).acknowledge({
    id: 'AwsSolutions-SF1',
    reason:
      'Only failures are logged: every event of every execution would cost more than the machine (FACTS, cost), and the history is in Step Functions.',
  });
  Validations.of(machine).acknowledge({
    id: 'AwsSolutions-SF2',
    reason: 'Executions last for weeks and mostly wait; the row and the execution history say what a trace would.',
  });
};

const executionsOf = (arn: string): string => `${arn.replace(':stateMachine:', ':execution:')}:*`;

const machineArn = (stack: Stack) => (resourceName: string) =>
  stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

const targetsOf = (stack: Stack, data: SeenData, names: Names, settings: Settings, senderDomain: string): Targets => {
  const ses = (resource: string, resourceName: string) => stack.formatArn({ service: 'ses', resource, resourceName });
  const machine = machineArn(stack);
  const { identity, links, outside, 'api-keys': apiKeys } = data.secrets;
  return {
    table: data.tableArn,
    bucket: stack.formatArn({ service: 's3', region: '', account: '', resource: names.bucket }),
    dropBucket: stack.formatArn({ service: 's3', region: '', account: '', resource: names.dropBucket }),
    replyBucket: stack.formatArn({ service: 's3', region: '', account: '', resource: names.replyBucket }),
    queue: (name) => data.queue(name).queueArn,
    queues: stack.formatArn({ service: 'sqs', resource: `${names.prefix}-*` }),
    queueLogs: handlerNames
      .filter((it) => 'queue' in handlers[it].trigger)
      .map((it) =>
        stack.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: `${logGroupOf(names, it)}:*`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ),
    secret: { identity: identity.grant, links: links.grant, 'api-keys': apiKeys.grant, outside: outside.grant },
    email: [
      ses('identity', senderDomain),
      ses('configuration-set', names.configurationSet),
      ...settings.sandboxRecipients.map((it) => ses('identity', it)),
    ],
    sequenceMachines: machine(names.machineName('*')),
    handoffMachine: machine(names.handoffMachine),
    timers: {
      schedules: stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${names.timerGroup}/*` }),
      role: data.timersRoleArn,
    },
    executions: { sequences: executionsOf(machine(names.machineName('*'))), handoff: executionsOf(machine(names.handoffMachine)) },
    stream: data.streamArn ?? '',
    lostCounts: stack.formatArn({ service: 'sqs', resource: names.lostCounts }),
    bus: stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: names.eventBus }),
  };
};

/** Every variable that any handler needs: one that is missing here does not compile. */
const variablesOf = (
  stack: Stack,
  data: SeenData,
  names: Names,
  settings: Settings,
): { readonly [V in Exclude<Variable, 'USER_POOL_CLIENT_ID' | 'SIGN_IN_ORIGIN'>]: string } => {
  const machine = machineArn(stack);
  return {
    TABLE_NAME: data.tableName,
    STAGE: names.stage,
    // A word that is nobody's address: not every place takes an empty value.
    ALLOWED_RECIPIENTS: recipientsOf(settings).join(',') || 'nobody',
    ARTIFACT_BUCKET: names.bucket,
    REPLY_BUCKET: names.replyBucket,
    IDENTITY_SECRET_ARN: data.secrets.identity.arn,
    LINK_SECRET_ARN: data.secrets.links.arn,
    API_KEYS_SECRET_ARN: data.secrets['api-keys'].arn,
    OUTSIDE_SECRET_ARN: data.secrets.outside.arn,
    CONFIGURATION_SET: names.configurationSet,
    SENDS_PER_SECOND: String(sendPacing(settings).perFunction),
    ENROL_QUEUE_URL: data.queue('enrol').queueUrl,
    WAKE_QUEUE_URL: data.queue('wake').queueUrl,
    EVENT_QUEUE_URL: data.queue('events').queueUrl,
    SALES_QUEUE_URL: data.queue('sales-tasks').queueUrl,
    ANSWER_QUEUE_URL: data.queue('answers').queueUrl,
    EVENT_BUS: names.eventBus,
    NOTICE_QUEUE_URL: data.queue('notices').queueUrl,
    IMPORT_QUEUE_URL: data.queue('imports').queueUrl,
    DROP_BUCKET: names.dropBucket,
    SEQUENCE_MACHINE_ARN_PREFIX: machine(names.machineName('')),
    HANDOFF_MACHINE_ARN: machine(names.handoffMachine),
    CONSOLE: settings.console ? 'on' : 'off',
    USER_POOL_ID: data.people?.userPoolId ?? '',
    QUEUE_URL_PREFIX: `https://sqs.${stack.region}.${stack.urlSuffix}/${stack.account}/${names.prefix}-`,
    ALARM_PREFIX: `${names.prefix}-`,
    TIMER_GROUP: names.timerGroup,
    TIMER_ROLE_ARN: data.timersRoleArn,
  };
};

const pick = <Name extends HandlerName>(name: Name, all: { readonly [V in Variable]: string }): EnvironmentOf<Name> => {
  const wanted = new Set(portsOf(name).flatMap((port): readonly Variable[] => variablesOfPort[port]));
  return Object.fromEntries([...wanted].map((variable) => [variable, all[variable]])) as EnvironmentOf<Name>;
};
