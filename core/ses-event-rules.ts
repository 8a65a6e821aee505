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
  /** Fields that may be missing, under one of these paths. What is there becomes text. */
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
 * AWS announced in August 2026 that SES flags automated opens and clicks; the field's name could not be confirmed against a
 * live account. Any of these is read; a path that is not there gives nothing.
 */
const flagsOf = (kind: 'open' | 'click') => ({
  automated: ['isAutomated', 'automated', 'isBot', 'botDetected'].map((field) => `$.detail.${kind}.${field}`),
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
    paths: { ...common, at: '$.detail.open.timestamp', userAgent: '$.detail.open.userAgent' },
    mayHave: flagsOf('open'),
  },
  {
    kind: 'clicked',
    detailType: 'Email Clicked',
    paths: { ...common, at: '$.detail.click.timestamp', link: '$.detail.click.link', userAgent: '$.detail.click.userAgent' },
    mayHave: flagsOf('click'),
  },
  { kind: 'rendering-failed', detailType: 'Email Rendering Failed', paths: atBus },
  { kind: 'delayed', detailType: 'Email Delivery Delayed', paths: atBus },
  { kind: 'subscription', detailType: 'Email Subscribed', paths: atBus },
];
