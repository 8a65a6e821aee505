import { sesClient, sfnClient, sqsClient } from '#adapters/aws/clients';
import { machineVersions } from '#adapters/aws/machine-versions';
import { sfnMachines } from '#adapters/aws/machines';
import { sesMail } from '#adapters/aws/mail';
import { sqsQueue } from '#adapters/aws/queues';
import { withinReach } from '#adapters/aws/reach';
import { taskQueue } from '#adapters/aws/task-queue';
import { timersBy } from '#adapters/aws/timers';
import { sfnTokens } from '#adapters/aws/tokens';
import { createApiKeys } from '#adapters/crypto/api-keys';
import { createIds } from '#adapters/crypto/ids';
import { createLinks } from '#adapters/crypto/links';
import { liquidTemplates } from '#adapters/email/liquid';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryDrops } from '#adapters/memory/memory-drops';
import { type AnswerWebhook, memorySalesEvents, memoryTeamChat, memoryWebhooks } from '#adapters/memory/memory-outside';
import { memoryReplyMail } from '#adapters/memory/memory-reply-mail';
import { rememberingLine } from '#adapters/stores/line';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import type { ErasedEvent } from '#core/erased-event';
import { artifactKey, currentKey, liveConfigKey, waitLengthsKey } from '#core/object-keys';
import type { Clock, Log, Metrics, Ports } from '#core/ports';
import type { QueueName } from '#core/queues';
import type { HandoffEvent } from '#core/sales-events-schema';
import type { Artifact } from '#core/sequences/model';
import type { SlackBlock } from '#core/slack-blocks';
import type { Table } from '#core/table';
import { consoleOutside } from './console-outside.ts';
import type { Queues } from './queues.ts';
import { directPorts } from './sdk/direct.ts';
import { sesHandler, sqsHandler, statesHandler } from './sdk/handlers.ts';
import type { Stored } from './sdk/objects.ts';
import type { MailService } from './ses/mail-service.ts';
import { configurationSet, handoffMachineName, testKeys, timerSettings } from './settings.ts';
import { type PartOfMore, partedConfig, partedLine, watchedElsewhere } from './simulate/part-of-more.ts';
import { machineArn } from './states/arn.ts';
import type { StatesRunner } from './states/runner.ts';
import type { LocalTimers } from './timers.ts';
import { type OnWireCall, type WireCall, watch } from './wire.ts';

export type KnownArtifacts = { readonly every: readonly Artifact[]; readonly current: readonly Artifact[] };

export type Services = {
  readonly clock: Clock;
  readonly table: Table;
  readonly mail: MailService;
  readonly queues: Queues;
  readonly runner: StatesRunner;
  readonly timers: LocalTimers;
  readonly live: LiveConfig;
  /** Every version that a lead may be on, and those that take new leads. */
  readonly artifacts: KnownArtifacts;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Mail that came in, by its key. */
  readonly received: Map<string, Uint8Array>;
  readonly onCall: (operation: string) => void;
  readonly onWireCall: OnWireCall | undefined;
  readonly isProduction: boolean;
  readonly hasConsole?: boolean;
  readonly hasStream?: boolean;
  readonly allowedRecipients?: readonly string[] | undefined;
  /** `direct`: commands go to the services as they are; absent: by the SDK's real clients, serialised as over the wire. */
  readonly clients?: 'direct' | undefined;
  /** These leads are a part of more: what holds for all of them together is parted, or decided elsewhere (local/simulate). */
  readonly partOfMore?: PartOfMore | undefined;
  readonly identityKey?: string;
  /** How other systems answer webhooks; absent: with nothing. None is ever called from here. */
  readonly answerWebhook?: AnswerWebhook | undefined;
  /** Told of what would be posted in the team's chat. */
  readonly onTold?: ((channel: string, text: string, blocks?: readonly SlackBlock[]) => void) | undefined;
  /** Told of what goes on the bus of handoffs. */
  readonly onHandoffEvent?: ((event: HandoffEvent | ErasedEvent) => void) | undefined;
};

/** Every port on the local services: SES, SQS and Step Functions by their real clients, in process. */
export const sharedPorts = (services: Services): Ports => {
  const { clock, table, live, artifacts, log, received, isProduction, allowedRecipients } = services;
  const { queueAt, ...outside } = services.clients === 'direct' ? directPorts(services) : sdkPorts(services);
  const kept = stores(table, async () => artifacts.every.flatMap((it) => it.waitLengths), {
    isProduction,
    allowedRecipients,
    hasConsole: services.hasConsole ?? false,
    hasStream: services.hasStream ?? false,
  });
  return {
    ...kept,
    ...(services.partOfMore && { health: watchedElsewhere(kept.health) }),
    line: rememberingLine(services.partOfMore ? partedLine(kept.line, services.partOfMore) : kept.line, clock),
    enrolQueue: queueAt('enrol'),
    wakeQueue: queueAt('wake'),
    eventQueue: queueAt('events'),
    salesQueue: taskQueue(queueAt('sales-tasks')),
    answerQueue: queueAt('answers'),
    noticeQueue: queueAt('notices'),
    importQueue: queueAt('imports'),
    drops: memoryDrops(),
    clock,
    ids: createIds(services.identityKey ?? testKeys.identity),
    artifacts: memoryArtifacts(artifacts.every, () => artifacts.current),
    config: services.partOfMore ? partedConfig(memoryConfig(live), clock, services.partOfMore) : memoryConfig(live),
    replyMail: memoryReplyMail(received),
    templates: liquidTemplates(),
    webhooks: memoryWebhooks(services.answerWebhook),
    teamChat: memoryTeamChat(services.onTold),
    salesEvents: memorySalesEvents(services.onHandoffEvent),
    links: createLinks(testKeys.links, clock),
    apiKeys: createApiKeys(testKeys.api),
    timers: localTimers(services),
    metrics: services.metrics,
    // The mail service of the embedded runtime has no daily limit.
    mailQuota: { read: async () => ({ sent: 0 }) },
    ...outside,
    ...consoleOutside(services),
    mail: allowedRecipients ? withinReach(outside.mail, allowedRecipients, log) : outside.mail,
    log,
  };
};

const localTimers = ({ timers, onCall }: Services): Ports['timers'] =>
  timersBy(async (request) => {
    onCall('CreateSchedule');
    return timers.create(request);
  }, timerSettings);

const sdkPorts = ({ mail, queues, runner, table, onCall, onWireCall }: Services) => {
  const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const on = (host: string, handler: object) => ({ ...local, endpoint: `http://${host}.local`, requestHandler: handler as never });
  const watched = <Client>(service: WireCall['service'], client: Client) => watch(client, service, onWireCall);
  const ses = watched('ses', sesClient(on('email', sesHandler(mail, onCall))));
  const sqs = watched('sqs', sqsClient(on('sqs', sqsHandler(queues, onCall))));
  const sfn = watched('states', sfnClient(on('states', statesHandler(runner, onCall))));
  return {
    mail: sesMail(ses, configurationSet),
    queueAt: (name: QueueName) => sqsQueue(sqs, `http://sqs.local/000000000000/${name}`),
    machines: sfnMachines(sfn, {
      sequence: machineVersions(sfn, table, (id) => id),
      machineOf: machineArn,
      handoff: machineArn(handoffMachineName),
    }),
    tokens: sfnTokens(sfn),
  };
};

/** What a deployment puts into the bucket and the secrets (lib/objects.ts). */
export const storedIn = ({ every, current }: KnownArtifacts, live: LiveConfig): Stored => ({
  objects: new Map([
    ...every.map((it) => [artifactKey(it.sequence, it.version), JSON.stringify(it)] as const),
    [currentKey, JSON.stringify(current.map(({ sequence, version }) => ({ sequence, version })))],
    [liveConfigKey, JSON.stringify(live)],
    [waitLengthsKey, JSON.stringify(every.flatMap((it) => it.waitLengths))],
  ]),
  secrets: {
    identity: testKeys.identity,
    links: JSON.stringify(testKeys.links),
    'api-keys': JSON.stringify(testKeys.api),
    outside: JSON.stringify(testKeys.outside),
  },
});
