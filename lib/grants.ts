import { type HandlerName, handlers } from '#core/handlers';
import { checkedKey, currentKey, liveConfigKey, waitLengthsKey } from '#core/object-keys';
import type { Ports } from '#core/ports';
import type { QueueName } from '#core/queues';

/** One thing that a role may do, in the words of what it is done to. */
export type Grant =
  | { readonly item: 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query'; readonly partition: Partition }
  | { readonly index: 'gsi1' | 'gsi2' }
  | { readonly object: string }
  /** In the bucket of dropped lists. */
  | { readonly drop: 'GetObject' | 'PutObject'; readonly under: string }
  | { readonly receivedMail: 'GetObject' | 'DeleteObject' }
  | { readonly secret: 'identity' | 'links' | 'api-keys' | 'outside' }
  | { readonly queue: QueueName }
  /** Look at all queues of the stage, and let dead letters go back. */
  | { readonly queues: 'look' | 'redrive' }
  /** Read the logs of what works queues off: why a message failed. */
  | { readonly logs: 'of queues' }
  /** Look at alarms. */
  | { readonly alarms: true }
  | { readonly email: true }
  /** Ask SES how much may go, and how much went. */
  | { readonly sendingAccount: true }
  /** Put events on the bus of the stack. */
  | { readonly bus: true }
  | { readonly token: 'SendTaskSuccess' | 'SendTaskFailure' }
  /** Make a schedule in the group of the stack, under its role. */
  | { readonly timer: true }
  | { readonly start: 'sequences' | 'handoff' }
  /** Ask what became of an execution. */
  | { readonly look: 'sequences' | 'handoff' }
  /** Look at what a machine runs, and publish it as a version that stays. */
  | { readonly publish: 'sequences' };
/** The beginning of a partition key: DynamoDB refuses items of other kinds to this role. */
export type Partition =
  | 'LEAD#*'
  | 'SUPPRESSION#*'
  | 'ALIAS#*'
  | 'TASK#*'
  | 'STOP-LIST'
  | 'ACTS#*'
  | 'ERASURE#*'
  | 'LINE'
  | 'HEALTH#*'
  | 'STATS#*'
  | 'EXPERIMENT#*'
  | 'LIMIT#*'
  | 'DROP#*'
  | 'MACHINE#*'
  | 'DESK'
  | 'COMPANY#*';

const get = (partition: Partition): Grant => ({ item: 'GetItem', partition });
const put = (partition: Partition): Grant => ({ item: 'PutItem', partition });
const update = (partition: Partition): Grant => ({ item: 'UpdateItem', partition });
const query = (partition: Partition): Grant => ({ item: 'Query', partition });
const lead = 'LEAD#*';
const current: readonly Grant[] = [{ object: currentKey }, { object: 'artifacts/*' }];
const nothing: readonly Grant[] = [];

/** What each method of each port does on AWS. The one place where code is tied to permissions; the wire check holds it to the calls made. */
export const grantsOfMethods: { readonly [P in keyof Ports]: { readonly [M in keyof Ports[P]]: readonly Grant[] } } = {
  clock: { now: nothing },
  metrics: { add: nothing, set: nothing, publish: nothing },
  mailQuota: { read: [{ sendingAccount: true }] },
  log: { info: nothing, warn: nothing, error: nothing },
  templates: { fill: nothing },
  webhooks: { call: [{ secret: 'outside' }] },
  teamChat: { post: [{ secret: 'outside' }] },
  salesEvents: { emit: [{ bus: true }], erased: [{ bus: true }] },
  ids: {
    leadId: [{ secret: 'identity' }],
    enrolmentId: [{ secret: 'identity' }],
    taskId: [{ secret: 'identity' }],
    externalId: [{ secret: 'identity' }],
    ipHash: [{ secret: 'identity' }],
  },
  links: {
    sign: [{ secret: 'links' }],
    verify: [{ secret: 'links' }],
    signAnswer: [{ secret: 'links' }],
    verifyAnswer: [{ secret: 'links' }],
    signReply: [{ secret: 'links' }],
    verifyReply: [{ secret: 'links' }],
    sendMarkOf: nothing,
  },
  replyMail: { read: [{ receivedMail: 'GetObject' }], remove: [{ receivedMail: 'DeleteObject' }] },
  apiKeys: { identify: [{ secret: 'api-keys' }], verifyWebhook: [{ secret: 'api-keys' }] },
  limits: { take: [update('LIMIT#*'), get('LIMIT#*'), put('LIMIT#*')] },
  leads: {
    find: [get(lead)],
    upsert: [get(lead), put(lead), update(lead)],
    edit: [get(lead), update(lead)],
    setConsents: [update(lead), get(lead)],
    pause: [update(lead), get(lead)],
    coolDown: [update(lead), get(lead)],
    setAway: [update(lead), get(lead)],
    awaitConfirmation: [update(lead), get(lead)],
    markEntries: [update(lead)],
    entriesDue: [{ index: 'gsi1' }],
    moveStage: [update(lead)],
    markActive: [get(lead), update(lead)],
    beginHandoff: [update(lead)],
    endHandoff: [get(lead), update(lead)],
  },
  enrolments: {
    find: [get(lead)],
    ofLead: [query(lead)],
    create: [put(lead)],
    stop: [update(lead), get(lead)],
    see: [update(lead)],
    complete: [update(lead)],
    park: [update(lead), get(lead)],
    recordVersion: [update(lead)],
    keepAnswers: [update(lead)],
    nextLeg: [update(lead)],
    close: [update(lead)],
    overdue: [{ index: 'gsi1' }, { object: waitLengthsKey }, ...current],
    held: [{ index: 'gsi1' }],
    release: [update(lead)],
  },
  sends: {
    find: [get(lead)],
    write: [put(lead)],
    noteDelivered: [update(lead), get(lead)],
    ofLead: [query(lead)],
    unsettled: [{ index: 'gsi1' }],
  },
  countedMails: { ofLead: [query(lead)], take: [put(lead)], giveBack: [update(lead)] },
  events: { find: [get(lead)], add: [put(lead)], put: [put(lead)], ofLead: [query(lead)] },
  stages: { record: [put(lead)] },
  histories: { ofLead: [query(lead)] },
  decisions: { record: [put(lead)], ofLead: [query(lead)] },
  suppressions: { ofLead: [query('SUPPRESSION#*')], add: [put('SUPPRESSION#*')] },
  aliases: {
    resolve: [get('ALIAS#*')],
    trail: [get('ALIAS#*')],
    put: [put('ALIAS#*')],
    beginJoin: [put('ALIAS#*'), get('ALIAS#*')],
    endJoin: [update('ALIAS#*')],
  },
  formerLeads: {
    find: [get(lead)],
    close: [update(lead)],
    absorb: [get(lead), put(lead)],
    copyHistory: [query(lead), put(lead)],
    strip: [put(lead)],
  },
  erasures: {
    find: [get('ERASURE#*')],
    save: [put('ERASURE#*')],
    due: [{ index: 'gsi1' }],
    removeRows: [query(lead), { item: 'DeleteItem', partition: lead }],
  },
  consents: { record: [put(lead)], ofLead: [query(lead)] },
  line: {
    state: [get('LINE')],
    pause: [update('LINE'), get('LINE')],
    resume: [get('LINE'), update('LINE')],
    acceptRestored: [update('LINE')],
    settleSuppressions: [update('LINE')],
    take: [update('LINE')],
    takenOn: [get('LINE')],
    spend: [update('LINE'), get('LINE')],
    spentIn: [get('LINE')],
    noteTold: [update('LINE')],
    noteLag: [update('LINE')],
    endingWalk: [get('LINE')],
    noteEndingWalk: [update('LINE')],
  },
  health: {
    addDelivered: [update('HEALTH#*')],
    addTrouble: [put('HEALTH#*')],
    sums: [query('HEALTH#*')],
    startOver: [query('HEALTH#*'), put('HEALTH#*')],
  },
  counters: {
    add: [put('STATS#*'), update('STATS#*'), get('STATS#*')],
    versions: [query('STATS#*')],
    of: [query('STATS#*'), get('STATS#*')],
    replace: [query('STATS#*'), put('STATS#*')],
  },
  recounts: {
    state: [get('STATS#*')],
    save: [put('STATS#*')],
    writeSlice: [put('STATS#*')],
    slices: [get('STATS#*')],
    report: [get('STATS#*')],
    writeReport: [get('STATS#*'), put('STATS#*')],
    leadsIn: [{ index: 'gsi2' }],
    panes: [get('STATS#*')],
    writePanes: [put('STATS#*')],
    newestIn: [{ index: 'gsi2' }],
    window: [get('STATS#*')],
    writeWindow: [get('STATS#*'), put('STATS#*')],
  },
  cards: { areKept: nothing, put: [put(lead), get(lead)], find: [get(lead)], page: [{ index: 'gsi1' }, { index: 'gsi2' }] },
  runFigures: {
    all: [query('STATS#*')],
    ofSequence: [get('STATS#*'), query('STATS#*')],
    write: [get('STATS#*'), put('STATS#*')],
    writeAll: [put('STATS#*')],
  },
  liveCounts: {
    areKept: nothing,
    slot: [get('STATS#*')],
    save: [put('STATS#*')],
    noteMoves: [put('STATS#*')],
    moves: [query('STATS#*')],
  },
  // Of Cognito nothing but its public addresses is asked.
  signIn: { url: nothing, exchange: nothing, refresh: nothing, revoke: nothing, personOf: nothing, signOutUrl: nothing },
  acts: { note: [put('ACTS#*')], lately: [{ index: 'gsi2' }] },
  consoleFiles: { find: [{ object: 'console/*' }] },
  simulations: { list: [{ object: 'rehearsals/*' }], find: [{ object: 'rehearsals/*' }] },
  checked: { problems: [{ object: checkedKey }] },
  queueStates: {
    all: [{ queues: 'look' }],
    look: [{ queues: 'redrive' }, { logs: 'of queues' }],
    redrive: [{ queues: 'look' }, { queues: 'redrive' }],
    redriveOne: [{ queues: 'redrive' }],
  },
  alarmStates: { all: [{ alarms: true }] },
  experiments: {
    of: [query('EXPERIMENT#*')],
    winners: [query('EXPERIMENT#*')],
    ask: [put('EXPERIMENT#*')],
    putFigures: [put('EXPERIMENT#*')],
    advise: [update('EXPERIMENT#*')],
    publish: [put('EXPERIMENT#*'), update('EXPERIMENT#*')],
    withdraw: [get('EXPERIMENT#*'), update('EXPERIMENT#*')],
  },
  digests: {
    find: [get('STATS#*')],
    claim: [get('STATS#*'), put('STATS#*')],
    save: [put('STATS#*')],
  },
  salesTasks: {
    find: [get('TASK#*')],
    create: [put('TASK#*')],
    markQueued: [update('TASK#*')],
    markNotified: [update('TASK#*')],
    markTold: [update('TASK#*')],
    answer: [update('TASK#*')],
    markApplied: [update('TASK#*')],
    change: [update('TASK#*')],
    leaveIndex: [update('TASK#*')],
    wake: [update('TASK#*')],
    wakes: [get('TASK#*')],
    watchFrom: [update('TASK#*')],
    toWatch: [{ index: 'gsi1' }],
    lookAgain: [update('TASK#*')],
    nextMachine: [update('TASK#*')],
    held: [{ index: 'gsi2' }],
    ofRep: [{ index: 'gsi2' }],
    strip: [get('TASK#*'), put('TASK#*')],
  },
  desks: {
    read: [get('DESK')],
    write: [put('DESK')],
    companyRep: [get('COMPANY#*')],
    keepCompany: [update('COMPANY#*')],
  },
  stopList: {
    find: [get('STOP-LIST')],
    add: [put('STOP-LIST')],
    // By the command line, under the engineer's own rights; no function takes a company off.
    remove: nothing,
    all: [query('STOP-LIST')],
  },
  artifacts: { get: [{ object: 'artifacts/*' }], current, newest: current },
  config: { live: [{ object: liveConfigKey }] },
  mail: { send: [{ email: true }] },
  enrolQueue: { push: [{ queue: 'enrol' }] },
  wakeQueue: { push: [{ queue: 'wake' }] },
  eventQueue: { push: [{ queue: 'events' }] },
  salesQueue: { push: [{ queue: 'sales-tasks' }] },
  answerQueue: { push: [{ queue: 'answers' }] },
  noticeQueue: { push: [{ queue: 'notices' }] },
  importQueue: { push: [{ queue: 'imports' }] },
  drops: {
    rows: [{ drop: 'GetObject', under: 'leads/*' }],
    report: [{ drop: 'GetObject', under: 'reports/*' }],
    putReport: [{ drop: 'PutObject', under: 'reports/*' }],
  },
  dropStates: {
    find: [get('DROP#*')],
    claim: [update('DROP#*'), get('DROP#*')],
    record: [put('DROP#*')],
  },
  machines: {
    startLeg: [{ start: 'sequences' }, { publish: 'sequences' }, get('MACHINE#*'), put('MACHINE#*')],
    startHandoff: [{ start: 'handoff' }],
    legState: [{ look: 'sequences' }],
    handoffState: [{ look: 'handoff' }],
  },
  tokens: { succeed: [{ token: 'SendTaskSuccess' }], fail: [{ token: 'SendTaskFailure' }] },
  timers: { set: [{ timer: true }] },
};

/** What a handler's role may do: the grants of the methods in its contract, each once, in a stable order. */
export const grantsOf = (name: HandlerName): readonly Grant[] => {
  const all = Object.entries(handlers[name].uses).flatMap(([port, methods]) =>
    (methods as readonly string[]).flatMap(
      (method) => (grantsOfMethods[port as keyof Ports] as Record<string, readonly Grant[]>)[method] ?? [],
    ),
  );
  return [...new Map(all.map((it) => [JSON.stringify(it), it])).entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, it]) => it);
};
