import { SesEvent } from '#core/events';

/** An SES event as the default EventBridge bus carries it. */
export type BusEvent = {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: {
    readonly mail: {
      readonly messageId: string;
      readonly timestamp: string;
      readonly destination: readonly string[];
      readonly commonHeaders: { readonly subject: string };
      readonly tags: Readonly<Record<string, readonly string[]>>;
    };
    readonly click?: { readonly link: string; readonly timestamp: string };
    readonly bounce?: { readonly bounceType: string; readonly bounceSubType: string };
  };
};

export const detailTypes: { readonly [kind in SesEvent['kind']]: string } = {
  sent: 'Email Sent',
  delivered: 'Email Delivered',
  bounced: 'Email Bounced',
  complained: 'Email Complaint Received',
  rejected: 'Email Rejected',
  opened: 'Email Opened',
  clicked: 'Email Clicked',
  'rendering-failed': 'Email Rendering Failed',
  delayed: 'Email Delivery Delayed',
  subscription: 'Email Subscribed',
};

const kinds = new Map(Object.entries(detailTypes).map(([kind, type]) => [type, kind]));

/** The one mapping from SES's event to ours: our tags and what happened, no address, no subject. */
export const toSesEvent = ({ id, time, detail, ...event }: BusEvent): SesEvent => {
  const tag = (name: string) => detail.mail.tags[name]?.[0];
  return SesEvent.parse({
    source: 'ses',
    eventId: id,
    kind: kinds.get(event['detail-type']),
    at: time,
    messageId: detail.mail.messageId,
    leadId: tag('lead'),
    sequence: tag('sequence'),
    enrolmentId: tag('enrolment'),
    step: tag('step'),
    round: tag('round'),
    link: detail.click?.link,
    bounceType: detail.bounce?.bounceType,
    bounceSubType: detail.bounce?.bounceSubType,
  });
};
