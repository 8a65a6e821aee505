import { Aws, Fn } from 'aws-cdk-lib';
import * as z from 'zod';
import { everybody } from '#core/allow-list';
import { didYouMean } from '#core/did-you-mean';
import { productionStage } from '#core/gate';
import { metricNamespace } from '#core/metrics';
import { stagePattern, stageRule, wrongStage } from '#core/stage';

const secretName = z.string().min(1).max(200).describe('Name or ARN of a secret that you made in Secrets Manager');
const fields = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, 'a field of a lead, such as first-name, or one of Baton, such as baton-stage'),
    z.string().min(1),
  )
  .describe('By field of the lead: what it is called there (docs/crm.md)');
const Crm = z.strictObject({
  hubspot: z
    .strictObject({
      secret: secretName.describe('Its text is the token of a private app'),
      match: z.enum(['lead-id', 'email']).default('lead-id').describe('By what HubSpot knows a person: its own property, or the address'),
      idField: z.string().min(1).optional().describe('Property with unique values that holds the id; baton_lead_id'),
      url: z.url().default('https://api.hubapi.com'),
      fields: fields.default({
        email: 'email',
        'first-name': 'firstname',
        'last-name': 'lastname',
        company: 'company',
        'job-title': 'jobtitle',
        phone: 'phone',
      }),
    })
    .optional(),
  salesforce: z
    .strictObject({
      domain: z.string().regex(/^[a-z0-9.-]+\.my\.salesforce\.com$/, 'your domain at Salesforce, such as yourcompany.my.salesforce.com'),
      secret: secretName.describe('JSON with client-id and client-secret of a connected app (client credentials flow)'),
      object: z.string().regex(/^\w+$/).default('Lead'),
      idField: z.string().regex(/^\w+$/).default('Baton_Lead_Id__c').describe('External id field of that object'),
      apiVersion: z
        .string()
        .regex(/^\d{2}\.0$/)
        .default('62.0'),
      fields: fields.default({
        email: 'Email',
        'first-name': 'FirstName',
        'last-name': 'LastName',
        company: 'Company',
        'job-title': 'Title',
        phone: 'Phone',
      }),
    })
    .optional(),
});

/** What the engineer decides, in cdk.json under `context.baton`; `-c stage=dev` on the command line overrides the stage. */
export const Settings = z.strictObject({
  stage: z
    .string()
    .regex(stagePattern, stageRule)
    .default('prod')
    .describe('Part of every name, so that stages live beside each other in one account'),
  allowedRecipients: z
    .array(
      z.union([
        z.email(),
        z.string().regex(/^@?([a-z0-9-]+\.)+[a-z]{2,}$/i, 'an address, a domain such as yourcompany.com, or "*" for everybody'),
        z.literal(everybody),
      ]),
    )
    .optional()
    .describe('Outside stage prod: addresses and domains that mail goes to, and to nobody else; nobody without it'),
  sendsPerSecond: z
    .number()
    .min(1)
    .max(5000)
    .default(1)
    .describe('Your SES sending rate; 1 in the sandbox (aws sesv2 get-account shows it)'),
  enrolmentsAtOnce: z
    .number()
    .int()
    .min(2)
    .max(1000)
    .default(5)
    .describe('Functions that enrol at the same time; each does about 10 a second'),
  apiRequestsPerSecond: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe(
      'Throttle of the HTTP API: each page for leaving has so much for itself, what takes leads, events, visits and forms half of it each',
    ),
  logRetentionDays: z.literal([7, 14, 30, 60, 90, 180, 365]).default(30).describe('How long CloudWatch keeps logs'),
  onDestroy: z
    .enum(['keep', 'delete'])
    .default('keep')
    .describe('What becomes of leads, queues, keys and buckets when their stack is destroyed; `delete` takes deleteDataOf as well'),
  deleteDataOf: z
    .string()
    .optional()
    .describe('The second key: the stage by its name, for this one deployment (-c delete-data-of=dev); without it all data stays'),
  createIdentity: z
    .boolean()
    .default(false)
    .describe('Make the SES domain identity of the sender in brand.yaml, with DKIM; false: you have it already'),
  mailFrom: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .default('bounce')
    .describe("Label under the sender's domain that bounces go to (custom MAIL FROM), for the identity that createIdentity makes"),
  alarmEmail: z
    .email()
    .optional()
    .describe('Who is told of alarms by mail; AWS asks the address to confirm. Without it only the topic is there'),
  monthlyBudgetUsd: z
    .number()
    .positive()
    .optional()
    .describe('Whoever gets the alarms is told when the AWS bill of the month nears this, by AWS Budgets; wants alarmEmail'),
  tracing: z.boolean().default(false).describe('Traces of functions in X-Ray, beyond its free 100,000 a month $5 a million'),
  trackingDomain: z
    .string()
    .regex(
      /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
      'a host name in lower case, e.g. click.yourcompany.com',
    )
    .optional()
    .describe('Host that tracked links and the open pixel lead through instead of awstrack.me; under a domain that is verified in SES'),
  trackingHttps: z
    .boolean()
    .default(true)
    .describe('Tracked links are https: needs a CDN with a certificate in front of trackingDomain; false: links keep their own scheme'),
  sandboxRecipients: z
    .array(z.email())
    .default([])
    .describe('Verified recipient addresses while SES keeps you in its sandbox: it asks permission for those too'),
  replies: z
    .strictObject({
      domain: z
        .string()
        .regex(
          /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
          'a host name in lower case, e.g. reply.yourcompany.com',
        )
        .describe('As in brand.yaml, replies.at; its MX record must lead to SES in a Region that receives mail'),
      keepDays: z.number().int().min(1).max(90).default(14).describe('How long mail that came in is kept; 14'),
      ruleSet: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .describe(
          'The receipt rule set that is active in this account and Region, if there is one; without it one is made, which you activate',
        ),
    })
    .optional()
    .describe('Take in answers to mails (docs/replies.md)'),
  console: z.boolean().default(false).describe('Make the console with its sign-in (docs/console.md); -c console=true does the same'),
  crm: Crm.optional().describe('Tell HubSpot or Salesforce of handoffs and answers (docs/crm.md)'),
  webAcl: z
    .strictObject({
      arn: z
        .string()
        .regex(/^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\//, 'ARN of a global web ACL: one of CloudFront, made in us-east-1')
        .describe('ARN of a web ACL for CloudFront, with the rules that you want'),
      certificateArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:acm:us-east-1:/, 'ARN of a certificate in us-east-1, where CloudFront takes them from')
        .describe('ACM certificate of the host in brand.yaml "links", in us-east-1'),
      key: z.number().int().min(1).default(1).describe('Another number is another key between CloudFront and the functions'),
    })
    .optional()
    .describe('Put CloudFront with your web ACL of AWS WAF in front of pages and API (docs/security.md); instead of linksCertificateArn'),
  linksCertificateArn: z
    .string()
    .startsWith('arn:')
    .optional()
    .describe('ACM certificate of the host in brand.yaml "links"; without it pages live under the API\'s own address'),
});
export type Settings = z.output<typeof Settings>;

/** What the command line says beside cdk.json: `-c stage=dev`, `-c delete-data-of=dev`, `-c console=true`. */
export type Overrides = { readonly stage?: unknown; readonly deleteDataOf?: unknown; readonly console?: unknown };

/** What holds for every stage, and under `stages` what else holds for one. Throws with every mistake by its name. */
export const readSettings = (context: unknown, overrides: Overrides = {}, from = 'cdk.json, context.baton'): Settings => {
  const { stages, ...common } = (context ?? {}) as { readonly stages?: unknown };
  const { console, ...others } = Object.fromEntries(Object.entries(overrides).filter(([, it]) => it !== undefined));
  const named: { readonly stage?: string } = { ...common, ...others };
  const read = Settings.safeParse({
    ...named,
    ...settingsOf(stages, named.stage ?? productionStage, from),
    ...(console !== undefined && { console: { true: true, false: false }[String(console)] ?? console }),
  });
  if (!read.success) throw new Error([`${from}: ${z.prettifyError(read.error)}`, ...hintsOf(read.error)].join('\n'));
  if (read.data.stage === productionStage) refuseInProduction(read.data, from);
  if (read.data.webAcl && read.data.linksCertificateArn !== undefined)
    throw new Error(`${from}: webAcl takes the host of links to CloudFront, linksCertificateArn to API Gateway; leave one out`);
  if (read.data.monthlyBudgetUsd !== undefined && read.data.alarmEmail === undefined)
    throw new Error(`${from}: monthlyBudgetUsd wants alarmEmail, whom AWS Budgets tells`);
  return read.data;
};

const hintsOf = ({ issues }: z.ZodError): readonly string[] =>
  issues.flatMap((it) => {
    if (it.code !== 'unrecognized_keys' || it.path.length > 0) return [];
    return it.keys.map((key) => {
      const meant = didYouMean(key, Object.keys(Settings.shape));
      return meant === undefined ? `  ${key}: the settings are in docs/deploy.md` : `  ${key}: did you mean ${meant}?`;
    });
  });

const settingsOf = (stages: unknown, stage: string, from: string): object => {
  const read = z
    .record(z.string(), z.looseObject({ stage: z.never('a stage cannot name another').optional() }))
    .default({})
    .safeParse(stages);
  if (!read.success) throw new Error(`${from}.stages: ${z.prettifyError(read.error)}`);
  for (const name of Object.keys(read.data)) {
    const wrong = wrongStage(name);
    if (wrong !== undefined) throw new Error(`${from}.stages: ${wrong}`);
  }
  return read.data[stage] ?? {};
};

/** By accident production would keep mail from its leads, or lose them. */
const refuseInProduction = ({ allowedRecipients, onDestroy, deleteDataOf }: Settings, from: string): void => {
  const where = `stage ${productionStage}; write it under "stages", for the stage that it is meant for: "stages": { "dev": { … } }`;
  // Most likely -c stage was forgotten.
  if (deleteDataOf !== undefined && deleteDataOf !== productionStage) throw new Error(otherStage(deleteDataOf, productionStage));
  if (onDestroy === 'delete' || deleteDataOf !== undefined)
    throw new Error(
      `${from}: ${deleteDataOf === undefined ? 'onDestroy: delete' : 'deleteDataOf'} is not for ${where}. docs/deploy.md says how to end production`,
    );
  if (allowedRecipients) throw new Error(`${from}: allowedRecipients is not for ${where}`);
};

export const otherStage = (named: string, stage: string): string =>
  `delete-data-of names the stage "${named}", and this is "${stage}": nothing was changed`;

/** Whom mail may go to: everybody from production, elsewhere whom the settings name. */
export const recipientsOf = ({ stage, allowedRecipients = [], sandboxRecipients }: Settings): readonly string[] =>
  stage === productionStage ? [everybody] : [...new Set([...allowedRecipients, ...sandboxRecipients])];

/** A send with its rows takes some 0.3 s. */
export const sendsPerFunction = 3;
/** SES tells of a mail that it arrived, and often that it was opened or clicked; a call takes some 60 ms. */
const eventsPerFunction = 15;
const eventsPerMail = 3;

/** Functions that take in what SES tells: so many that they keep up with what is sent. */
export const eventFunctions = ({ sendsPerSecond }: Pick<Settings, 'sendsPerSecond'>): number =>
  Math.min(1000, Math.max(20, Math.ceil((sendsPerSecond * eventsPerMail) / eventsPerFunction)));

/** SQS event sources need at least two. */
export const sendPacing = ({ sendsPerSecond }: Pick<Settings, 'sendsPerSecond'>) => {
  const functions = Math.min(1000, Math.max(2, Math.ceil(sendsPerSecond / sendsPerFunction)));
  const perFunction = sendsPerSecond / functions;
  // A batch must be done well within the function's time-out.
  return { functions, perFunction, batchSize: Math.max(1, Math.min(10, Math.floor(perFunction * 15))) };
};

/** Names that the stacks agree on without reading each other: a role may name a function before it exists. */
export const namesOf = (stage: string) => {
  const prefix = `baton-${stage}`;
  return {
    stage,
    prefix,
    functionName: (handler: string) => `${prefix}-${handler}`,
    machineName: (sequence: string) => `${prefix}-${sequence}`,
    /** No sequence can be called so: ids have no underscore. */
    handoffMachine: `${prefix}_handoff`,
    ruleName: (rule: string) => `${prefix}-${rule}`,
    configurationSet: prefix,
    /** Everything about leads. */
    table: `${prefix}-table`,
    secret: (name: string) => `${prefix}/${name}`,
    /** Names of roles are an account's, stages a Region's: the Region follows. */
    machinesRole: `${prefix}-machines`,
    timersRole: `${prefix}-timers`,
    /** Says the id of the user pool, which Cognito makes up. */
    peopleParameter: `/${prefix}/user-pool`,
    /** The same of the stream of the table: when it was made is in its ARN. */
    streamParameter: `/${prefix}/changes`,
    /** Group of the schedules that end waits. */
    timerGroup: prefix,
    /** Where other systems hear of handoffs. */
    eventBus: `${prefix}-sales`,
    /** Namespace of our own metrics. */
    metrics: metricNamespace(stage),
    /** Bucket names are shared by all accounts of the world. */
    bucket: `${prefix}-artifacts-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
    /** The same name in one word: two hundred machines say it in a template of limited size. */
    bucketAsSub: () => Fn.sub(`${prefix}-artifacts-\${AWS::AccountId}-\${AWS::Region}`),
    dropBucket: `${prefix}-drop-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
    /** Mail that came in. */
    replyBucket: `${prefix}-replies-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
    receiptRuleSet: prefix,
    /** Where batches are told of that the console's counts lost. */
    lostCounts: `${prefix}-console-counts-lost`,
  };
};
export type Names = ReturnType<typeof namesOf>;
