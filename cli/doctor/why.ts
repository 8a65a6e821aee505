/** Why each finding matters, by the name of its check. */
export const whyOf = (check: string): string => why[check] ?? why[check.split(':')[0] ?? ''] ?? '';

const why: { readonly [check: string]: string } = {
  AWS: 'without an answer nothing of what follows is known',
  suppressions: 'who left another tool must not hear from this one; in production no mail goes before this is settled',
  pauses: 'whoever waits for mail that is paused waits, and after some 50 days goes without',
  recipients: 'a test must not reach your customers, and production must reach all of them',
  account: 'everything else is asked there',
  sandbox: 'in it, SES mails verified addresses only: 200 a day, one a second',
  sending: 'when SES sends nothing, every mail waits',
  quota: 'at the limit mail waits for the day to move on',
  rate: 'a rate above what SES allows is throttled, and costs calls for nothing',
  plan: 'the plan sets the price of every mail',
  'suppression list': 'mail to addresses that bounced or complained harms your standing, whichever system sends it',
  identity: 'SES refuses mail from a domain that it does not know as yours',
  DKIM: 'Gmail, Yahoo and Outlook refuse bulk mail that is not signed by its domain',
  'MAIL FROM': 'with bounces at a domain of yours, SPF counts for you',
  SPF: 'mailbox providers ask whether SES may send for the domain that bounces go to',
  DMARC: 'Gmail, Yahoo and Outlook want it of whoever sends more than 5,000 a day',
  'configuration set': 'without it SES refuses every mail of this stage',
  'event destination': 'without it nobody hears of bounces, complaints, opens and clicks',
  'open executions': 'one run under way is one execution; at the limit new runs wait',
  'Lambda concurrency': 'when it is used up queues wait and pages answer with errors',
  'keys of links': 'a key that is known to somebody lets them leave in the name of others; the older it is, the likelier',
  'keys of sources': 'whoever has a key may send leads and events in its name',
  load: 'what the simulation needs must fit into what AWS allows, before the first send',
  marketing: 'what does not compile is not deployed',
};
