import * as z from 'zod/mini';
import type { Front } from '#core/front';
import type { HandlerName, PortName, Use } from '#core/handlers';

const text = (atLeast: number) => z.string().check(z.minLength(atLeast));

/** Every variable that a handler may need, once. The CDK app sets them under the same names (one type on both sides). */
export const Environment = z.object({
  /** the single table */
  TABLE_NAME: text(3),
  /** stage of the deployment; in `prod` no mail goes before suppressions were brought over */
  STAGE: text(1),
  /** who may get mail, with commas in between; `*` is everybody */
  ALLOWED_RECIPIENTS: z.pipe(
    z.string(),
    z.transform((text) => text.split(',').filter((it) => it !== '')),
  ),
  /** compiled sequences and live config */
  ARTIFACT_BUCKET: text(3),
  /** mail that leads answered with, for some days */
  REPLY_BUCKET: text(3),
  /** secret with the HMAC key of lead ids; never rotates */
  IDENTITY_SECRET_ARN: text(1),
  /** secret with the keys of signed links, by key id, and which one signs */
  LINK_SECRET_ARN: text(1),
  /** secret with the keys of systems that send leads and events */
  API_KEYS_SECRET_ARN: text(1),
  /** secret that signs webhooks, and holds the team's Slack channels */
  OUTSIDE_SECRET_ARN: text(1),
  /** SES configuration set */
  CONFIGURATION_SET: text(1),
  /** calls to SES that one function instance may make in a second */
  SENDS_PER_SECOND: z.coerce.number().check(z.positive()),
  ENROL_QUEUE_URL: z.url(),
  WAKE_QUEUE_URL: z.url(),
  EVENT_QUEUE_URL: z.url(),
  SALES_QUEUE_URL: z.url(),
  ANSWER_QUEUE_URL: z.url(),
  /** name of the bus that other systems hear of handoffs on */
  EVENT_BUS: text(1),
  NOTICE_QUEUE_URL: z.url(),
  IMPORT_QUEUE_URL: z.url(),
  /** lists that other systems drop, and the reports beside them */
  DROP_BUCKET: text(3),
  /** ARN of a sequence machine without its id */
  SEQUENCE_MACHINE_ARN_PREFIX: text(1),
  HANDOFF_MACHINE_ARN: text(1),
  /** `on`: there is a console, and its lists are kept; else `off` */
  CONSOLE: text(1),
  /** user pool and client of whoever signs in to the console, and the pool's own pages */
  USER_POOL_ID: text(1),
  USER_POOL_CLIENT_ID: text(1),
  SIGN_IN_ORIGIN: z.url(),
  /** queues of this stage, by `<url of any of them without its name>` */
  QUEUE_URL_PREFIX: z.url(),
  /** what alarms of this stage are called by first */
  ALARM_PREFIX: text(1),
  /** group of the schedules that end waits, and the role under which they do */
  TIMER_GROUP: text(1),
  TIMER_ROLE_ARN: text(1),
});
export type Environment = z.output<typeof Environment>;
export type Variable = keyof Environment;

const table = ['TABLE_NAME'] as const;
const none = [] as const;

/** What each port is made from. */
export const variablesOfPort = {
  clock: none,
  log: none,
  metrics: ['STAGE'],
  mailQuota: none,
  templates: none,
  tokens: none,
  leads: table,
  enrolments: table,
  sends: table,
  countedMails: table,
  events: table,
  stages: table,
  histories: table,
  decisions: table,
  suppressions: table,
  aliases: table,
  formerLeads: table,
  consents: table,
  erasures: table,
  line: ['TABLE_NAME', 'STAGE', 'ALLOWED_RECIPIENTS'],
  health: table,
  counters: table,
  recounts: table,
  cards: ['TABLE_NAME', 'CONSOLE'],
  acts: ['TABLE_NAME'],
  runFigures: table,
  liveCounts: ['TABLE_NAME', 'CONSOLE'],
  signIn: ['USER_POOL_ID', 'USER_POOL_CLIENT_ID', 'SIGN_IN_ORIGIN'],
  consoleFiles: ['ARTIFACT_BUCKET'],
  simulations: ['ARTIFACT_BUCKET'],
  checked: ['ARTIFACT_BUCKET'],
  queueStates: ['QUEUE_URL_PREFIX'],
  alarmStates: ['ALARM_PREFIX'],
  experiments: table,
  digests: table,
  salesTasks: table,
  desks: table,
  stopList: table,
  limits: table,
  artifacts: ['ARTIFACT_BUCKET'],
  config: ['ARTIFACT_BUCKET'],
  replyMail: ['REPLY_BUCKET'],
  ids: ['IDENTITY_SECRET_ARN'],
  links: ['LINK_SECRET_ARN'],
  webhooks: ['OUTSIDE_SECRET_ARN'],
  teamChat: ['OUTSIDE_SECRET_ARN'],
  apiKeys: ['API_KEYS_SECRET_ARN'],
  mail: ['CONFIGURATION_SET', 'SENDS_PER_SECOND', 'ALLOWED_RECIPIENTS'],
  enrolQueue: ['ENROL_QUEUE_URL'],
  wakeQueue: ['WAKE_QUEUE_URL'],
  eventQueue: ['EVENT_QUEUE_URL'],
  salesQueue: ['SALES_QUEUE_URL'],
  answerQueue: ['ANSWER_QUEUE_URL'],
  salesEvents: ['EVENT_BUS'],
  noticeQueue: ['NOTICE_QUEUE_URL'],
  importQueue: ['IMPORT_QUEUE_URL'],
  drops: ['DROP_BUCKET'],
  dropStates: table,
  machines: ['SEQUENCE_MACHINE_ARN_PREFIX', 'HANDOFF_MACHINE_ARN', 'TABLE_NAME'],
  timers: ['TIMER_GROUP', 'TIMER_ROLE_ARN'],
} as const satisfies { readonly [P in PortName]: readonly Variable[] };

/** The environment of one handler, as the stack must set it: each variable of each of its ports, and no other. */
export type EnvironmentOf<Name extends HandlerName> = {
  readonly [V in (typeof variablesOfPort)[keyof Use<Name> & PortName][number]]: string;
};

/** Reads and checks the named variables; throws with all that is missing, before any work is taken. */
export const readEnvironment = <K extends Variable>(...names: readonly K[]): Pick<Environment, K> => {
  const wanted = z.pick(Environment, Object.fromEntries(names.map((it) => [it, true])) as never);
  const read = wanted.safeParse(process.env);
  if (!read.success) throw new Error(`the environment is not complete: ${z.prettifyError(read.error)}`);
  return read.data as Pick<Environment, K>;
};

const FrontOf = z.object({ FRONT_HOST: z.optional(text(1)), FRONT_KEY: z.optional(text(16)) });

/** The CDN in front of the API, if there is one. A host without a key would let everybody by. */
export const readFront = (): Front | undefined => {
  const { FRONT_HOST: host, FRONT_KEY: key } = FrontOf.parse(process.env);
  if ((host === undefined) !== (key === undefined))
    throw new Error('the environment is not complete: FRONT_HOST and FRONT_KEY go together');
  return host !== undefined && key !== undefined ? { host, key } : undefined;
};

const Runtime = z.object({
  AWS_REGION: text(1),
  AWS_ACCESS_KEY_ID: text(1),
  AWS_SECRET_ACCESS_KEY: text(1),
  AWS_SESSION_TOKEN: z.optional(z.string()),
});

const Endpoints = z.object({
  AWS_ENDPOINT_URL: z.optional(z.url()),
  AWS_ENDPOINT_URL_S3: z.optional(z.url()),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.optional(z.url()),
  AWS_ENDPOINT_URL_EVENTBRIDGE: z.optional(z.url()),
  AWS_ENDPOINT_URL_SESV2: z.optional(z.url()),
  AWS_ENDPOINT_URL_SCHEDULER: z.optional(z.url()),
  AWS_ENDPOINT_URL_STS: z.optional(z.url()),
});
export type EndpointService = 's3' | 'secretsmanager' | 'events' | 'ses' | 'scheduler' | 'sts';

/** AWS's own variables for another endpoint, by service or for all; the SDK's clients read them too. Absent on AWS itself. */
export const readEndpoints = (): { readonly [service in EndpointService]: string | undefined } => {
  const read = Endpoints.parse(process.env);
  return {
    s3: read.AWS_ENDPOINT_URL_S3 ?? read.AWS_ENDPOINT_URL,
    secretsmanager: read.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? read.AWS_ENDPOINT_URL,
    events: read.AWS_ENDPOINT_URL_EVENTBRIDGE ?? read.AWS_ENDPOINT_URL,
    ses: read.AWS_ENDPOINT_URL_SESV2 ?? read.AWS_ENDPOINT_URL,
    scheduler: read.AWS_ENDPOINT_URL_SCHEDULER ?? read.AWS_ENDPOINT_URL,
    sts: read.AWS_ENDPOINT_URL_STS ?? read.AWS_ENDPOINT_URL,
  };
};

/** What Lambda itself sets for every function. */
export const readRuntime = () => {
  const read = Runtime.parse(process.env);
  return {
    region: read.AWS_REGION,
    credentials: {
      accessKeyId: read.AWS_ACCESS_KEY_ID,
      secretAccessKey: read.AWS_SECRET_ACCESS_KEY,
      ...(read.AWS_SESSION_TOKEN !== undefined && { sessionToken: read.AWS_SESSION_TOKEN }),
    },
  };
};
