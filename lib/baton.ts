import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandlerName } from '#core/handlers';
import type { QueueName } from '#core/queues';
import { Data } from '#lib/data';
import { Engine } from '#lib/engine';
import { type Prepared, prepare } from '#lib/prepare';
import { releaseData } from '#lib/removal';
import { namesOf, readSettings, type Settings } from '#lib/settings';
import type { SettingsProps } from '#lib/settings-props.generated';

/** What {@link Baton} takes: the marketing folder, and any setting of `cdk.json` under the same name. */
export interface BatonProps extends SettingsProps {
  /** The marketing folder, from the working folder of the app. It is checked and compiled; with errors nothing is synthesized. */
  readonly marketing: string;
  /**
   * A stack of its own for what must not be lost: leads, queues, keys, buckets and the role of the machines. Without it they stand in
   * the same stack as the functions. To be decided before the first deployment: moved later, they would be new and empty.
   */
  readonly dataIn?: Stack;
  /** @internal A folder that was compiled before: used by tests and by Baton's own app. */
  readonly prepared?: Prepared;
}

/**
 * All of Baton, in a stack of yours. Names begin with `baton-<stage>`, so a second one in the same account and Region needs a stage of
 * its own.
 *
 * ```ts
 * const baton = new Baton(this, 'Baton', { marketing: 'marketing', sendsPerSecond: 14 });
 * baton.alarmTopic.addSubscription(new EmailSubscription('duty@yourcompany.example'));
 * ```
 */
export class Baton extends Construct {
  /** Leads and all that is known of them; its keys are in core/keys.ts. Retained. */
  readonly table: TableV2;
  /** Where handoffs and answers of sales are told of, by ids (`baton.handoff.*`). */
  readonly bus: EventBus;
  /** Where alarms go. */
  readonly alarmTopic: Topic;
  /** Address of pages, `POST /leads` and `POST /events`. */
  readonly apiUrl: string;
  /** Every function by its name, such as `send-email`. */
  readonly functions: ReadonlyMap<HandlerName, IFunction>;
  /** Lists that other systems drop, and the reports about them. */
  readonly dropBucket: Bucket;
  /** Compiled sequences and rules, in all their versions. */
  readonly artifactBucket: Bucket;
  /** Keys of the systems that may send leads and events. */
  readonly apiKeys: Secret;
  /** Beginning of every name, `baton-<stage>`. */
  readonly prefix: string;
  private readonly data: Data;
  private readonly engine: Engine;

  constructor(scope: Construct, id: string, props: BatonProps) {
    super(scope, id);
    const { marketing, dataIn, prepared: madeBefore, ...given } = props;
    const settings = readSettings(given, {}, `Baton ${this.node.path}`);
    const prepared = madeBefore ?? prepare(marketing, settings);
    this.prefix = namesOf(settings.stage).prefix;
    refuseSecond(this, settings.stage);
    checkReplies(prepared.brand, settings);
    const { sender, links } = prepared.brand;
    const senderDomain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
    this.data = dataIn ? new Data(dataIn, id, { settings, senderDomain }) : new Data(this, 'Data', { settings, senderDomain });
    this.engine = new Engine(this, 'Default', { ...prepared, data: this.data, settings, senderDomain, linksHost: new URL(links).host });
    releaseData(settings, [this.data, ...this.engine.machines]);
    nameOutputs(this, this.data, settings.stage);
    this.table = this.data.table;
    this.bus = this.engine.bus;
    this.alarmTopic = this.engine.alarms.topic;
    this.apiUrl = this.engine.api.url;
    this.functions = this.engine.functions;
    this.dropBucket = this.data.drops;
    this.artifactBucket = this.data.artifacts;
    this.apiKeys = this.data.secrets.apiKeys;
    if (id !== 'Default') for (const part of [this, this.data]) Tags.of(part).add('baton:stage', settings.stage);
  }

  /** A queue by its name, such as `sales-tasks`, which other systems read. */
  queue(name: QueueName): Queue {
    return this.data.queues.get(name);
  }

  /** What could not be handled of a queue. */
  deadLetters(name: QueueName): Queue {
    return this.data.queues.dead(name);
  }

  /** ARN of the state machine of a sequence; throws when the marketing folder has none of that name. */
  machineArn(sequence: string): string {
    const name = `${this.prefix}-${sequence}`;
    const machine = this.engine.machines.find((it) => it.stateMachineName === name);
    if (!machine) throw new Error(`there is no sequence ${sequence}`);
    return machine.attrArn;
  }

  /** Lets something of yours read every lead, with all personal data. Baton's own functions are held to kinds of items; this is not. */
  grantReadLeads(grantee: IGrantable): Grant {
    return this.table.grantReadData(grantee);
  }

  /** Lets a system take sales tasks from the queue `sales-tasks` (their shape: schemas/sales-task.schema.json). */
  grantTakeSalesTasks(grantee: IGrantable): Grant {
    return this.queue('sales-tasks').grantConsumeMessages(grantee);
  }

  /** Lets a system drop lists of leads, and read the reports about them. */
  grantDropLists(grantee: IGrantable): Grant {
    return this.dropBucket.grantPut(grantee, 'leads/*').combine(this.dropBucket.grantRead(grantee, 'reports/*'));
  }
}

const firstIn = new WeakMap<Stack, Baton>();

/**
 * Outputs are called what docs/construct.md says, without the hash that CDK adds: in Baton's own app `ApiUrl`, in somebody's stack `BatonApiUrl`,
 * and those of a second one in the same stack by its stage, `BatonDevApiUrl`.
 */
const nameOutputs = (baton: Baton, data: Data, stage: string): void => {
  const outputs = [baton, data].flatMap((it) => it.node.findAll()).filter((it) => it instanceof CfnOutput);
  for (const stack of new Set(outputs.map((it) => it.stack))) {
    const first = firstIn.get(stack) ?? baton;
    firstIn.set(stack, first);
    const of = first === baton ? '' : `${stage[0]?.toUpperCase()}${stage.slice(1)}`;
    const before = baton.node.id === 'Default' ? '' : `Baton${of}`;
    for (const it of new Set(outputs.filter((it) => it.stack === stack))) it.overrideLogicalId(`${before}${it.node.id}`);
  }
};

const stagesOfApp = new WeakMap<Construct, Map<string, Baton>>();

/** Two of one stage would ask AWS for the same names; in another account or Region they may. */
const refuseSecond = (baton: Baton, stage: string): void => {
  const root = baton.node.root as Construct;
  const { account, region } = Stack.of(baton);
  const stages = stagesOfApp.get(root) ?? new Map<string, Baton>();
  const key = `${account} ${region} ${stage}`;
  const first = stages.get(key);
  if (first) throw new Error(`${baton.node.path}: ${first.node.path} has the stage "${stage}" already; give one of them another`);
  stagesOfApp.set(root, stages.set(key, baton));
};

/** Answers would go where nobody takes them in. */
const checkReplies = ({ replies }: Prepared['brand'], settings: Settings): void => {
  if (replies === undefined || replies.at === settings.replies?.domain) return;
  throw new Error(
    `brand.yaml has answers come to ${replies.at}, the settings (replies.domain) take them in at ${settings.replies?.domain ?? 'no domain'}`,
  );
};
