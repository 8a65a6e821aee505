import { LeadEvent } from '#core/events';
import { type HandlerName, type TickName, ticks } from '#core/handlers';
import { handoffMachine } from '#core/handoff-machine';
import { DropMessage } from '#core/imports/drop';
import { AnswerMessage, EnrolMessage, SendMessage, WakeMessage } from '#core/messages';
import { NoticeMessage, ReceivedMessage } from '#core/notice-messages';
import type { Metrics, Ports } from '#core/ports';
import type { CompiledSequence } from '#core/sequences/model';
import { answerPage } from '#lambdas/api/answer-page';
import { collect } from '#lambdas/api/collect';
import { ingest } from '#lambdas/api/ingest';
import { pages } from '#lambdas/api/pages';
import { importDrop } from '#lambdas/events/import-drop';
import { processEvent } from '#lambdas/events/process-events';
import { sendNotice } from '#lambdas/events/send-notice';
import { takeReply } from '#lambdas/events/take-reply';
import { wake } from '#lambdas/events/wake';
import { consume, guarded, measured } from '#lambdas/runtime';
import { applyAnswer } from '#lambdas/sales/apply-answer';
import { assignTask } from '#lambdas/sales/assign-task';
import { checkTask } from '#lambdas/sales/check-task';
import { confirmHandoff } from '#lambdas/sales/confirm-handoff';
import { notifySales } from '#lambdas/sales/notify-sales';
import { returnLead } from '#lambdas/sales/return-lead';
import { actOnLead } from '#lambdas/steps/act-on-lead';
import { callWebhook } from '#lambdas/steps/call-webhook';
import { enrolInTurn } from '#lambdas/steps/enrol';
import { evaluateBranch } from '#lambdas/steps/evaluate-branch';
import { planStep } from '#lambdas/steps/plan-step';
import { sendEmail } from '#lambdas/steps/send-email';
import { digest } from '#lambdas/ticks/digest';
import { enterByDay } from '#lambdas/ticks/enter-by-day';
import { eraseLeads } from '#lambdas/ticks/erase-leads';
import { reconcileSends } from '#lambdas/ticks/reconcile-sends';
import { recount } from '#lambdas/ticks/recount';
import { releaseTasks } from '#lambdas/ticks/release-tasks';
import { watchdog } from '#lambdas/ticks/watchdog';
import { winner } from '#lambdas/ticks/winner';
import type { Tick } from './agenda.ts';
import { invoked, type Meter } from './meter.ts';
import type { Consumer, Queues } from './queues.ts';
import type { ToldEvents } from './ses/told-events.ts';
import { handoffMachineName, tableName } from './settings.ts';
import type { StatesRunner } from './states/runner.ts';

/** The ports as a handler of this name has them. */
export type PortsFor = (name: HandlerName) => Ports;

/** Functions that machines invoke, by the name that stands for their ARN. */
export const machineFunctions = (portsFor: PortsFor): Record<string, (payload: unknown) => Promise<unknown>> => ({
  'plan-step': guarded(planStep(portsFor('plan-step')), portsFor('plan-step').log),
  'evaluate-branch': guarded(evaluateBranch(portsFor('evaluate-branch')), portsFor('evaluate-branch').log),
  'act-on-lead': guarded(actOnLead(portsFor('act-on-lead')), portsFor('act-on-lead').log),
  'call-webhook': guarded(callWebhook(portsFor('call-webhook')), portsFor('call-webhook').log),
  'confirm-handoff': guarded(confirmHandoff(portsFor('confirm-handoff')), portsFor('confirm-handoff').log),
  'return-lead': guarded(returnLead(portsFor('return-lead')), portsFor('return-lead').log),
  'notify-sales': guarded(notifySales(portsFor('notify-sales')), portsFor('notify-sales').log),
  'assign-task': guarded(assignTask(portsFor('assign-task')), portsFor('assign-task').log),
  'check-task': guarded(checkTask(portsFor('check-task')), portsFor('check-task').log),
});

export const deployMachines = (runner: StatesRunner, compiled: readonly CompiledSequence[]): void => {
  for (const { artifact, asl } of compiled) {
    runner.deploy(artifact.sequence, asl, {
      TableName: tableName,
      SendQueueUrl: 'send',
      PlanStepArn: 'plan-step',
      EvaluateBranchArn: 'evaluate-branch',
      ActOnLeadArn: 'act-on-lead',
      CallWebhookArn: 'call-webhook',
    });
  }
  runner.deploy(handoffMachineName, handoffMachine(), {
    TableName: tableName,
    ConfirmHandoffArn: 'confirm-handoff',
    NotifySalesArn: 'notify-sales',
    AssignTaskArn: 'assign-task',
    CheckTaskArn: 'check-task',
    ReturnLeadArn: 'return-lead',
  });
};

/** The handler behind each queue. */
export const feedFromQueues = (queues: Queues, portsFor: PortsFor, meter: Meter, metrics: Metrics, told: ToldEvents): void => {
  const feed = (queue: string, name: HandlerName, consumer: Consumer) =>
    queues.consume(queue, (event) => invoked(meter, name, () => measured({ metrics }, () => consumer(event))));
  const at = portsFor;
  feed('send', 'send-email', consume(SendMessage, sendEmail(at('send-email')), at('send-email').log));
  feed('enrol', 'enrol', consume(EnrolMessage, enrolInTurn(at('enrol')), at('enrol').log));
  feed('wake', 'wake', consume(WakeMessage, wake(at('wake')), at('wake').log));
  feed('imports', 'import-drop', consume(DropMessage, importDrop(at('import-drop')), at('import-drop').log));
  feed('answers', 'apply-answer', consume(AnswerMessage, applyAnswer(at('apply-answer')), at('apply-answer').log));
  feed('notices', 'send-notice', consume(NoticeMessage, sendNotice(at('send-notice')), at('send-notice').log));
  feed('replies', 'take-reply', consume(ReceivedMessage, takeReply(at('take-reply')), at('take-reply').log));
  const eventIn = (body: string) => told.take(body) ?? LeadEvent.parse(JSON.parse(body));
  feed('events', 'process-events', consume(LeadEvent, processEvent(at('process-events')), at('process-events').log, eventIn));
};

export type LocalApi = { request(path: string, init?: RequestInit): Promise<Response> };

/** Requests as the HTTP API routes them; whatever no route takes is answered by the pages. */
export const httpApi = (portsFor: PortsFor, meter: Meter): LocalApi => {
  const routes = {
    pages: pages(portsFor('pages')),
    ingest: ingest(portsFor('ingest')),
    collect: collect(portsFor('collect')),
    'answer-page': answerPage(portsFor('answer-page')),
  };
  return {
    request: (path, init) => {
      const name = handlerFor(path.split('?', 1)[0] ?? '');
      return invoked(meter, name, async () => routes[name].request(path, init));
    },
  };
};

const handlerFor = (path: string) => {
  if (['/leads', '/events', '/suppressions', '/addresses', '/replies', '/enrol'].includes(path) || path.startsWith('/tasks/'))
    return 'ingest';
  if (isCollected(path)) return 'collect';
  return path.startsWith('/a/') ? 'answer-page' : 'pages';
};
const isCollected = (path: string): boolean => path === '/t' || path === '/t.js' || path.startsWith('/f/');

/** The recurring work; `slowedBy` is asked each time. */
export const localTicks = (portsFor: PortsFor, meter: Meter, metrics: Metrics, slowedBy: () => number): readonly Tick[] => {
  const run: { readonly [name in TickName]: () => Promise<void> } = {
    'erase-leads': eraseLeads(portsFor('erase-leads')),
    'reconcile-sends': reconcileSends(portsFor('reconcile-sends')),
    'release-tasks': releaseTasks(portsFor('release-tasks')),
    'enter-by-day': enterByDay(portsFor('enter-by-day')),
    recount: recount(portsFor('recount')),
    digest: digest(portsFor('digest')),
    watchdog: watchdog(portsFor('watchdog')),
    winner: winner(portsFor('winner')),
  };
  return ticks.map(({ name, everySeconds }) => ({
    name,
    everySeconds: () => everySeconds * slowedBy(),
    run: () => invoked(meter, name, () => measured({ metrics }, run[name])),
  }));
};
