import { CfnOutput, Duration, RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  Connection,
  EventBus,
  HttpMethod,
  HttpParameter,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CrmSystem } from '#core/crm';
import { handlerTimeoutSeconds } from '#core/handlers';
import { queueRetentionSeconds } from '#core/queues';
import { handoffEventKinds } from '#core/sales-event-kinds';
import { eventSource, typeOf } from '#core/sales-events';
import type { Names, Settings } from '#lib/settings';

export type SalesBusProps = {
  readonly names: Names;
  readonly settings: Pick<Settings, 'crm' | 'logRetentionDays'>;
  /** Makes the body of a request; asked for only where there is a CRM. */
  readonly recordsOf: () => IFunction;
};

/** What a CRM hears of: whoever has it, and what became of it; reminders are between the rep and us, and who lost it shows by who has it. */
const told = handoffEventKinds.filter((it) => it !== 'reminded' && it !== 'taken-back');

/** Where other systems hear of handoffs, by ids. For each CRM that the settings name: a queue, and a pipe that calls it. */
export class SalesBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { names, settings, recordsOf }: SalesBusProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: names.eventBus, description: 'Baton: handoffs and answers of sales, by ids' });
    new CfnOutput(scope, 'SalesEventBus', { value: names.eventBus, description: 'Events baton.handoff.* (docs/crm.md)' });
    const { hubspot, salesforce } = settings.crm ?? {};
    const days = settings.logRetentionDays;
    if (hubspot) {
      const connection = new Connection(this, 'HubSpotConnection', {
        connectionName: `${names.prefix}-hubspot`,
        authorization: Authorization.apiKey('Authorization', bearer(hubspot.secret)),
      });
      const url = `${hubspot.url}/crm/v3/objects/contacts/batch/upsert`;
      const { match, fields, idField = match === 'email' ? 'email' : 'baton_lead_id' } = hubspot;
      this.call({
        system: 'hubspot',
        names,
        days,
        connection,
        url,
        method: HttpMethod.POST,
        question: { match, idField, fields },
        recordsOf,
      });
    }
    if (salesforce) {
      const { domain, secret, object, apiVersion, fields, idField } = salesforce;
      const connection = new Connection(this, 'SalesforceConnection', {
        connectionName: `${names.prefix}-salesforce`,
        authorization: Authorization.oauth({
          authorizationEndpoint: `https://${domain}/services/oauth2/token`,
          clientId: SecretValue.secretsManager(secret, { jsonField: 'client-id' }).unsafeUnwrap(),
          clientSecret: SecretValue.secretsManager(secret, { jsonField: 'client-secret' }),
          httpMethod: HttpMethod.POST,
          bodyParameters: { grant_type: HttpParameter.fromString('client_credentials') },
        }),
      });
      const url = `https://${domain}/services/data/v${apiVersion}/sobjects/${object}/${idField}/*`;
      const question = { match: 'lead-id', idField, fields };
      this.call({ system: 'salesforce', names, days, connection, url, method: HttpMethod.PATCH, question, recordsOf });
    }
  }

  /** bus -> queue -> function -> CRM. What the CRM does not take comes again, and lies with the dead letters after that. */
  private call({ system, names, days, connection, url, method, question, recordsOf }: Calling): void {
    const { queue, dead } = this.queues(system, names);
    new Rule(this, `${system}-rule`, {
      ruleName: names.ruleName(`crm-${system}`),
      description: `Baton: what ${system} hears of handoffs`,
      eventBus: this.bus,
      eventPattern: { source: [eventSource], detailType: told.map(typeOf) },
      targets: [new SqsQueue(queue, { message: RuleTargetInput.fromEventPath('$.detail'), deadLetterQueue: dead })],
    });
    const destination = new ApiDestination(this, `${system}-destination`, {
      apiDestinationName: `${names.prefix}-${system}`,
      connection,
      endpoint: url,
      httpMethod: method,
      rateLimitPerSecond: 5,
    });
    const logGroup = new LogGroup(this, `${system}-logs`, {
      logGroupName: `/aws/vendedlogs/pipes/${names.prefix}-${system}`,
      retention: days as number,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const records = recordsOf();
    const role = new Role(this, `${system}-role`, {
      description: `Baton: the pipe to ${system}`,
      assumedBy: new ServicePrincipal('pipes.amazonaws.com'),
      inlinePolicies: {
        pipe: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'Consume',
              actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
              resources: [queue.queueArn],
            }),
            new PolicyStatement({ sid: 'Ask', actions: ['lambda:InvokeFunction'], resources: [records.functionArn] }),
            new PolicyStatement({ sid: 'Call', actions: ['events:InvokeApiDestination'], resources: [destination.apiDestinationArn] }),
          ],
        }),
      },
    });
    new CfnPipe(this, `${system}-pipe`, {
      name: `${names.prefix}-${system}`,
      description: `Baton: leads to ${system}`,
      roleArn: role.roleArn,
      source: queue.queueArn,
      // An API destination takes one at a time.
      sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
      enrichment: records.functionArn,
      enrichmentParameters: { inputTemplate: `${JSON.stringify({ system, ...question }).slice(0, -1)},"event":<$.body>}` },
      target: destination.apiDestinationArn,
      targetParameters: {
        inputTemplate: '<$.body>',
        ...(url.endsWith('*') && { httpParameters: { pathParameterValues: ['$.key'] } }),
      },
      // Ids and what went wrong: no execution data, for that has names in it.
      logConfiguration: { level: 'ERROR', cloudwatchLogsLogDestination: { logGroupArn: logGroup.logGroupArn } },
    });
  }

  private queues(system: CrmSystem, { prefix }: Names): { readonly queue: Queue; readonly dead: Queue } {
    // They go with the CRM: one that stayed would keep its name, and no engine with that CRM could be made again.
    const common = {
      retentionPeriod: Duration.seconds(queueRetentionSeconds),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    const dead = new Queue(this, `${system}-dead`, { queueName: `${prefix}-crm-${system}-dead`, ...common });
    Validations.of(dead).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is the dead-letter queue.' });
    const queue = new Queue(this, `${system}-queue`, {
      queueName: `${prefix}-crm-${system}`,
      visibilityTimeout: Duration.seconds(6 * handlerTimeoutSeconds),
      deadLetterQueue: { queue: dead, maxReceiveCount: 20 },
      ...common,
    });
    return { queue, dead };
  }
}

type Calling = {
  readonly system: CrmSystem;
  readonly names: Names;
  readonly days: number;
  readonly connection: Connection;
  readonly url: string;
  readonly method: HttpMethod;
  readonly question: { readonly match: string; readonly idField: string; readonly fields: Record<string, string> };
  readonly recordsOf: () => IFunction;
};

/** The template names the secret, and CloudFormation reads it: it stands in no file of ours. */
const bearer = (secret: string): SecretValue => SecretValue.unsafePlainText(`Bearer ${SecretValue.secretsManager(secret).unsafeUnwrap()}`);
