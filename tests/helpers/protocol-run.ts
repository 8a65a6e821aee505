import { createApiKeys } from '#adapters/crypto/api-keys';
import { createIds } from '#adapters/crypto/ids';
import { createLinks } from '#adapters/crypto/links';
import { liquidTemplates } from '#adapters/email/liquid';
import { silentLog } from '#adapters/memory/logs';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryDrops } from '#adapters/memory/memory-drops';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import { type AnswerWebhook, memorySalesEvents, memoryTeamChat, memoryWebhooks } from '#adapters/memory/memory-outside';
import { memoryTable } from '#adapters/memory/memory-table';
import { nobodyAtTheConsole } from '#adapters/memory/nobody-at-the-console';
import { updateItemOn } from '#adapters/memory/update-item';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import { permissionFor } from '#core/consent';
import { QueuedEvent } from '#core/events';
import { handoffMachine } from '#core/handoff-machine';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { EnrolMessage, SendMessage, WakeMessage } from '#core/messages';
import { resumeOf } from '#core/next-leg';
import type { ExecutionState, LinkPurpose, Ports } from '#core/ports';
import type { SendRecord } from '#core/sending';
import type { CompiledSequence, LawfulBasis } from '#core/sequences/model';
import { importLeads } from '#lambdas/api/import-leads';
import { pages } from '#lambdas/api/pages';
import { processEvent } from '#lambdas/events/process-events';
import { wake } from '#lambdas/events/wake';
import { beginNextLeg } from '#lambdas/legs/begin-next-leg';
import { resumePaused } from '#lambdas/resume-paused';
import { assignTask } from '#lambdas/sales/assign-task';
import { checkTask } from '#lambdas/sales/check-task';
import { confirmHandoff } from '#lambdas/sales/confirm-handoff';
import { notifySales } from '#lambdas/sales/notify-sales';
import { returnLead } from '#lambdas/sales/return-lead';
import { actOnLead } from '#lambdas/steps/act-on-lead';
import { callWebhook } from '#lambdas/steps/call-webhook';
import { enrol } from '#lambdas/steps/enrol';
import { evaluateBranch } from '#lambdas/steps/evaluate-branch';
import { planStep } from '#lambdas/steps/plan-step';
import { sendEmail } from '#lambdas/steps/send-email';
import { reconcileSends } from '#lambdas/ticks/reconcile-sends';
import { watchdog } from '#lambdas/ticks/watchdog';
import { memoryMap } from '#local/durable-map';
import { createGate, randomOf } from '#local/prove/gate';
import { createStatesRunner } from '#local/states/runner';
import { createChaosMail, createChaosQueues, type Delivery, throughGate } from './chaos.ts';
import { createChaosTimers } from './chaos-timers.ts';

export type Happening =
  /** Of the sequence under test, or of one deployed beside it. */
  | { readonly at: Instant; readonly do: 'trigger'; readonly trigger: string; readonly sequence?: string }
  | { readonly at: Instant; readonly do: 'event'; readonly event: QueuedEvent }
  | { readonly at: Instant; readonly do: 'unsubscribe' }
  /** Somebody presses a button on a page; as often as it takes. */
  | { readonly at: Instant; readonly do: 'press'; readonly on: LinkPurpose; readonly body: string }
  /** A list, or a form behind the API, says this of the lead. */
  | { readonly at: Instant; readonly do: 'import'; readonly cells: Readonly<Record<string, string>> }
  | { readonly at: Instant; readonly do: 'pause' | 'resume' }
  /** Somebody gives the run to its next leg: where it is, or at this step. */
  | { readonly at: Instant; readonly do: 'next-leg'; readonly startAt?: string }
  | { readonly at: Instant; readonly do: 'late-sender' };

export type ProtocolRun = {
  readonly seed: number;
  readonly compiled: CompiledSequence;
  /** Deployed beside it. */
  readonly others?: readonly CompiledSequence[];
  /** What the lead agreed to at first; once, when it is not said. */
  readonly consents?: Lead['consents'];
  readonly live: LiveConfig;
  readonly start: Instant;
  readonly happenings: readonly Happening[];
  readonly crashes: number;
  readonly crashRate: number;
  readonly mailTrouble: number;
  /** How likely a timer is to come late, early, twice or never; half, when it is not said. */
  readonly timerTrouble?: number;
  /** How other systems answer; absent: with nothing. */
  readonly answerWebhook?: AnswerWebhook;
  /** No process takes its time: what happens at one moment happens in it. */
  readonly isSwift?: boolean;
  /** Told of every claim as it became durable, with the ports past the gate. */
  readonly onClaim?: (record: SendRecord, ports: Ports, now: Instant) => Promise<void>;
};

const email = 'kim@example.com';
const visibilitySeconds = 180;
const tickSeconds = 1800;

/** Facts in the order in which they became durable; `order` counts every effect of the run. */
export type Trace = {
  /** Accepted by the mail service, by `<enrolment>/<step>/<round>`, with the order of the claim behind it. */
  readonly accepted: {
    readonly key: string;
    readonly sequence: string;
    readonly claimedAt: number;
    readonly acceptedAt: number;
    readonly at: Instant;
  }[];
  /** Stops and losses of consent: when they became durable. */
  readonly stops: { readonly order: number; readonly at: Instant; readonly what: string }[];
  /** By lawful basis, whenever it changed: might mail go by what was durable from that effect on? */
  readonly permissions: { readonly order: number; readonly basis: LawfulBasis; readonly may: boolean }[];
  /** When the sequence was paused and resumed. */
  readonly pauses: { readonly order: number; readonly is: 'paused' | 'resumed' }[];
  /** When a leg was begun by command. */
  readonly legs: number[];
};

/** Drives real handlers, stores, the compiled machine and the runner through one random schedule, until nothing is left to do. */
export const runProtocol = async (run: ProtocolRun) => {
  const random = randomOf(run.seed);
  let now = run.start;
  let order = 0;
  const clock = { now: () => now };
  const crashes = { left: run.crashes, rate: run.crashRate };
  const gate = createGate(random, crashes);
  const queues = createChaosQueues(random, clock.now, visibilitySeconds);
  const timers = createChaosTimers(random, clock.now, run.timerTrouble ?? 0.5);
  const trace: Trace = { accepted: [], stops: [], permissions: [], pauses: [], legs: [] };
  const claims = new Map<string, number>();

  const table = memoryTable();
  const { artifact } = run.compiled;
  const deployed = [run.compiled, ...(run.others ?? [])];
  const artifacts = deployed.map((it) => it.artifact);
  const ids = createIds('an identity key for tests only, 32+ characters');
  const leadId = ids.leadId(email);
  const mail = createChaosMail(
    random,
    (outgoing, messageId) => {
      const { enrolment, step, round, sequence = '' } = outgoing.tags;
      if (enrolment === undefined) return;
      const key = `${enrolment}/${step}/${round}`;
      trace.accepted.push({ key, sequence, claimedAt: claims.get(key) ?? -1, acceptedAt: order, at: now });
      const event = {
        source: 'ses',
        eventId: `delivered-${messageId}`,
        kind: 'delivered',
        at: now,
        messageId,
        leadId,
        sequence,
        enrolmentId: enrolment,
        step,
        round,
      };
      if (random() < 0.8) queues.push('events', event);
    },
    run.mailTrouble,
  );

  const updateItem = updateItemOn(table);
  /** A crash inside a service shows to Step Functions as that service's own error, which machines retry. */
  const asService = async (name: string, effect: () => Promise<Record<string, unknown>> | Record<string, unknown>) => {
    try {
      return await gate.pass(effect);
    } catch (error) {
      throw (error as Error).name === 'Crash' ? Object.assign(new Error('service error'), { name }) : error;
    }
  };

  const runner = createStatesRunner({
    clock,
    executions: memoryMap(),
    seed: String(run.seed),
    invoke: (name, payload) => invoke(name, payload),
    sendMessage: (request) =>
      asService('AmazonSQSException', () => {
        queues.push('send', JSON.parse(String(request.MessageBody)));
        return { MessageId: 'm' };
      }),
    updateItem: (request) => asService('InternalServerErrorException', () => updateItem(request)),
  });

  const bare: Ports = {
    ...stores(table, async () => artifacts.flatMap((it) => it.waitLengths)),
    ...nobodyAtTheConsole(),
    clock,
    ids,
    artifacts: memoryArtifacts(artifacts),
    config: memoryConfig(run.live),
    mail,
    templates: liquidTemplates(),
    webhooks: memoryWebhooks(run.answerWebhook),
    teamChat: memoryTeamChat(),
    salesEvents: memorySalesEvents(),
    apiKeys: createApiKeys({}),
    replyMail: { read: async () => undefined, remove: async () => undefined },
    links: createLinks({ current: 'k1', k1: 'a link key for tests only, 32+ characters' }, { now: () => now }),
    enrolQueue: { push: async (message) => queues.push('enrol', message) },
    wakeQueue: { push: async (message) => queues.push('wake', message) },
    eventQueue: { push: async (message) => queues.push('events', message) },
    answerQueue: { push: async (message) => queues.push('answers', message) },
    salesQueue: { push: async (message) => queues.push('sales', message) },
    importQueue: { push: async () => undefined },
    drops: memoryDrops(),
    noticeQueue: { push: async (message) => queues.push('notices', message) },
    machines: {
      startLeg: async (sequence, _version, input) => start(sequence, `${input.enrolmentId}-${input.leg}`, input),
      startHandoff: async (input) => start('handoff', input.taskId, input),
      legState: async (sequence, enrolmentId, leg) => stateOf(sequence, `${enrolmentId}-${leg}`),
      handoffState: async (taskId) => stateOf('handoff', taskId),
    },
    tokens: {
      succeed: async (token, output) => tell(() => runner.sendTaskSuccess(token, JSON.stringify(output))),
      fail: async (token, error, cause) => tell(() => runner.sendTaskFailure(token, error, cause)),
    },
    timers: { set: timers.set },
    metrics: memoryMetrics(),
    mailQuota: { read: async () => ({ sent: 0 }) },
    log: silentLog(),
  };

  /** Read past the gate: what anybody who looks at this moment would find. */
  const notePermissions = async () => {
    const [lead, suppressions] = await Promise.all([bare.leads.find(leadId), bare.suppressions.ofLead(leadId)]);
    for (const basis of ['consent', 'confirmation'] as const) {
      const asked = { topic: artifact.topic, lawfulBasis: basis };
      const may = lead !== undefined && permissionFor(lead, suppressions, asked, run.live.brand).may;
      if (trace.permissions.findLast((it) => it.basis === basis)?.may !== may) trace.permissions.push({ order, basis, may });
    }
  };

  const ports = throughGate(bare, gate, async (port, method, args, result) => {
    order++;
    if (port === 'leads' || port === 'suppressions') await notePermissions();
    const stopped = (what: string) => trace.stops.push({ order, at: now, what });
    if (port === 'suppressions' && method === 'add') stopped('suppressed');
    if (port === 'leads' && method === 'setConsents') stopped('no consent');
    if (port === 'enrolments' && method === 'stop' && result) stopped('stop');
    if (port === 'leads' && method === 'endHandoff' && result === 'ended' && args[2] === 'mql') stopped('mql');
    if (port === 'line' && (result === 'paused' || result === 'resumed')) trace.pauses.push({ order, is: result });
    const record = args[0] as SendRecord;
    if (port === 'sends' && method === 'write' && result === 'written' && record.state === 'CLAIMED') {
      claims.set(`${record.enrolmentId}/${record.step}/${record.round}`, order);
      await run.onClaim?.(record, bare, now);
    }
  });

  const stateOf = (machine: string, name: string): ExecutionState => {
    const status = runner.list({ stateMachine: machine }).find((it) => it.name === name)?.status;
    return status === undefined ? 'none' : status === 'RUNNING' ? 'running' : status === 'SUCCEEDED' ? 'ended' : 'broken';
  };
  const start = (stateMachine: string, name: string, input: unknown) => {
    try {
      runner.startExecution({ stateMachine, name, input: JSON.stringify(input) });
    } catch (error) {
      if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
    }
  };
  const tell = (answer: () => void): 'told' | 'gone' => {
    try {
      answer();
      return 'told';
    } catch (error) {
      if (['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'].includes((error as Error).name)) return 'gone';
      throw error;
    }
  };
  /** The many look-ups of a tick are not worth a turn each; what it writes is. */
  const ticking: Ports = {
    ...ports,
    sends: { ...ports.sends, unsettled: bare.sends.unsettled },
    enrolments: { ...ports.enrolments, overdue: bare.enrolments.overdue },
  };
  const functions: Record<string, (payload: unknown) => Promise<unknown>> = {
    'plan-step': planStep(ports),
    'evaluate-branch': evaluateBranch(ports),
    'act-on-lead': actOnLead(ports),
    'call-webhook': callWebhook(ports),
    'confirm-handoff': confirmHandoff(ports),
    'notify-sales': notifySales(ports),
    'assign-task': assignTask(ports),
    'check-task': checkTask(ports),
    'return-lead': returnLead(ports),
  };
  const invoke = async (name: string, payload: unknown) => {
    const call = functions[name];
    if (!call) throw new Error(`no function ${name}`);
    // Given up by the machine while it is still at work: it goes on beside the next attempt.
    if (name === 'plan-step' && !run.isSwift && random() < 0.1) {
      act(() => call(payload).catch(() => undefined));
      await gate.linger();
      throw Object.assign(new Error('no answer in time'), { name: 'Lambda.ClientExecutionTimeoutException' });
    }
    try {
      return await call(payload);
    } catch (error) {
      // A crashed Lambda shows to Step Functions as a service error, which machines retry.
      if ((error as Error).name !== 'Crash') throw error;
      throw Object.assign(new Error('function died'), { name: 'Lambda.ServiceException' });
    }
  };
  for (const one of deployed) {
    runner.deploy(one.artifact.sequence, one.asl, {
      TableName: 'table',
      SendQueueUrl: 'send',
      PlanStepArn: 'plan-step',
      EvaluateBranchArn: 'evaluate-branch',
      ActOnLeadArn: 'act-on-lead',
      CallWebhookArn: 'call-webhook',
    });
  }
  runner.deploy('handoff', handoffMachine(), {
    TableName: 'table',
    ConfirmHandoffArn: 'confirm-handoff',
    AssignTaskArn: 'assign-task',
    CheckTaskArn: 'check-task',
    NotifySalesArn: 'notify-sales',
    ReturnLeadArn: 'return-lead',
  });

  const app = pages(ports);
  const paths: { readonly [purpose in LinkPurpose]: string } = { unsubscribe: 'u', preferences: 'p', confirm: 'c', visit: 'v' };
  const linkTo = (purpose: LinkPurpose) =>
    `/${paths[purpose]}/${bare.links.sign(purpose, { leadId, topic: artifact.topic, expiresAt: addSeconds(run.start, 400 * 86400), locale: 'en' })}`;
  const events = processEvent(ports);
  const handlers: Record<string, (body: unknown) => Promise<unknown>> = {
    send: (body) => sendEmail(ports)(SendMessage.parse(body)),
    enrol: (body) => enrol(ports)(EnrolMessage.parse(body)),
    wake: (body) => wake(ports)(WakeMessage.parse(body)),
    events: async (body) => {
      await events(QueuedEvent.parse(body));
      await events.flush?.();
    },
    sales: async () => 'done',
    notices: async () => 'done',
  };

  await bare.leads.upsert(
    {
      leadId,
      email,
      fields: { country: 'DE', 'time-zone': 'Europe/Berlin', employees: 120 },
      consents: run.consents ?? { [artifact.topic]: { given: true, at: run.start, source: 'test' } },
    },
    run.start,
  );

  await notePermissions();

  let actors = 0;
  const act = (work: () => Promise<unknown>) => {
    actors++;
    void work()
      .catch((error) => {
        if ((error as Error).name !== 'Crash' && (error as Error).name !== 'RetryableError') failures.push(error as Error);
      })
      .finally(() => actors--);
  };
  const failures: Error[] = [];
  const deliver = (message: Delivery) =>
    act(async () => {
      if ((await handlers[message.queue]?.(JSON.parse(message.body))) !== 'later') queues.remove(message);
    });
  /** A page has no queue: the person presses again when it fails. */
  const press = async (on: LinkPurpose, body: string): Promise<void> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await app.request(linkTo(on), { method: 'POST', body, headers });
    if (response.status >= 500) await press(on, body);
  };
  /** Whoever sends a list sends it again when it was not taken. */
  const importing = async (cells: Readonly<Record<string, string>>): Promise<void> => {
    const rows = async function* () {
      yield { line: 1, cells: { email, ...cells } };
    };
    await importLeads(ports)(rows(), { list: 'list' }).catch(() => importing(cells));
  };

  /** A command that died is given again. */
  const holdLine = async (what: 'pause' | 'resume', at: Instant): Promise<void> => {
    try {
      if (what === 'pause') await ports.line.pause(artifact.sequence, { at, by: 'hand', why: 'a test' });
      else await resumePaused(ports, artifact.sequence, at);
    } catch (error) {
      if ((error as Error).name !== 'Crash') throw error;
      await holdLine(what, at);
    }
  };

  /** Whoever gave the command gives it again when it died; it may then begin one more leg. */
  const beginLeg = async (startAt: string | undefined): Promise<void> => {
    try {
      const runs = await ports.enrolments.ofLead(leadId);
      const going = runs.find((it) => it.endedAt === undefined && it.sequence === artifact.sequence);
      if (!going) return;
      const to = startAt === undefined ? resumeOf(going, artifact, now) : { startAt };
      const parkedAs = going.token === undefined ? { isUnparked: true } : { parkedAs: { token: going.token, awaiting: [] } };
      const because = { why: 'migrated' as const, id: 'again' };
      if ((await beginNextLeg(ports, going, { ...to, because, ...parkedAs })) !== 'refused') trace.legs.push(order);
    } catch (error) {
      if ((error as Error).name !== 'Crash') throw error;
      await beginLeg(startAt);
    }
  };

  const waiting = [...run.happenings].sort((a, b) => (a.at < b.at ? -1 : 1));
  let machineBusy = false;
  let nextTick = addSeconds(run.start, tickSeconds);
  const begin = () => {
    while (waiting[0] && waiting[0].at <= now) {
      const happening = waiting.shift();
      if (happening?.do === 'trigger')
        queues.push('enrol', { leadId, sequence: happening.sequence ?? artifact.sequence, trigger: happening.trigger });
      if (happening?.do === 'event') queues.push('events', { ...happening.event, leadId });
      if (happening?.do === 'unsubscribe') act(() => press('unsubscribe', ''));
      if (happening?.do === 'press') act(() => press(happening.on, happening.body));
      if (happening?.do === 'import') act(() => importing(happening.cells));
      if (happening?.do === 'next-leg') act(() => beginLeg(happening.startAt));
      if (happening?.do === 'pause' || happening?.do === 'resume') act(() => holdLine(happening.do, happening.at));
    }
    if (nextTick <= now) {
      nextTick = addSeconds(now, tickSeconds);
      act(async () => {
        await reconcileSends(ticking)();
        await watchdog(ticking)();
      });
    }
    for (const token of timers.due())
      act(async () => {
        await gate.linger();
        tell(() => runner.sendTaskSuccess(token, '{"waited":true}'));
      });
    const due = runner.peek();
    if (!machineBusy && due !== undefined && due <= now) {
      machineBusy = true;
      act(async () => {
        try {
          await runner.runNext();
        } finally {
          machineBusy = false;
        }
      });
    }
    if (random() < 0.5 || gate.waiting === 0) {
      const message = queues.receive();
      if (message) deliver(message);
    }
  };

  const horizon = addSeconds(run.start, 60 * 86400);
  for (let turn = 0; turn < 200_000 && failures.length === 0; turn++) {
    begin();
    if (gate.waiting > 0) {
      // Now and then a process is so slow that leases and visibility lapse around it.
      if (!run.isSwift && random() < 0.01) now = addSeconds(now, Math.floor(random() * 400));
      else await gate.letOneGo();
      continue;
    }
    await new Promise((resolve) => setImmediate(resolve));
    if (gate.waiting > 0) continue;
    if (actors > 0) throw new Error('an actor waits for nothing');
    // A handoff waits for its answer for most of a year.
    const isAwaited = runner.list({ status: 'RUNNING' }).every((it) => runner.describe(it.executionArn).state === 'Await answer');
    const idle = isAwaited && queues.size === 0 && waiting.length === 0;
    if (idle && (await bare.enrolments.ofLead(leadId)).every((it) => it.endedAt !== undefined)) break;
    const next = [runner.peek(), queues.peek(), timers.peek(), waiting[0]?.at, nextTick]
      .filter((it): it is Instant => it !== undefined)
      .sort()[0];
    if (next === undefined || next > horizon) break;
    if (next > now) now = next;
  }
  if (failures[0]) throw failures[0];
  return { trace, leadId, ports: bare, runner, now, crashesUsed: run.crashes - crashes.left, timers: timers.fates };
};
