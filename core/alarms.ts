import type { HandlerName } from './handlers.ts';

/**
 * What somebody must look at: the message as it is logged, and the functions that log it. Code logs these constants and the
 * stack watches the same (lib/constructs/alarms.ts), so that other words cannot silence an alarm.
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
    message: 'sequence paused',
    loggedBy: ['process-events'],
    ...soon,
    means: 'A sequence paused itself: too many of its mails bounced or were reported as spam. See docs/feedback.md.',
  },
  'mail-rejected': {
    message: 'mail rejected by ses',
    loggedBy: ['process-events'],
    ...soon,
    means: 'SES took a mail and then refused it as harmful. Look at the links and texts of its e-mail.',
  },
  'rendering-failed': {
    message: 'mail not rendered by ses',
    loggedBy: ['process-events'],
    ...soon,
    means: 'SES took a mail and could not render it. Look at its e-mail.',
  },
  'email-failed': {
    message: 'email failed',
    loggedBy: ['send-email'],
    ...soon,
    means: 'A mail could not be filled in for a lead, or SES refused it at once; the log says which e-mail and why. The lead goes on.',
  },
  'sending-closed': {
    message: 'sending is closed',
    loggedBy: ['send-email'],
    ...soon,
    means: 'SES takes no mail at all (suspended, paused, domain not verified, quota). Nothing is lost; mails wait.',
  },
  // One report is a notice to the owner; by themselves they pause a sequence. Several within an hour are worth a look at once.
  complaints: {
    message: 'complaint received',
    loggedBy: ['process-events'],
    atLeast: 3,
    withinSeconds: 3600,
    means: 'Several readers reported mails as spam within an hour.',
  },
} as const satisfies { readonly [name: string]: Alarm };

export type AlarmName = keyof typeof alarms;
export const alarmNames = Object.keys(alarms) as readonly AlarmName[];
