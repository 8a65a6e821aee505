import { documents, dynamoClient, sesClient, sfnClient, sqsClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { sfnMachines } from '#adapters/aws/machines';
import { sesMail } from '#adapters/aws/mail';
import { sqsQueue } from '#adapters/aws/queues';
import { sfnTokens } from '#adapters/aws/tokens';
import { ensureTable, updateItemWith } from '#adapters/aws/update-item';
import { createApiKeys } from '#adapters/crypto/api-keys';
import { createIds } from '#adapters/crypto/ids';
import { createLinks } from '#adapters/crypto/links';
import { liquidTemplates } from '#adapters/email/liquid';
import { type LogLine, logTo } from '#adapters/memory/logs';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryTable } from '#adapters/memory/memory-table';
import { updateItemOn } from '#adapters/memory/update-item';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import { LeadEvent, type SesEvent } from '#core/events';
import { type HandlerName, handlerNames, ticks } from '#core/handlers';
import { handoffMachine } from '#core/handoff-machine';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { EnrolMessage, SendMessage, WakeMessage } from '#core/messages';
import { artifactKey, currentKey, liveConfigKey } from '#core/object-keys';
import type { Ports } from '#core/ports';
import { type QueueName, queueSettings } from '#core/queues';
import type { Artifact, CompiledSequence } from '#core/sequences/model';
import type { Table } from '#core/table';
import { ingest } from '#lambdas/api/ingest';
import { pages } from '#lambdas/api/pages';
import { processEvent } from '#lambdas/events/process-events';
import { wake } from '#lambdas/events/wake';
import { consume, guarded } from '#lambdas/runtime';
import { confirmHandoff } from '#lambdas/sales/confirm-handoff';
import { notifySales } from '#lambdas/sales/notify-sales';
import { enrol } from '#lambdas/steps/enrol';
import { evaluateBranch } from '#lambdas/steps/evaluate-branch';
import { planStep } from '#lambdas/steps/plan-step';
import { sendEmail } from '#lambdas/steps/send-email';
import { reconcileSends } from '#lambdas/ticks/reconcile-sends';
import { watchdog } from '#lambdas/ticks/watchdog';
import { type Action, createActions } from './actions.ts';
import { createAgenda, createTicks } from './agenda.ts';
import { virtualClock } from './clock.ts';
import { startDynamo } from './dynamo.ts';
import { handlerPorts } from './handler-ports.ts';
import { openJournal } from './journal.ts';
import { createMeter, invoked, meteredTable, unitsOfMachineWrite } from './meter.ts';
import { createQueues, type Message } from './queues.ts';
import { sesHandler, sqsHandler, statesHandler } from './sdk/handlers.ts';
import { localSignedFetch, type Stored } from './sdk/objects.ts';
import { createMailService, type Fate, type Fault, type StoredMail } from './ses/mail-service.ts';
import { bucketName, configurationSet, tableName, testKeys } from './settings.ts';
import { createStatesRunner } from './states/runner.ts';
import { machines, note, type OnWireCall, onBehalfOf, type WireCall, watch } from './wire.ts';
import { tellingOfWrites } from './write-watch.ts';

export type WorldOptions = {
  /** `embedded`: real SDK clients on local services; `memory`: the same handlers on Maps. */
  readonly stack: 'embedded' | 'memory';
  readonly compiled: readonly CompiledSequence[];
  readonly live: LiveConfig;
  readonly startAt: Instant;
  readonly seed: string;
  /** Where everything is kept over a restart; without it, in memory. */
  readonly folder?: string;
  readonly fate?: Fate;
  /** For tests: how the n-th call to SES fails. */
  readonly mailFaults?: (call: number) => Fault;
  /** What a lead will do about a mail that reached SES. May be asked again after a crash: same answer, same ids. */
  readonly reactTo?: (event: SesEvent, mail: StoredMail) => readonly Action[];
  /** Virtual time runs thousands of times faster than the clock: recurring work may come that much more rarely. */
  readonly ticksSlowedBy?: () => number;
  /** Events wait for others to come along, as on AWS: what a run costs is then what it would cost there. */
  readonly hasBatchWindows?: boolean;
  readonly onImport?: (action: Action) => Promise<void>;
  /** Told of every lead that is stored or changed, by whatever way it came. */
  readonly onLead?: (lead: Pick<Lead, 'leadId' | 'email' | 'fields'>) => void;
  /** Told of the partition of every row that is written, once it is. */
  readonly onWrite?: (pk: string) => void;
  readonly log?: (line: LogLine) => void;
  /** Embedded only: every call to AWS, and on whose behalf. */
  readonly onWireCall?: OnWireCall;
};

/** The composition root of the embedded runtime: every handler, machine, queue and mail of Baton on one machine and one clock. */
export const createWorld = async (options: WorldOptions) => {
  const { compiled, live, seed } = options;
  const journal = openJournal(options.folder && `${options.folder}/journal`);
  const clock = virtualClock(options.startAt, journal.map<Instant>('clock'));
  const meter = createMeter();
  const called = (operation: string) => {
    meter.calls[operation] = (meter.calls[operation] ?? 0) + 1;
  };
  const queues = createQueues({
    clock,
    messages: journal.map<Message>('queues'),
    queues: queueSettings,
    hasBatchWindows: options.hasBatchWindows ?? false,
  });
  const mail = createMailService({
    clock,
    inbox: journal.map<StoredMail>('inbox'),
    due: journal.map('mail-due'),
    ...(options.mailFaults && { faults: options.mailFaults }),
    fate: (it) => (it.tags.lead === undefined ? [] : (options.fate?.(it) ?? [])),
    emit: async (event) => {
      const stored = mailById(event.messageId);
      for (const action of (stored && options.reactTo?.(event, stored)) ?? []) actions.plan(action);
      queues.sendMessage('events', JSON.stringify(event));
    },
  });
  const inbox = new Map<string, StoredMail>();
  const mailById = (messageId: string): StoredMail | undefined => {
    if (!inbox.has(messageId)) for (const it of mail.mails()) inbox.set(it.messageId, it);
    return inbox.get(messageId);
  };
  const functions: Record<string, (payload: unknown) => Promise<unknown>> = {};
  const artifacts = compiled.map((it) => it.artifact);
  // A restart may bring newer versions, while leads are still on the older ones.
  const versions = journal.map<Artifact>('artifacts');
  for (const it of artifacts) if (!versions.get(`${it.sequence}@${it.version}`)) versions.set(`${it.sequence}@${it.version}`, it);
  const every = [...versions.entries()].map(([, it]) => it);
  const storage = tellingOfWrites(await openStorage(options), options.onWrite);
  const runner = createStatesRunner({
    clock,
    executions: journal.map('executions'),
    definitions: journal.map('definitions'),
    seed,
    invoke: (name, payload) => {
      const call = functions[name];
      if (!call) throw new Error(`there is no function ${name}`);
      options.onWireCall?.({ by: machines, service: 'lambda', operation: 'Invoke', input: { FunctionName: name } });
      return invoked(meter, name, () => call(payload));
    },
    sendMessage: (input) =>
      onBehalfOf(machines, async () => {
        note(options.onWireCall, { service: 'sqs', operation: 'SendMessage', input });
        return queues.sendMessage(String(input.QueueUrl), String(input.MessageBody));
      }),
    updateItem: (input) => {
      meter.writeUnits += unitsOfMachineWrite(input);
      return onBehalfOf(machines, () => storage.updateItem(input));
    },
  });
  const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const watched = <Client>(service: WireCall['service'], client: Client) => watch(client, service, options.onWireCall);
  const ses = watched('ses', sesClient({ ...local, endpoint: 'http://email.local', requestHandler: sesHandler(mail, called) as never }));
  const sqs = watched('sqs', sqsClient({ ...local, endpoint: 'http://sqs.local', requestHandler: sqsHandler(queues, called) as never }));
  const sfn = watched(
    'states',
    sfnClient({ ...local, endpoint: 'http://states.local', requestHandler: statesHandler(runner, called) as never }),
  );
  const queueAt = (name: QueueName) => sqsQueue(sqs, `http://sqs.local/000000000000/${name}`);
  const table = meteredTable(storage.table, meter);
  const ports: Ports = {
    ...stores(table, async () => every.flatMap((it) => it.waitLengths)),
    enrolQueue: queueAt('enrol'),
    wakeQueue: queueAt('wake'),
    eventQueue: queueAt('events'),
    salesQueue: queueAt('sales-tasks'),
    clock,
    ids: createIds(testKeys.identity),
    artifacts: memoryArtifacts(every, artifacts),
    config: memoryConfig(live),
    mail: sesMail(ses, configurationSet),
    templates: liquidTemplates(),
    links: createLinks(testKeys.links),
    apiKeys: createApiKeys(testKeys.api),
    machines: sfnMachines(sfn, { sequence: (id) => id, handoff: 'handoff' }),
    tokens: sfnTokens(sfn),
    log: logTo(options.log ?? (() => undefined)),
  };

  const fetch = options.stack === 'embedded' ? localSignedFetch(storedIn(every, artifacts, live), options.onWireCall) : undefined;
  const own = fetch && { fetch, bucket: bucketName, table };
  const { upsert } = ports.leads;
  ports.leads.upsert = async (lead, now) => {
    options.onLead?.(lead);
    return upsert(lead, now);
  };
  const given = new Map<HandlerName, Ports>();
  for (const name of handlerNames) given.set(name, await onBehalfOf(name, () => handlerPorts(name, ports, own)));
  const portsFor = (name: HandlerName): Ports => given.get(name) ?? ports;
  Object.assign(functions, {
    'plan-step': guarded(planStep(portsFor('plan-step')), ports.log),
    'evaluate-branch': guarded(evaluateBranch(portsFor('evaluate-branch')), ports.log),
    'confirm-handoff': guarded(confirmHandoff(portsFor('confirm-handoff')), ports.log),
    'notify-sales': guarded(notifySales(portsFor('notify-sales')), ports.log),
  });
  for (const { artifact, asl } of compiled) {
    runner.deploy(artifact.sequence, asl, {
      TableName: tableName,
      SendQueueUrl: 'send',
      PlanStepArn: 'plan-step',
      EvaluateBranchArn: 'evaluate-branch',
    });
  }
  runner.deploy('handoff', handoffMachine(), {
    TableName: tableName,
    ConfirmHandoffArn: 'confirm-handoff',
    NotifySalesArn: 'notify-sales',
  });

  const consumers = {
    send: consume(SendMessage, sendEmail(portsFor('send-email')), ports.log),
    enrol: consume(EnrolMessage, enrol(portsFor('enrol')), ports.log),
    wake: consume(WakeMessage, wake(portsFor('wake')), ports.log),
    events: consume(LeadEvent, processEvent(portsFor('process-events')), ports.log),
  };
  for (const [queue, consumer] of Object.entries(consumers)) {
    queues.consume(queue, (event) => invoked(meter, consumerNames[queue] ?? queue, () => consumer(event)));
  }

  const routes = { pages: pages(portsFor('pages')), ingest: ingest(portsFor('ingest')) };
  /** Requests as the HTTP API routes them; whatever no route takes is answered by the pages. */
  const app = {
    request: (path: string, init?: RequestInit): Promise<Response> => {
      const name = path === '/leads' || path === '/events' ? 'ingest' : 'pages';
      return invoked(meter, name, async () => routes[name].request(path, init));
    },
  };
  const act = async (action: Action): Promise<void> => {
    switch (action.do) {
      case 'unsubscribe': {
        const response = await app.request(new URL(action.url ?? '').pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
        if (response.status >= 500) throw new Error('the unsubscribe page failed');
        return;
      }
      case 'own-event': {
        const { id, at, leadId, name = '', path } = action;
        const event = { source: 'own' as const, eventId: id, name, at, leadId, ...(path !== undefined && { path }) };
        return ports.eventQueue.push(event);
      }
      case 'import':
        return options.onImport?.(action);
    }
  };
  const actions = createActions(journal.map<Action>('actions'), act);
  const recurring = createTicks(
    journal.map('ticks'),
    clock,
    ticks.map(({ name, everySeconds }) => ({
      name,
      everySeconds: () => everySeconds * (options.ticksSlowedBy?.() ?? 1),
      run: () => invoked(meter, name, tickHandlers[name](portsFor(name))),
    })),
  );
  const agenda = createAgenda(clock, [
    { name: 'machines', peek: runner.peek, runNext: runner.runNext },
    queues.source,
    mail.source,
    actions,
    recurring,
  ]);

  return {
    clock,
    ports,
    runner,
    queues,
    mail,
    actions,
    app,
    meter,
    journal,
    runUntil: agenda.runUntil,
    nextAt: agenda.nextAt,
    stop: async () => {
      await storage.stop();
      journal.close();
    },
  };
};

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The handler of each tick. */
const tickHandlers = { 'reconcile-sends': reconcileSends, watchdog };

/** The handler behind each queue. */
const consumerNames: { readonly [queue: string]: string } = { send: 'send-email', enrol: 'enrol', wake: 'wake', events: 'process-events' };

type Storage = {
  readonly table: Table;
  readonly updateItem: (request: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
};

/** What a deployment puts into the bucket and the secrets (lib/objects.ts). */
const storedIn = (every: readonly Artifact[], current: readonly Artifact[], live: LiveConfig): Stored => ({
  objects: new Map([
    ...every.map((it) => [artifactKey(it.sequence, it.version), JSON.stringify(it)] as const),
    [currentKey, JSON.stringify(current.map(({ sequence, version }) => ({ sequence, version })))],
    [liveConfigKey, JSON.stringify(live)],
  ]),
  secrets: { identity: testKeys.identity, links: JSON.stringify(testKeys.links), 'api-keys': JSON.stringify(testKeys.api) },
});

const openStorage = async ({ stack, folder, onWireCall }: WorldOptions): Promise<Storage> => {
  if (stack === 'memory') {
    const table = memoryTable();
    return { table, updateItem: updateItemOn(table), stop: async () => undefined };
  }
  const dynamo = await startDynamo(folder && `${folder}/dynamo`);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = watch(dynamoClient({ region: 'us-east-1', endpoint: dynamo.endpoint, credentials }), 'dynamodb', onWireCall);
  await ensureTable(client, tableName);
  return {
    table: dynamoTable(documents(client), tableName),
    updateItem: updateItemWith(client),
    stop: async () => {
      client.destroy();
      await dynamo.stop();
    },
  };
};
