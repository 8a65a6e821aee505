import { createApiKeys } from '#adapters/crypto/api-keys';
import { createIds } from '#adapters/crypto/ids';
import { createLinks, LinkSecret } from '#adapters/crypto/links';
import { liquidTemplates } from '#adapters/email/liquid';
import { OutsideSecret } from '#adapters/http/outside-secret';
import { slackChat } from '#adapters/http/slack';
import { signedWebhooks } from '#adapters/http/webhooks';
import { actStore } from '#adapters/stores/acts';
import { aliasStore } from '#adapters/stores/aliases';
import { cardStore, noCards } from '#adapters/stores/cards';
import { consentLedger } from '#adapters/stores/consents';
import { countedMailStore } from '#adapters/stores/counted-mails';
import { counterStore } from '#adapters/stores/counters';
import { deskStore } from '#adapters/stores/desks';
import { digestStore } from '#adapters/stores/digests';
import { dropStateStore } from '#adapters/stores/drop-states';
import { enrolmentStore } from '#adapters/stores/enrolments';
import { erasureStore } from '#adapters/stores/erasures';
import { experimentStore } from '#adapters/stores/experiments';
import { formerLeadStore } from '#adapters/stores/former-leads';
import { healthStore } from '#adapters/stores/health';
import { historyStore } from '#adapters/stores/histories';
import { leadStore } from '#adapters/stores/leads';
import { decisionStore, eventStore, stageStore } from '#adapters/stores/ledger';
import { limitStore } from '#adapters/stores/limits';
import { lineStore, rememberingLine } from '#adapters/stores/line';
import { liveCountStore, noLiveCounts } from '#adapters/stores/live-counts';
import { recountStore } from '#adapters/stores/recounts';
import { runFigureStore } from '#adapters/stores/run-figures';
import { salesTaskStore } from '#adapters/stores/sales-tasks';
import { sendStore } from '#adapters/stores/sends';
import { stopListStore } from '#adapters/stores/stop-list';
import { suppressionStore } from '#adapters/stores/suppressions';
import { productionStage } from '#core/gate';
import { toInstant } from '#core/instant';
import { metricNamespace } from '#core/metrics';
import type { Ports } from '#core/ports';
import { cloudWatchAlarms } from './alarm-states.ts';
import { objectArtifacts, objectConfig, type ReadObject } from './artifacts.ts';
import { objectChecked } from './checked.ts';
import { cloudWatchClient, documents, dynamoClient, logsClient, sesClient, sfnClient, sqsClient } from './clients.ts';
import { cognitoSignIn } from './cognito.ts';
import { objectConsoleFiles } from './console-files.ts';
import { loggedFailures } from './dead-letter-failures.ts';
import { bucketDrops } from './drops.ts';
import { dynamoTable } from './dynamo-table.ts';
import { readEnvironment } from './env.ts';
import { busEvents } from './event-bus.ts';
import { lambdaLog } from './log.ts';
import { machineVersions } from './machine-versions.ts';
import { sfnMachines } from './machines.ts';
import { sesMail } from './mail.ts';
import { sesMailQuota } from './mail-quota.ts';
import { emfMetrics } from './metrics.ts';
import { pacedMail } from './pacing.ts';
import { sqsQueueStates } from './queue-states.ts';
import { sqsQueue } from './queues.ts';
import { withinReach } from './reach.ts';
import { s3ReplyMail } from './reply-mail.ts';
import { fromSecret } from './secret-port.ts';
import { signedFetch } from './signed-fetch.ts';
import { objectSimulations } from './simulations.ts';
import { taskQueue } from './task-queue.ts';
import { timersBy } from './timers.ts';
import { sfnTokens } from './tokens.ts';

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/**
 * From here on one function a port, under the port's name. A handler's bundle imports those that its contract names
 * (core/handlers.ts), so that it holds no other client and needs no other variable; nothing is made before it is called.
 */
const table = /* @__PURE__ */ once(() => dynamoTable(documents(dynamoClient()), readEnvironment('TABLE_NAME').TABLE_NAME));
const sfn = /* @__PURE__ */ once(() => sfnClient());
const sqs = /* @__PURE__ */ once(() => sqsClient());
const signed = /* @__PURE__ */ once(() => signedFetch());
const readObject: ReadObject = (key) => signed().getObject(readEnvironment('ARTIFACT_BUCKET').ARTIFACT_BUCKET, key);
const theArtifacts = /* @__PURE__ */ once(() => objectArtifacts(readObject, clock()));

export const clock = (): Ports['clock'] => ({ now: () => toInstant(Date.now()) });
export const log = (): Ports['log'] => lambdaLog();
export const metrics = (): Ports['metrics'] => emfMetrics(metricNamespace(readEnvironment('STAGE').STAGE));
export const mailQuota = (): Ports['mailQuota'] => sesMailQuota(signed);
export const artifacts = (): Ports['artifacts'] => theArtifacts();
export const config = (): Ports['config'] => objectConfig(readObject, clock());
export const replyMail = (): Ports['replyMail'] => s3ReplyMail(signed(), readEnvironment('REPLY_BUCKET').REPLY_BUCKET);
export const templates = (): Ports['templates'] => liquidTemplates();

export const leads = (): Ports['leads'] => leadStore(table());
export const enrolments = (): Ports['enrolments'] => enrolmentStore(table(), () => theArtifacts().waitLengths());
export const countedMails = (): Ports['countedMails'] => countedMailStore(table());
export const sends = (): Ports['sends'] => sendStore(table());
export const events = (): Ports['events'] => eventStore(table());
export const stages = (): Ports['stages'] => stageStore(table());
export const histories = (): Ports['histories'] => historyStore(table());
export const decisions = (): Ports['decisions'] => decisionStore(table());
export const suppressions = (): Ports['suppressions'] => suppressionStore(table());
export const limits = (): Ports['limits'] => limitStore(table());
export const aliases = (): Ports['aliases'] => aliasStore(table());
export const formerLeads = (): Ports['formerLeads'] => formerLeadStore(table());
export const consents = (): Ports['consents'] => consentLedger(table());
export const erasures = (): Ports['erasures'] => erasureStore(table());
export const line = (): Ports['line'] => {
  const {
    STAGE,
    TABLE_NAME: tableName,
    ALLOWED_RECIPIENTS: allowedRecipients,
  } = readEnvironment('STAGE', 'TABLE_NAME', 'ALLOWED_RECIPIENTS');
  return rememberingLine(lineStore(table(), { isProduction: STAGE === productionStage, tableName, allowedRecipients }), clock());
};
export const health = (): Ports['health'] => healthStore(table());
export const counters = (): Ports['counters'] => counterStore(table());
export const cards = (): Ports['cards'] => (readEnvironment('CONSOLE').CONSOLE === 'on' ? cardStore(table()) : noCards);
export const liveCounts = (): Ports['liveCounts'] => (readEnvironment('CONSOLE').CONSOLE === 'on' ? liveCountStore(table()) : noLiveCounts);
export const acts = () => actStore(table());
export const runFigures = (): Ports['runFigures'] => runFigureStore(table());
export const signIn = (): Ports['signIn'] => {
  const {
    USER_POOL_ID: userPoolId,
    USER_POOL_CLIENT_ID: clientId,
    SIGN_IN_ORIGIN: origin,
  } = readEnvironment('USER_POOL_ID', 'USER_POOL_CLIENT_ID', 'SIGN_IN_ORIGIN');
  return cognitoSignIn({ userPoolId, clientId, origin });
};
export const consoleFiles = (): Ports['consoleFiles'] => objectConsoleFiles(readObject);
export const simulations = (): Ports['simulations'] => objectSimulations(readObject, clock());
export const checked = (): Ports['checked'] => objectChecked(readObject, clock());
export const queueStates = (): Ports['queueStates'] => {
  const { QUEUE_URL_PREFIX: urls } = readEnvironment('QUEUE_URL_PREFIX');
  // Queues and functions of a stage are called alike.
  return sqsQueueStates(sqs(), urls, loggedFailures(logsClient(), urls.slice(urls.lastIndexOf('/') + 1), logPages));
};
/** A page waits for it. */
const logPages = 8;
export const alarmStates = (): Ports['alarmStates'] => cloudWatchAlarms(cloudWatchClient(), readEnvironment('ALARM_PREFIX').ALARM_PREFIX);
export const recounts = (): Ports['recounts'] => recountStore(table());
export const experiments = (): Ports['experiments'] => experimentStore(table());
export const digests = (): Ports['digests'] => digestStore(table());
export const salesTasks = (): Ports['salesTasks'] => salesTaskStore(table());
export const desks = (): Ports['desks'] => deskStore(table());
export const stopList = (): Ports['stopList'] => stopListStore(table());

export const ids = async (): Promise<Ports['ids']> =>
  createIds(await signed().getSecret(readEnvironment('IDENTITY_SECRET_ARN').IDENTITY_SECRET_ARN));
/** These keys are rotated: a function at work reads them anew (secret-port.ts). */
export const links = (): Promise<Ports['links']> =>
  fromSecret('links', clock(), async () => {
    const { LINK_SECRET_ARN: arn } = readEnvironment('LINK_SECRET_ARN');
    return createLinks(LinkSecret.parse(JSON.parse(await signed().getSecret(arn))), clock());
  });
export const apiKeys = (): Promise<Ports['apiKeys']> =>
  fromSecret('apiKeys', clock(), async () => {
    const { API_KEYS_SECRET_ARN: arn } = readEnvironment('API_KEYS_SECRET_ARN');
    return createApiKeys(JSON.parse(await signed().getSecret(arn)) as Record<string, string>);
  });

const outside = async () =>
  OutsideSecret.parse(JSON.parse(await signed().getSecret(readEnvironment('OUTSIDE_SECRET_ARN').OUTSIDE_SECRET_ARN)));
export const webhooks = (): Promise<Ports['webhooks']> => fromSecret('webhooks', clock(), async () => signedWebhooks(await outside()));
export const teamChat = (): Promise<Ports['teamChat']> => fromSecret('teamChat', clock(), async () => slackChat(await outside()));
export const salesEvents = (): Ports['salesEvents'] => busEvents(signed, readEnvironment('EVENT_BUS').EVENT_BUS);

export const mail = (): Ports['mail'] => {
  const {
    CONFIGURATION_SET: configurationSet,
    SENDS_PER_SECOND: perSecond,
    ALLOWED_RECIPIENTS: allowed,
  } = readEnvironment('CONFIGURATION_SET', 'SENDS_PER_SECOND', 'ALLOWED_RECIPIENTS');
  return withinReach(pacedMail(sesMail(sesClient(), configurationSet), perSecond), allowed, log());
};
export const enrolQueue = (): Ports['enrolQueue'] => sqsQueue(sqs(), readEnvironment('ENROL_QUEUE_URL').ENROL_QUEUE_URL);
export const wakeQueue = (): Ports['wakeQueue'] => sqsQueue(sqs(), readEnvironment('WAKE_QUEUE_URL').WAKE_QUEUE_URL);
export const eventQueue = (): Ports['eventQueue'] => sqsQueue(sqs(), readEnvironment('EVENT_QUEUE_URL').EVENT_QUEUE_URL);
export const salesQueue = (): Ports['salesQueue'] => taskQueue(sqsQueue(sqs(), readEnvironment('SALES_QUEUE_URL').SALES_QUEUE_URL));
export const answerQueue = (): Ports['answerQueue'] => sqsQueue(sqs(), readEnvironment('ANSWER_QUEUE_URL').ANSWER_QUEUE_URL);
export const noticeQueue = (): Ports['noticeQueue'] => sqsQueue(sqs(), readEnvironment('NOTICE_QUEUE_URL').NOTICE_QUEUE_URL);

export const importQueue = (): Ports['importQueue'] => sqsQueue(sqs(), readEnvironment('IMPORT_QUEUE_URL').IMPORT_QUEUE_URL);
export const drops = (): Ports['drops'] => bucketDrops(signed, () => readEnvironment('DROP_BUCKET').DROP_BUCKET);
export const dropStates = (): Ports['dropStates'] => dropStateStore(table());

export const machines = (): Ports['machines'] => {
  const { SEQUENCE_MACHINE_ARN_PREFIX: prefix, HANDOFF_MACHINE_ARN: handoff } = readEnvironment(
    'SEQUENCE_MACHINE_ARN_PREFIX',
    'HANDOFF_MACHINE_ARN',
  );
  const machineOf = (id: string) => `${prefix}${id}`;
  return sfnMachines(sfn(), { sequence: machineVersions(sfn(), table(), machineOf), machineOf, handoff });
};
export const tokens = (): Ports['tokens'] => sfnTokens(sfn());
export const timers = (): Ports['timers'] => {
  const { TIMER_GROUP: group, TIMER_ROLE_ARN: roleArn } = readEnvironment('TIMER_GROUP', 'TIMER_ROLE_ARN');
  return timersBy((request) => signed().createSchedule(request), { group, roleArn });
};
