/**
 * What is logged of that which somebody must look at. Code logs these constants and the stack watches the same (core/alarms.ts),
 * so that other words cannot silence an alarm.
 */
export const alarmMessages = {
  'sequence-paused': 'sequence paused',
  'mail-rejected': 'mail rejected by ses',
  'rendering-failed': 'mail not rendered by ses',
  'email-failed': 'email failed',
  'sending-closed': 'sending is closed',
  complaints: 'complaint received',
  'budget-spent': 'budget spent',
  'reply-of-nobody': 'reply of nobody known',
} as const;
