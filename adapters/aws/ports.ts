import { S3Client } from '@aws-sdk/client-s3';
import { createIds } from '#adapters/crypto/ids';
import { createLinks, type LinkKeys } from '#adapters/crypto/links';
import { liquidTemplates } from '#adapters/email/liquid';
import { stores } from '#adapters/stores/stores';
import { toInstant } from '#core/instant';
import type { Ports } from '#core/ports';
import { s3Artifacts, s3Config } from './artifacts.ts';
import { createClients } from './clients.ts';
import { dynamoTable } from './dynamo-table.ts';
import { readEnvironment } from './env.ts';
import { lambdaLog } from './log.ts';
import { sfnMachines } from './machines.ts';
import { sesMail } from './mail.ts';
import { sqsQueues } from './queues.ts';
import { sfnTokens } from './tokens.ts';

/** Makes each port when a handler first takes it: a function needs only the environment of the ports that it uses. */
export const awsPorts = (): Ports => {
  const clients = createClients();
  const clock = { now: () => toInstant(Date.now()) };
  const bucket = once(() => ({ s3: new S3Client({}), name: readEnvironment('ARTIFACT_BUCKET').ARTIFACT_BUCKET }));
  const artifacts = once(() => s3Artifacts(bucket().s3, bucket().name, clock));
  const table = once(() =>
    stores(dynamoTable(clients.dynamo, readEnvironment('TABLE_NAME').TABLE_NAME), async () =>
      (await artifacts().current()).flatMap((it) => it.waitLengths),
    ),
  );
  const queue = (name: 'enrolQueue' | 'wakeQueue' | 'eventQueue' | 'salesQueue', variable: QueueVariable) => () => {
    const url = readEnvironment(variable)[variable];
    return sqsQueues(clients.sqs, { enrol: url, wake: url, events: url, salesTasks: url })[name];
  };
  const makers: { [name in keyof Ports]: () => Ports[name] } = {
    clock: () => clock,
    ids: () => createIds(readEnvironment('IDENTITY_KEY').IDENTITY_KEY),
    leads: () => table().leads,
    enrolments: () => table().enrolments,
    sends: () => table().sends,
    events: () => table().events,
    scores: () => table().scores,
    decisions: () => table().decisions,
    suppressions: () => table().suppressions,
    salesTasks: () => table().salesTasks,
    artifacts,
    config: () => s3Config(bucket().s3, bucket().name, clock),
    mail: () => sesMail(clients.ses, readEnvironment('CONFIGURATION_SET').CONFIGURATION_SET),
    templates: liquidTemplates,
    links: () => createLinks(JSON.parse(readEnvironment('LINK_KEYS').LINK_KEYS) as LinkKeys),
    enrolQueue: queue('enrolQueue', 'ENROL_QUEUE_URL') as () => Ports['enrolQueue'],
    wakeQueue: queue('wakeQueue', 'WAKE_QUEUE_URL') as () => Ports['wakeQueue'],
    eventQueue: queue('eventQueue', 'EVENT_QUEUE_URL') as () => Ports['eventQueue'],
    salesQueue: queue('salesQueue', 'SALES_QUEUE_URL') as () => Ports['salesQueue'],
    machines: () => {
      const { SEQUENCE_MACHINE_ARN_PREFIX: prefix, HANDOFF_MACHINE_ARN: handoff } = readEnvironment(
        'SEQUENCE_MACHINE_ARN_PREFIX',
        'HANDOFF_MACHINE_ARN',
      );
      return sfnMachines(clients.sfn, { sequence: (id) => `${prefix}${id}`, handoff });
    },
    tokens: () => sfnTokens(clients.sfn),
    log: lambdaLog,
  };
  const ports = {};
  for (const [name, make] of Object.entries(makers)) {
    Object.defineProperty(ports, name, { get: once(make as () => unknown), enumerable: true });
  }
  return ports as Ports;
};

type QueueVariable = 'ENROL_QUEUE_URL' | 'WAKE_QUEUE_URL' | 'EVENT_QUEUE_URL' | 'SALES_QUEUE_URL';

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
