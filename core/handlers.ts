import type { Ports } from './ports.ts';
import type { QueueName } from './queues.ts';

/** The methods of each port that a handler may call; `clock` and `log` every handler has. */
type PortMethods = { readonly [P in Exclude<keyof Ports, 'clock' | 'log'>]?: readonly (keyof Ports[P])[] };

/** What runs a handler. `tick`: every so many seconds; `http`: requests that the API routes to it. */
export type Trigger =
  | { readonly machine: true }
  | { readonly queue: QueueName }
  /** A pipe to another system, where the settings of the stack want one. */
  | { readonly pipe: true }
  /** What changes in the table, where somebody wants a console. */
  | { readonly stream: true }
  | { readonly tick: { readonly everySeconds: number } }
  | { readonly http: readonly { readonly method: 'GET' | 'POST'; readonly path: string }[] };

export type HandlerContract = {
  readonly file: string;
  readonly trigger: Trigger;
  readonly memoryMb: number;
  readonly uses: PortMethods;
};

/** Every function has this long; a queue's visibility is six times it. */
export const handlerTimeoutSeconds = 30;

const loadStep = {
  leads: ['find'],
  enrolments: ['find', 'ofLead', 'stop'],
  countedMails: ['ofLead'],
  suppressions: ['ofLead'],
  artifacts: ['get'],
  config: ['live'],
  line: ['state', 'takenOn', 'spentIn'],
} as const;

/** What it takes to give a task to a rep. */
const assigning = {
  leads: ['find', 'endHandoff', 'moveStage'],
  aliases: ['resolve'],
  enrolments: ['ofLead', 'stop'],
  histories: ['ofLead'],
  stages: ['record'],
  suppressions: ['ofLead'],
  salesTasks: ['find', 'change', 'markQueued', 'wakes', 'held'],
  desks: ['read', 'write', 'companyRep', 'keepCompany'],
  ids: ['taskId', 'externalId'],
  counters: ['add'],
  salesQueue: ['push'],
  wakeQueue: ['push'],
  artifacts: ['current'],
  config: ['live'],
  tokens: ['fail'],
} as const;

/**
 * The one list of handlers: its types are what a handler's code may touch, its data what its role may do and what its
 * bundle holds. A method that is missing here does not compile there.
 */
export const handlers = {
  'send-email': {
    file: 'lambdas/steps/send-email.ts',
    trigger: { queue: 'send' },
    memoryMb: 256,
    uses: {
      leads: ['find'],
      enrolments: ['find', 'ofLead', 'stop', 'complete', 'park', 'recordVersion'],
      countedMails: ['ofLead', 'take', 'giveBack'],
      suppressions: ['ofLead'],
      histories: ['ofLead'],
      sends: ['find', 'write'],
      counters: ['add'],
      decisions: ['record'],
      artifacts: ['get', 'newest'],
      config: ['live'],
      line: ['state', 'take', 'spend', 'noteTold', 'noteLag'],
      noticeQueue: ['push'],
      mail: ['send'],
      templates: ['fill'],
      links: ['sign', 'signReply'],
      metrics: ['add'],
      tokens: ['succeed', 'fail'],
      timers: ['set'],
    },
  },
  enrol: {
    file: 'lambdas/steps/enrol.ts',
    trigger: { queue: 'enrol' },
    memoryMb: 256,
    uses: {
      leads: ['find', 'markActive', 'awaitConfirmation'],
      enrolments: ['find', 'ofLead', 'create', 'stop', 'nextLeg', 'release'],
      line: ['state'],
      suppressions: ['ofLead'],
      histories: ['ofLead'],
      decisions: ['record'],
      artifacts: ['get', 'current'],
      config: ['live'],
      aliases: ['resolve'],
      ids: ['enrolmentId'],
      experiments: ['winners'],
      machines: ['startLeg'],
      metrics: ['add'],
      tokens: ['fail'],
    },
  },
  'plan-step': {
    file: 'lambdas/steps/plan-step.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: {
      ...loadStep,
      enrolments: [...loadStep.enrolments, 'park'],
      decisions: ['record'],
      tokens: ['succeed'],
      timers: ['set'],
    },
  },
  'evaluate-branch': {
    file: 'lambdas/steps/evaluate-branch.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: { ...loadStep, histories: ['ofLead'], decisions: ['record'] },
  },
  'act-on-lead': {
    file: 'lambdas/steps/act-on-lead.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: {
      ...loadStep,
      leads: ['find', 'moveStage', 'edit'],
      stages: ['record'],
      consents: ['record'],
      histories: ['ofLead'],
      decisions: ['record'],
      artifacts: ['get', 'current'],
      enrolQueue: ['push'],
      noticeQueue: ['push'],
      wakeQueue: ['push'],
    },
  },
  'call-webhook': {
    file: 'lambdas/steps/call-webhook.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: {
      ...loadStep,
      leads: ['find', 'edit'],
      enrolments: ['find', 'ofLead', 'stop', 'keepAnswers'],
      histories: ['ofLead'],
      decisions: ['record'],
      artifacts: ['get', 'current'],
      wakeQueue: ['push'],
      webhooks: ['call'],
    },
  },
  'process-events': {
    file: 'lambdas/events/process-events.ts',
    trigger: { queue: 'events' },
    memoryMb: 256,
    uses: {
      leads: ['find', 'beginHandoff', 'coolDown', 'markEntries', 'moveStage', 'setAway'],
      enrolments: ['stop', 'see'],
      suppressions: ['add'],
      sends: ['find', 'write', 'noteDelivered'],
      events: ['find', 'add', 'put'],
      histories: ['ofLead'],
      stages: ['record'],
      stopList: ['find'],
      line: ['pause'],
      health: ['addDelivered', 'addTrouble', 'sums'],
      counters: ['add'],
      artifacts: ['get', 'current'],
      config: ['live'],
      aliases: ['resolve'],
      ids: ['taskId'],
      salesTasks: ['watchFrom'],
      enrolQueue: ['push'],
      noticeQueue: ['push'],
      machines: ['startHandoff'],
      metrics: ['add'],
      tokens: ['succeed', 'fail'],
    },
  },
  wake: {
    file: 'lambdas/events/wake.ts',
    trigger: { queue: 'wake' },
    memoryMb: 256,
    uses: {
      leads: ['find', 'markEntries'],
      enrolments: ['ofLead', 'stop'],
      suppressions: ['ofLead'],
      histories: ['ofLead'],
      aliases: ['resolve'],
      artifacts: ['get', 'current'],
      config: ['live'],
      enrolQueue: ['push'],
      ids: ['taskId'],
      salesTasks: ['find', 'wake'],
      tokens: ['fail'],
    },
  },
  'confirm-handoff': {
    file: 'lambdas/sales/confirm-handoff.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: { leads: ['find', 'endHandoff'], histories: ['ofLead'], salesTasks: ['find', 'create'], config: ['live'] },
  },
  'assign-task': {
    file: 'lambdas/sales/assign-task.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: assigning,
  },
  'check-task': {
    file: 'lambdas/sales/check-task.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: {
      leads: ['find', 'endHandoff', 'moveStage'],
      aliases: ['resolve'],
      histories: ['ofLead'],
      stages: ['record'],
      suppressions: ['ofLead'],
      salesTasks: ['find', 'change', 'leaveIndex', 'wakes'],
      desks: ['read', 'write', 'companyRep'],
      ids: ['taskId', 'externalId'],
      wakeQueue: ['push'],
      artifacts: ['current'],
      config: ['live'],
    },
  },
  'notify-sales': {
    file: 'lambdas/sales/notify-sales.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: {
      leads: ['find'],
      aliases: ['resolve'],
      histories: ['ofLead'],
      salesTasks: ['find', 'markNotified', 'markTold'],
      config: ['live'],
      templates: ['fill'],
      links: ['signAnswer'],
      mail: ['send'],
      teamChat: ['post'],
      salesEvents: ['emit'],
    },
  },
  'apply-answer': {
    file: 'lambdas/sales/apply-answer.ts',
    trigger: { queue: 'answers' },
    memoryMb: 256,
    uses: {
      leads: ['find', 'moveStage'],
      aliases: ['resolve'],
      histories: ['ofLead'],
      stages: ['record'],
      salesTasks: ['find', 'markApplied', 'wake'],
      artifacts: ['current'],
      wakeQueue: ['push'],
      stopList: ['add'],
      counters: ['add'],
      config: ['live'],
      salesEvents: ['emit'],
      tokens: ['fail'],
    },
  },
  'return-lead': {
    file: 'lambdas/sales/return-lead.ts',
    trigger: { machine: true },
    memoryMb: 256,
    uses: {
      leads: ['find'],
      aliases: ['resolve'],
      salesTasks: ['find'],
      artifacts: ['current'],
      config: ['live'],
      enrolQueue: ['push'],
    },
  },
  'crm-record': {
    file: 'lambdas/sales/crm-record.ts',
    trigger: { pipe: true },
    memoryMb: 256,
    uses: { leads: ['find'], aliases: ['resolve'], salesTasks: ['find'] },
  },
  'answer-page': {
    file: 'lambdas/api/answer-page.ts',
    trigger: {
      http: [
        { method: 'GET', path: '/a/{token}' },
        { method: 'POST', path: '/a/{token}' },
      ],
    },
    memoryMb: 256,
    uses: {
      leads: ['find'],
      aliases: ['resolve'],
      salesTasks: ['find', 'answer'],
      links: ['verifyAnswer'],
      config: ['live'],
      answerQueue: ['push'],
      noticeQueue: ['push'],
    },
  },
  pages: {
    file: 'lambdas/api/pages.ts',
    trigger: {
      http: [
        { method: 'GET', path: '/u/{token}' },
        { method: 'POST', path: '/u/{token}' },
        { method: 'GET', path: '/p/{token}' },
        { method: 'POST', path: '/p/{token}' },
        { method: 'GET', path: '/c/{token}' },
        { method: 'POST', path: '/c/{token}' },
        { method: 'GET', path: '/x' },
      ],
    },
    memoryMb: 256,
    uses: {
      leads: ['find', 'setConsents', 'pause'],
      histories: ['ofLead'],
      counters: ['add'],
      suppressions: ['ofLead', 'add'],
      aliases: ['resolve'],
      consents: ['record'],
      ids: ['ipHash'],
      wakeQueue: ['push'],
      enrolQueue: ['push'],
      config: ['live'],
      links: ['sign', 'verify'],
    },
  },
  ingest: {
    file: 'lambdas/api/ingest.ts',
    trigger: {
      http: [
        { method: 'POST', path: '/leads' },
        { method: 'POST', path: '/events' },
        { method: 'POST', path: '/suppressions' },
        { method: 'POST', path: '/addresses' },
        { method: 'POST', path: '/replies' },
        { method: 'POST', path: '/tasks/{taskId}/answers' },
        { method: 'POST', path: '/enrol' },
      ],
    },
    memoryMb: 512,
    uses: {
      leads: ['find', 'upsert', 'setConsents'],
      consents: ['record'],
      suppressions: ['add', 'ofLead'],
      aliases: ['resolve', 'trail', 'put', 'beginJoin', 'endJoin'],
      formerLeads: ['find', 'close', 'absorb', 'copyHistory', 'strip'],
      line: ['settleSuppressions'],
      wakeQueue: ['push'],
      ids: ['leadId', 'externalId', 'ipHash'],
      artifacts: ['current'],
      config: ['live'],
      enrolQueue: ['push'],
      eventQueue: ['push'],
      salesTasks: ['find', 'answer'],
      answerQueue: ['push'],
      apiKeys: ['identify', 'verifyWebhook'],
      limits: ['take'],
    },
  },
  collect: {
    file: 'lambdas/api/collect.ts',
    trigger: {
      http: [
        { method: 'GET', path: '/t.js' },
        { method: 'POST', path: '/t' },
        { method: 'POST', path: '/f/{form}' },
      ],
    },
    memoryMb: 256,
    uses: {
      leads: ['find', 'upsert'],
      consents: ['record'],
      suppressions: ['ofLead'],
      aliases: ['resolve'],
      ids: ['leadId', 'ipHash'],
      artifacts: ['current'],
      config: ['live'],
      enrolQueue: ['push'],
      eventQueue: ['push'],
      wakeQueue: ['push'],
      links: ['sign', 'verify'],
    },
  },
  console: {
    file: 'lambdas/console/console.ts',
    trigger: {
      http: [
        { method: 'GET', path: '/console' },
        { method: 'GET', path: '/console/{path+}' },
        { method: 'POST', path: '/console/api/{path+}' },
      ],
    },
    memoryMb: 1024,
    uses: {
      leads: ['find', 'pause'],
      enrolments: ['ofLead', 'stop'],
      histories: ['ofLead'],
      suppressions: ['ofLead'],
      aliases: ['resolve'],
      stopList: ['find'],
      erasures: ['find', 'save'],
      line: ['state', 'pause', 'resume', 'spentIn'],
      health: ['sums', 'startOver'],
      counters: ['of'],
      recounts: ['state', 'window', 'report', 'newestIn'],
      experiments: ['of'],
      cards: ['page'],
      acts: ['note', 'lately'],
      runFigures: ['all', 'ofSequence'],
      salesTasks: ['find', 'answer', 'ofRep', 'held'],
      desks: ['read'],
      ids: ['leadId', 'taskId'],
      artifacts: ['get', 'current', 'newest'],
      config: ['live'],
      answerQueue: ['push'],
      tokens: ['fail'],
      templates: ['fill'],
      signIn: ['url', 'exchange', 'refresh', 'revoke', 'personOf', 'signOutUrl'],
      consoleFiles: ['find'],
      simulations: ['list', 'find'],
      checked: ['problems'],
      queueStates: ['all', 'look', 'redrive', 'redriveOne'],
      alarmStates: ['all'],
    },
  },
  'count-for-console': {
    file: 'lambdas/console/count-for-console.ts',
    trigger: { stream: true },
    memoryMb: 256,
    uses: { recounts: ['state'], liveCounts: ['slot', 'save', 'noteMoves'] },
  },
  'send-notice': {
    file: 'lambdas/events/send-notice.ts',
    trigger: { queue: 'notices' },
    memoryMb: 256,
    uses: {
      config: ['live'],
      artifacts: ['current', 'get'],
      leads: ['find'],
      aliases: ['resolve'],
      salesTasks: ['find', 'markTold'],
      histories: ['ofLead'],
      ids: ['taskId'],
      links: ['signAnswer'],
      replyMail: ['read'],
      templates: ['fill'],
      mail: ['send'],
      teamChat: ['post'],
    },
  },
  'take-reply': {
    file: 'lambdas/events/take-reply.ts',
    trigger: { queue: 'replies' },
    memoryMb: 256,
    uses: {
      replyMail: ['read'],
      links: ['verifyReply', 'sendMarkOf'],
      ids: ['leadId'],
      aliases: ['resolve'],
      leads: ['find', 'setConsents'],
      sends: ['ofLead'],
      artifacts: ['get'],
      suppressions: ['add'],
      consents: ['record'],
      eventQueue: ['push'],
      wakeQueue: ['push'],
    },
  },
  'import-drop': {
    file: 'lambdas/events/import-drop.ts',
    trigger: { queue: 'imports' },
    memoryMb: 512,
    uses: {
      leads: ['find', 'upsert', 'setConsents'],
      consents: ['record'],
      suppressions: ['add', 'ofLead'],
      aliases: ['resolve', 'trail', 'put', 'beginJoin', 'endJoin'],
      formerLeads: ['find', 'close', 'absorb', 'copyHistory', 'strip'],
      ids: ['leadId', 'externalId', 'ipHash'],
      artifacts: ['current'],
      config: ['live'],
      enrolQueue: ['push'],
      eventQueue: ['push'],
      wakeQueue: ['push'],
      importQueue: ['push'],
      drops: ['rows', 'report', 'putReport'],
      dropStates: ['claim', 'record'],
    },
  },
  'reconcile-sends': {
    file: 'lambdas/ticks/reconcile-sends.ts',
    trigger: { tick: { everySeconds: 15 * 60 } },
    memoryMb: 256,
    uses: { sends: ['unsettled', 'write'], counters: ['add'] },
  },
  recount: {
    file: 'lambdas/ticks/recount.ts',
    trigger: { tick: { everySeconds: 15 * 60 } },
    memoryMb: 512,
    uses: {
      leads: ['moveStage'],
      stages: ['record'],
      histories: ['ofLead'],
      config: ['live'],
      artifacts: ['get', 'current'],
      wakeQueue: ['push'],
      counters: ['versions', 'replace'],
      recounts: ['state', 'save', 'writeSlice', 'slices', 'leadsIn', 'writeReport', 'writeWindow', 'panes', 'writePanes'],
      cards: ['areKept', 'put', 'find'],
      liveCounts: ['areKept', 'moves'],
      runFigures: ['all', 'write', 'writeAll'],
      experiments: ['putFigures'],
      aliases: ['resolve'],
      salesTasks: ['find'],
      erasures: ['find', 'save', 'due'],
      ids: ['taskId'],
    },
  },
  'erase-leads': {
    file: 'lambdas/ticks/erase-leads.ts',
    trigger: { tick: { everySeconds: 15 * 60 } },
    memoryMb: 256,
    uses: {
      leads: ['find'],
      aliases: ['resolve'],
      histories: ['ofLead'],
      enrolments: ['stop'],
      suppressions: ['add'],
      erasures: ['find', 'save', 'due', 'removeRows'],
      salesTasks: ['find', 'strip', 'wake'],
      replyMail: ['remove'],
      salesEvents: ['erased'],
      ids: ['taskId'],
      config: ['live'],
      tokens: ['fail'],
    },
  },
  digest: {
    file: 'lambdas/ticks/digest.ts',
    trigger: { tick: { everySeconds: 15 * 60 } },
    memoryMb: 256,
    uses: {
      recounts: ['report'],
      digests: ['find', 'claim', 'save'],
      artifacts: ['current'],
      config: ['live'],
      mail: ['send'],
    },
  },
  'release-tasks': {
    file: 'lambdas/ticks/release-tasks.ts',
    trigger: { tick: { everySeconds: 15 * 60 } },
    memoryMb: 512,
    uses: { ...assigning, salesTasks: [...assigning.salesTasks, 'wake'] },
  },
  'enter-by-day': {
    file: 'lambdas/ticks/enter-by-day.ts',
    trigger: { tick: { everySeconds: 15 * 60 } },
    memoryMb: 256,
    uses: { leads: ['entriesDue'], artifacts: ['current'], wakeQueue: ['push'] },
  },
  winner: {
    file: 'lambdas/ticks/winner.ts',
    trigger: { tick: { everySeconds: 60 * 60 } },
    memoryMb: 256,
    uses: { artifacts: ['current'], experiments: ['of', 'ask', 'advise', 'publish'], noticeQueue: ['push'] },
  },
  watchdog: {
    file: 'lambdas/ticks/watchdog.ts',
    trigger: { tick: { everySeconds: 15 * 60 } },
    memoryMb: 256,
    uses: {
      leads: ['find'],
      aliases: ['resolve'],
      enrolments: ['overdue', 'held', 'stop', 'nextLeg', 'close'],
      line: ['state', 'endingWalk', 'noteEndingWalk'],
      metrics: ['set'],
      mailQuota: ['read'],
      suppressions: ['ofLead'],
      artifacts: ['get', 'current'],
      config: ['live'],
      salesTasks: ['find', 'wake', 'toWatch', 'lookAgain', 'nextMachine'],
      machines: ['legState', 'startHandoff', 'handoffState'],
      enrolQueue: ['push'],
      wakeQueue: ['push'],
      tokens: ['succeed', 'fail'],
    },
  },
} as const satisfies { readonly [name: string]: HandlerContract };

export type HandlerName = keyof typeof handlers;
export const handlerNames = Object.keys(handlers) as readonly HandlerName[];

type UsesOf<Name extends HandlerName> = (typeof handlers)[Name]['uses'];

/** The ports as this handler gets them: no other port, and of each port no other method. */
export type Use<Name extends HandlerName> = {
  readonly [P in keyof UsesOf<Name> & keyof Ports]: UsesOf<Name>[P] extends readonly (infer Method)[]
    ? Pick<Ports[P], Method & keyof Ports[P]>
    : never;
} & Pick<Ports, 'clock' | 'log'>;

export type PortName = keyof Ports;
/** Ports that a handler is given, `clock` and `log` among them. */
export const portsOf = (name: HandlerName): readonly PortName[] => [...(Object.keys(handlers[name].uses) as PortName[]), 'clock', 'log'];

/** The recurring work, from the same list: name and interval. */
export const ticks = handlerNames.flatMap((name) => {
  const { trigger } = handlers[name];
  return 'tick' in trigger ? [{ name: name as TickName, everySeconds: trigger.tick.everySeconds }] : [];
});
export type TickName = { [Name in HandlerName]: (typeof handlers)[Name]['trigger'] extends { tick: unknown } ? Name : never }[HandlerName];
