/**
 * Every metric that functions count, with what it says. They have one dimension (the service), never an id: so each is one metric
 * a month, however many leads there are. A message that is handled twice may count twice: these show how things go, rows say what is.
 */
export const metricUnits = {
  'emails-sent': 'Count',
  'emails-deferred': 'Count',
  'emails-skipped': 'Count',
  'emails-failed': 'Count',
  'emails-unknown': 'Count',
  'mails-bounced': 'Count',
  'mails-complained': 'Count',
  'leads-enrolled': 'Count',
  'leads-not-enrolled': 'Count',
  /** By the watchdog: how long the run that is most overdue has been. */
  'oldest-due-seconds': 'Seconds',
  /** By the watchdog: since when the oldest pause stands. */
  'paused-seconds': 'Seconds',
  /** By the watchdog: how much of what SES allows in 24 hours is used. */
  'send-quota-percent': 'Percent',
} as const;

/** Of a stage. */
export const metricNamespace = (stage: string): string => `Baton/${stage}`;

export type MetricName = keyof typeof metricUnits;
export const metricNames = Object.keys(metricUnits) as readonly MetricName[];
/** The one dimension. */
export const metricService = 'baton';
