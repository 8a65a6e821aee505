import type { SesEvent } from './events.ts';

/**
 * How an SES event on the EventBridge bus becomes ours: one rule a kind, each with the paths that it takes over. Nothing
 * else of the event goes on: no address, no subject, no IP. `sent` is not asked for: it would be a third of all events, and
 * whatever comes after it proves the same (docs/decisions/0007). The stack makes EventBridge rules with input transformers of
 * it, the embedded runtime evaluates the same paths (EventBridge's: dots and [index]).
 */
export type SesEventRule = {
  readonly kind: SesEvent['kind'];
  readonly detailType: string;
  readonly paths: { readonly [field in keyof SesEvent]?: string };
  /** Fields that may be missing, or are under one of these paths. */
  readonly mayHave?: { readonly [field in keyof SesEvent]?: readonly string[] };
};

/** Only mail to leads carries this tag; a sales brief does not. */
export const leadTagPath = ['detail', 'mail', 'tags', 'lead'] as const;

const common = {
  eventId: '$.id',
  messageId: '$.detail.mail.messageId',
  leadId: '$.detail.mail.tags.lead[0]',
  sequence: '$.detail.mail.tags.sequence[0]',
  enrolmentId: '$.detail.mail.tags.enrolment[0]',
  step: '$.detail.mail.tags.step[0]',
  round: '$.detail.mail.tags.round[0]',
  addressId: '$.detail.mail.tags.address[0]',
} as const;

/** When EventBridge got it: SES gives some kinds a time of their own, which is better. */
const atBus = { ...common, at: '$.time' };

/**
 * AWS announced on 2026-08-07 that SES marks automated opens and clicks. [?] Nothing public says what the field is called: any of
 * these is read, and none need be there. Once it is known the others can go.
 */
const automatedFields = ['isAutomated', 'automated', 'automatedInteraction', 'isBot', 'botDetected', 'machineGenerated'] as const;

/** Of opens and clicks. The address that it came from stays behind. */
const agentOf = (part: 'open' | 'click') => ({
  userAgent: [`$.detail.${part}.userAgent`],
  automated: automatedFields.map((field) => `$.detail.${part}.${field}`),
});

export const sesEventRules: readonly SesEventRule[] = [
  { kind: 'delivered', detailType: 'Email Delivered', paths: { ...common, at: '$.detail.delivery.timestamp' } },
  {
    kind: 'bounced',
    detailType: 'Email Bounced',
    paths: {
      ...common,
      at: '$.detail.bounce.timestamp',
      bounceType: '$.detail.bounce.bounceType',
      bounceSubType: '$.detail.bounce.bounceSubType',
    },
  },
  { kind: 'complained', detailType: 'Email Complaint Received', paths: { ...common, at: '$.detail.complaint.timestamp' } },
  { kind: 'rejected', detailType: 'Email Rejected', paths: atBus },
  {
    kind: 'opened',
    detailType: 'Email Opened',
    paths: { ...common, at: '$.detail.open.timestamp' },
    mayHave: agentOf('open'),
  },
  {
    kind: 'clicked',
    detailType: 'Email Clicked',
    paths: { ...common, at: '$.detail.click.timestamp', link: '$.detail.click.link' },
    mayHave: agentOf('click'),
  },
  { kind: 'rendering-failed', detailType: 'Email Rendering Failed', paths: atBus },
  { kind: 'delayed', detailType: 'Email Delivery Delayed', paths: atBus },
  { kind: 'subscription', detailType: 'Email Subscribed', paths: atBus },
];

/** EventBridge's variables and their paths. */
export const inputPathsOf = ({ paths, mayHave = {} }: SesEventRule): { readonly [variable: string]: string } => ({
  ...paths,
  ...Object.fromEntries(Object.entries(mayHave).flatMap(([field, some]) => some.map((path, at) => [`${field}${at}`, path] as const))),
});

/**
 * The JSON that EventBridge fills. A variable without quotes becomes JSON of its value. One that is missing becomes nothing, which
 * is JSON only between quotes: so what may be missing stands in quotes. And it stands first: were a program's name ever to bring
 * a field along, ours, which come after, would win.
 */
export const inputTemplateOf = ({ kind, paths, mayHave = {} }: SesEventRule): string => {
  const optional = Object.entries(mayHave).map(([field, some]) => `"${field}":"${some.map((_, at) => `<${field}${at}>`).join('')}"`);
  const fields = Object.keys(paths).map((field) => `"${field}":<${field}>`);
  return `{${[...optional, '"source":"ses"', `"kind":"${kind}"`, ...fields].join(',')}}`;
};
