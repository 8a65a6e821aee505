import type { QueueSettings } from './queues.ts';

export const tableName = 'baton';

/** Visibility at six times a function's time-out, as AWS asks for; sends wait much longer for the rate than they fail. */
export const queueSettings: readonly QueueSettings[] = [
  { name: 'send', visibilitySeconds: 180, maxReceives: 1000, batchSize: 10 },
  { name: 'enrol', visibilitySeconds: 180, maxReceives: 20, batchSize: 10 },
  { name: 'wake', visibilitySeconds: 180, maxReceives: 20, batchSize: 10 },
  { name: 'events', visibilitySeconds: 180, maxReceives: 20, batchSize: 10 },
  { name: 'sales-tasks', visibilitySeconds: 180, maxReceives: 20, batchSize: 10 },
];

/** Keys of the embedded runtime. They guard nothing: everything there is made up. On AWS keys come from Secrets Manager. */
export const testKeys = {
  identity: 'the identity key of the embedded runtime, not a secret',
  links: { unsubscribe: { current: 'local', secrets: { local: 'the link key of the embedded runtime, not a secret' } } },
};
