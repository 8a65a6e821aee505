import { alarmMessages } from './alarm-messages.ts';
import type { HandlerName } from './handlers.ts';

/**
 * What somebody must look at: the message as it is logged, and the functions that log it. The stack makes alarms of it
 * (lib/constructs/alarms.ts); what it means stays out of the functions' bundles.
 */
export type Alarm = {
  readonly message: string;
  readonly loggedBy: readonly HandlerName[];
  /** So many within so long ring it. */
  readonly atLeast: number;
  readonly withinSeconds: number;
  /** What it means and what to do, as the mail of the alarm says it. */
  readonly means: string;
};

const soon = { atLeast: 1, withinSeconds: 300 } as const;

export const alarms = {
  'sequence-paused': {
    message: alarmMessages['sequence-paused'],
    loggedBy: ['process-events'],
    ...soon,
    means: 'A sequence paused itself: too many of its mails bounced or were reported as spam. See docs/feedback.md.',
  },
  'mail-rejected': {
    message: alarmMessages['mail-rejected'],
    loggedBy: ['process-events'],
    ...soon,
    means: 'SES took a mail and then refused it as harmful. Look at the links and texts of its e-mail.',
  },
  'rendering-failed': {
    message: alarmMessages['rendering-failed'],
    loggedBy: ['process-events'],
    ...soon,
    means: 'SES took a mail and could not render it. Look at its e-mail.',
  },
  'email-failed': {
    message: alarmMessages['email-failed'],
    loggedBy: ['send-email'],
    ...soon,
    means: 'A mail could not be filled in for a lead, or SES refused it at once; the log says which e-mail and why. The lead goes on.',
  },
  'sending-closed': {
    message: alarmMessages['sending-closed'],
    loggedBy: ['send-email'],
    ...soon,
    means: 'SES takes no mail at all (suspended, paused, domain not verified, quota). Nothing is lost; mails wait.',
  },
  // One report is a notice to the owner; by themselves they pause a sequence. Several within an hour are worth a look at once.
  complaints: {
    message: alarmMessages.complaints,
    loggedBy: ['process-events'],
    atLeast: 3,
    withinSeconds: 3600,
    means: 'Several readers reported mails as spam within an hour.',
  },
  'budget-spent': {
    message: alarmMessages['budget-spent'],
    loggedBy: ['send-email'],
    ...soon,
    means: 'The month’s budget for mail in brand.yaml is spent: marketing mail waits for the next month.',
  },
  'reply-of-nobody': {
    message: alarmMessages['reply-of-nobody'],
    loggedBy: ['take-reply'],
    ...soon,
    means: 'Mail came to the address for answers and no lead could be found for it. It is kept for some days. See docs/replies.md.',
  },
} as const satisfies { readonly [name: string]: Alarm };

export type AlarmName = keyof typeof alarms;
export const alarmNames = Object.keys(alarms) as readonly AlarmName[];
