import type { ScheduleRequest } from '#adapters/aws/timers';
import { type LogLine, logTo } from '#adapters/memory/logs';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import type { LiveConfig } from '#core/config';
import type { SesEvent } from '#core/events';
import { type HandlerName, handlerNames } from '#core/handlers';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { receivedMailPrefix } from '#core/object-keys';
import type { Ports } from '#core/ports';
import { queueSettings } from '#core/queues';
import type { CompiledSequence } from '#core/sequences/model';
import { type Action, createActions } from './actions.ts';
import { createAgenda, createTicks } from './agenda.ts';
import type { Between } from './between.ts';
import { virtualClock } from './clock.ts';
import { openDeployed } from './deployed.ts';
import { handlerPorts } from './handler-ports.ts';
import { openJournal } from './journal.ts';
import { createMeter, invoked, logged, measured, meteredTable, unitsOfMachineWrite } from './meter.ts';
import { createQueues, type Message } from './queues.ts';
import { localSignedFetch } from './sdk/objects.ts';
import { createMailService, type Fate, type Fault, type StoredMail } from './ses/mail-service.ts';
import { toldEvents } from './ses/told-events.ts';
import { bucketName } from './settings.ts';
import { type Services, sharedPorts, storedIn } from './shared-ports.ts';
import type { PartOfMore } from './simulate/part-of-more.ts';
import { createStatesRunner } from './states/runner.ts';
import { openStorage } from './storage.ts';
import { createTimers, type PendingTimer } from './timers.ts';
import { machines, note, type OnWireCall, onBehalfOf, scheduler, watchWire } from './wire.ts';
import { deployMachines, feedFromQueues, httpApi, localTicks, machineFunctions, type PortsFor } from './wiring.ts';
import { tellingOfWrites } from './write-watch.ts';

export type WorldOptions = {
  /** `embedded`: real SDK clients on local services; `memory`: the same handlers on Maps. */
  readonly stack: 'embedded' | 'memory';
  /** `direct`: without the SDK's clients in between, for many leads. */
  readonly clients?: 'direct' | undefined;
  /** These leads are a part of a larger population. */
  readonly partOfMore?: PartOfMore;
  /** Instead of numbers in order: of a mail that goes for this send, whoever else gets mail. */
  readonly messageIdOf?: (tags: StoredMail['tags'], order: number) => string;
  readonly compiled: readonly CompiledSequence[];
  readonly live: LiveConfig;
  readonly startAt: Instant;
  readonly seed: string;
  /** Where everything is kept over a restart; without it, in memory. */
  readonly folder?: string;
  readonly fate?: Fate;
  /** As in stage `prod`: no mail goes before suppressions were brought over. */
  readonly isProduction?: boolean;
  /** What the console reads is kept as well, as where one is deployed. */
  readonly hasConsole?: boolean;
  /** Somebody tells the console's counts of changes: the recount then reads when they know of it. */
  readonly hasStream?: boolean;
  /** As in a stage with an allow-list. */
  readonly allowedRecipients?: readonly string[];
  /** For tests: how the n-th call to SES fails. */
  readonly mailFaults?: (call: number) => Fault;
  /** What a lead will do about a mail that reached SES. May be asked again after a crash: same answer, same ids. */
  readonly reactTo?: (event: SesEvent, mail: StoredMail) => readonly Action[];
  /** Virtual time runs thousands of times faster than the clock: recurring work may come that much more rarely. */
  readonly ticksSlowedBy?: () => number;
  /** Events wait for others to come along, as on AWS: what a run costs is then what it would cost there. */
  readonly hasBatchWindows?: boolean;
  /** Instead of the embedded runtime's own; it decides which arms a lead falls into. */
  readonly identityKey?: string;
  /** How other systems answer webhooks; absent: with nothing. */
  readonly answerWebhook?: Services['answerWebhook'];
  /** Told of what would be posted in the team's chat. */
  readonly onTold?: Services['onTold'];
  readonly onHandoffEvent?: Services['onHandoffEvent'];
  /** What sales will do because of a brief. */
  readonly onBrief?: (mail: Omit<StoredMail, 'due'>) => readonly Action[];
  readonly onImport?: (action: Action) => Promise<void>;
  /** Told of every lead that is stored or changed, by whatever way it came. */
  readonly onLead?: (lead: Pick<Lead, 'leadId' | 'email' | 'fields'>) => void;
  /** Told of the partition of every row that is written, once it is. */
  readonly onWrite?: (pk: string) => void;
  readonly log?: (line: LogLine) => void;
  /** Embedded only: every call to AWS, and on whose behalf. */
  readonly onWireCall?: OnWireCall;
  /** Fault injection. */
  readonly between?: Between;
};

/** The composition root of the embedded runtime: every handler, machine, queue and mail of Baton on one machine and one clock. */
export const createWorld = async (options: WorldOptions) => {
  const { compiled, live, seed, between } = options;
  if (options.onWireCall) watchWire();
  const journal = openJournal(options.folder && `${options.folder}/journal`);
  const clock = virtualClock(options.startAt, journal.map<Instant>('clock'));
  const meter = createMeter(between?.invocation);
  const called = (operation: string) => {
    meter.calls[operation] = (meter.calls[operation] ?? 0) + 1;
  };
  const queues = createQueues({
    clock,
    messages: journal.map<Message>('queues'),
    queues: queueSettings,
    hasBatchWindows: options.hasBatchWindows ?? false,
    trouble: between?.queues,
  });
  const told = toldEvents();
  const mail = createMailService({
    clock,
    inbox: journal.map<StoredMail>('inbox'),
    due: journal.map('mail-due'),
    ...(options.mailFaults && { faults: options.mailFaults }),
    ...(options.messageIdOf && { messageIdOf: options.messageIdOf }),
    fate: (it) => {
      for (const action of it.tags.kind === 'sales-task' ? (options.onBrief?.(it) ?? []) : []) actions.plan(action);
      return it.tags.lead === undefined ? [] : (options.fate?.(it) ?? []);
    },
    emit: async (event, message, about) => {
      for (const action of options.reactTo?.(event, about) ?? []) actions.plan(action);
      if (between) {
        for (const it of between.bus(event)) queues.sendMessage('events', JSON.stringify(it));
        return;
      }
      told.keep(message, event);
      queues.sendMessage('events', message);
    },
  });
  const functions: Record<string, (payload: unknown) => Promise<unknown>> = {};
  const deployed = openDeployed(journal, compiled, live);
  const rows = await openStorage(options);
  const storage = tellingOfWrites(between ? between.storage(rows) : rows, options.onWrite);
  const runner = createStatesRunner({
    clock,
    executions: journal.map('executions'),
    definitions: journal.map('definitions'),
    published: journal.map('published-versions'),
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
        const send = () => queues.sendMessage(String(input.QueueUrl), String(input.MessageBody));
        return between ? between.machineSends(send) : send();
      }),
    updateItem: (input) => {
      meter.writeUnits += unitsOfMachineWrite(input);
      return onBehalfOf(machines, () => storage.updateItem(input));
    },
  });
  const answer = (taskToken: string, output: string) =>
    onBehalfOf(scheduler, async () => {
      note(options.onWireCall, { service: 'states', operation: 'SendTaskSuccess', input: { taskToken, output } });
      runner.sendTaskSuccess(taskToken, output);
    });
  const timers = createTimers({ clock, pending: journal.map<PendingTimer>('timers'), answer, trouble: between?.timers });
  const table = meteredTable(storage.table, meter);
  const received = new Map<string, Uint8Array>();
  const metrics = memoryMetrics((names) => measured(meter, names));
  const bare = sharedPorts({
    clock: between ? between.clock(clock) : clock,
    table,
    mail,
    queues,
    runner,
    timers,
    live,
    artifacts: deployed.artifacts,
    log: logTo((line) => {
      logged(meter, line);
      options.log?.(line);
    }),
    metrics,
    received,
    onCall: called,
    onWireCall: options.onWireCall,
    isProduction: options.isProduction ?? false,
    hasConsole: options.hasConsole ?? false,
    hasStream: options.hasStream ?? false,
    allowedRecipients: options.allowedRecipients,
    clients: options.clients,
    partOfMore: options.partOfMore,
    ...(options.identityKey !== undefined && { identityKey: options.identityKey }),
    answerWebhook: options.answerWebhook,
    onTold: options.onTold,
    onHandoffEvent: options.onHandoffEvent,
  });
  const ports = between ? between.ports(bare) : bare;
  const stored = {
    objects: new Map<string, string>(),
    secrets: storedIn(deployed.artifacts, live).secrets,
    received,
    onEvent: options.onHandoffEvent,
    onSchedule: (request: ScheduleRequest) => {
      called('CreateSchedule');
      return timers.create(request);
    },
  };
  const fetch = options.stack === 'embedded' ? localSignedFetch(stored, options.onWireCall) : undefined;
  const upload = () => {
    for (const [key, text] of storedIn(deployed.artifacts, live).objects) stored.objects.set(key, text);
  };
  deployMachines(runner, compiled);
  upload();
  const own = fetch && { fetch, bucket: bucketName, table };
  const { upsert } = ports.leads;
  ports.leads.upsert = async (lead, now) => {
    options.onLead?.(lead);
    return upsert(lead, now);
  };
  const given = new Map<HandlerName, Ports>();
  for (const name of handlerNames) given.set(name, await onBehalfOf(name, () => handlerPorts(name, ports, own)));
  const portsFor: PortsFor = (name) => given.get(name) ?? ports;
  Object.assign(functions, machineFunctions(portsFor));
  feedFromQueues(queues, portsFor, meter, metrics, told);
  const app = httpApi(portsFor, meter);
  const receive = (messageId: string, raw: string | Uint8Array): void => {
    const key = `${receivedMailPrefix}${messageId}`;
    received.set(key, typeof raw === 'string' ? new TextEncoder().encode(raw) : raw);
    queues.sendMessage('replies', JSON.stringify({ key, at: clock.now() }));
  };
  const act = async (action: Action): Promise<void> => {
    switch (action.do) {
      case 'press': {
        const body = action.form && new URLSearchParams(action.form);
        const response = await app.request(new URL(action.url ?? '').pathname, { method: 'POST', ...(body && { body }) });
        if (response.status >= 500) throw new Error('the page failed');
        return;
      }
      case 'own-event': {
        const { id, at, leadId, name = '', path } = action;
        const event = { source: 'own' as const, eventId: id, name, at, leadId, ...(path !== undefined && { path }) };
        return ports.eventQueue.push(event);
      }
      case 'import':
        return options.onImport?.(action);
      case 'reply':
        return receive(action.id, rawReply(action, clock.now()));
    }
  };
  const actions = createActions(journal.map<Action>('actions'), act);
  const recurring = createTicks(journal.map('ticks'), clock, localTicks(portsFor, meter, metrics, options.ticksSlowedBy ?? (() => 1)));
  const sources = [
    timers.source,
    { name: 'machines', peek: runner.peek, runNext: runner.runNext },
    queues.source,
    mail.source,
    actions,
    recurring,
  ];
  const agenda = createAgenda(clock, sources);

  return {
    clock,
    ports,
    /** As one function has them. */
    portsFor,
    runner,
    queues,
    /** All rows, to look at. */
    table: rows.table,
    /** Who has work to do when; `runUntil` does it one piece after the other. */
    sources,
    mail,
    actions,
    app,
    meter,
    /** As CloudWatch would show them. */
    metrics,
    journal,
    /** A mail comes in, as SES keeps it and tells of it. Kept for as long as this runs. */
    receive,
    /** Deploys other versions, as `cdk deploy` would: whoever is on an older one stays on it. */
    deploy: (next: readonly CompiledSequence[]): void => {
      deployed.replace(next);
      deployMachines(runner, next);
      upload();
    },
    runUntil: agenda.runUntil,
    nextAt: agenda.nextAt,
    /** Ticks are slowed no longer. */
    catchUpTicks: recurring.catchUp,
    stop: async () => {
      await storage.stop();
      journal.close();
    },
  };
};

/** A plain mail that answers another. */
const rawReply = ({ id, reply }: Action, now: Instant): string =>
  [
    `From: ${reply?.from}`,
    `To: ${reply?.to}`,
    `Subject: ${reply?.subject}`,
    `Message-ID: <${id.replaceAll(/[^\w.-]/g, '-')}@people.example>`,
    `Date: ${new Date(now).toUTCString()}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    reply?.text,
  ].join('\r\n');

export type World = Awaited<ReturnType<typeof createWorld>>;
