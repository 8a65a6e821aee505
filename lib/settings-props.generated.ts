/** Made of lib/settings.ts by `npm run generate`. */
export interface SettingsProps {
  /** Part of every name, so that stages live beside each other in one account. Default: "prod". */
  readonly stage?: string | undefined;
  /** Outside stage prod: addresses and domains that mail goes to, and to nobody else; nobody without it. */
  readonly allowedRecipients?: readonly (string | '*')[] | undefined;
  /** Your SES sending rate; 1 in the sandbox (aws sesv2 get-account shows it). Default: 1. */
  readonly sendsPerSecond?: number | undefined;
  /** Functions that enrol at the same time; each does about 10 a second. Default: 5. */
  readonly enrolmentsAtOnce?: number | undefined;
  /** Throttle of the HTTP API: each page for leaving has so much for itself, what takes leads, events, visits and forms half of it each. Default: 50. */
  readonly apiRequestsPerSecond?: number | undefined;
  /** How long CloudWatch keeps logs. Default: 30. */
  readonly logRetentionDays?: 7 | 14 | 30 | 60 | 90 | 180 | 365 | undefined;
  /** What becomes of leads, queues, keys and buckets when their stack is destroyed; `delete` takes deleteDataOf as well. Default: "keep". */
  readonly onDestroy?: 'keep' | 'delete' | undefined;
  /** The second key: the stage by its name, for this one deployment (-c delete-data-of=dev); without it all data stays. */
  readonly deleteDataOf?: string | undefined;
  /** Make the SES domain identity of the sender in brand.yaml, with DKIM; false: you have it already. Default: false. */
  readonly createIdentity?: boolean | undefined;
  /** Label under the sender's domain that bounces go to (custom MAIL FROM), for the identity that createIdentity makes. Default: "bounce". */
  readonly mailFrom?: string | undefined;
  /** Who is told of alarms by mail; AWS asks the address to confirm. Without it only the topic is there. */
  readonly alarmEmail?: string | undefined;
  /** Whoever gets the alarms is told when the AWS bill of the month nears this, by AWS Budgets; wants alarmEmail. */
  readonly monthlyBudgetUsd?: number | undefined;
  /** Traces of functions in X-Ray, beyond its free 100,000 a month $5 a million. Default: false. */
  readonly tracing?: boolean | undefined;
  /** Host that tracked links and the open pixel lead through instead of awstrack.me; under a domain that is verified in SES. */
  readonly trackingDomain?: string | undefined;
  /** Tracked links are https: needs a CDN with a certificate in front of trackingDomain; false: links keep their own scheme. Default: true. */
  readonly trackingHttps?: boolean | undefined;
  /** Verified recipient addresses while SES keeps you in its sandbox: it asks permission for those too. */
  readonly sandboxRecipients?: readonly string[] | undefined;
  /** Take in answers to mails (docs/replies.md). */
  readonly replies?: {
    /** As in brand.yaml, replies.at; its MX record must lead to SES in a Region that receives mail. */
    readonly domain: string;
    /** How long mail that came in is kept; 14. Default: 14. */
    readonly keepDays?: number | undefined;
    /** The receipt rule set that is active in this account and Region, if there is one; without it one is made, which you activate. */
    readonly ruleSet?: string | undefined;
  } | undefined;
  /** Make the console with its sign-in (docs/console.md); -c console=true does the same. Default: false. */
  readonly console?: boolean | undefined;
  /** Tell HubSpot or Salesforce of handoffs and answers (docs/crm.md). */
  readonly crm?: {
    readonly hubspot?: {
      /** Its text is the token of a private app. */
      readonly secret: string;
      /** By what HubSpot knows a person: its own property, or the address. Default: "lead-id". */
      readonly match?: 'lead-id' | 'email' | undefined;
      /** Property with unique values that holds the id; baton_lead_id. */
      readonly idField?: string | undefined;
      readonly url?: string | undefined;
      /** By field of the lead: what it is called there (docs/crm.md). */
      readonly fields?: Readonly<Record<string, string>> | undefined;
    } | undefined;
    readonly salesforce?: {
      readonly domain: string;
      /** JSON with client-id and client-secret of a connected app (client credentials flow). */
      readonly secret: string;
      readonly object?: string | undefined;
      /** External id field of that object. Default: "Baton_Lead_Id__c". */
      readonly idField?: string | undefined;
      readonly apiVersion?: string | undefined;
      /** By field of the lead: what it is called there (docs/crm.md). */
      readonly fields?: Readonly<Record<string, string>> | undefined;
    } | undefined;
  } | undefined;
  /** Put CloudFront with your web ACL of AWS WAF in front of pages and API (docs/security.md); instead of linksCertificateArn. */
  readonly webAcl?: {
    /** ARN of a web ACL for CloudFront, with the rules that you want. */
    readonly arn: string;
    /** ACM certificate of the host in brand.yaml "links", in us-east-1. */
    readonly certificateArn: string;
    /** Another number is another key between CloudFront and the functions. Default: 1. */
    readonly key?: number | undefined;
  } | undefined;
  /** ACM certificate of the host in brand.yaml "links"; without it pages live under the API's own address. */
  readonly linksCertificateArn?: string | undefined;
}
