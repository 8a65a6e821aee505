/** Every queue, as AWS and the embedded runtime make it. Each has dead letters beside it, `<name>-dead`. */
export const queueNames = ['send', 'enrol', 'wake', 'events', 'sales-tasks', 'answers', 'notices', 'replies', 'imports'] as const;
export type QueueName = (typeof queueNames)[number];

export type QueueSettings = {
  readonly name: QueueName;
  /** Six times the time-out of the function behind it, as AWS asks for. */
  readonly visibilitySeconds: number;
  /** Receives before a message goes to the dead letters; a send waits much longer for the rate than it fails. */
  readonly maxReceives: number;
  readonly batchSize: number;
  /** The first message waits so long for others: an opened mail may be known twenty seconds later, a tenth of the requests will do. */
  readonly batchWindowSeconds?: number;
};

/** What your own systems may read (docs/answers.md): where none does, messages lie there until their time is over, and nothing is wrong. */
export const queuesForOthers: readonly QueueName[] = ['sales-tasks'];

const usual = { visibilitySeconds: 180, maxReceives: 20, batchSize: 10 } as const;

export const queueSettings: readonly QueueSettings[] = [
  { ...usual, name: 'send', maxReceives: 1000 },
  // Held back for as long as the send queue is behind (core/backpressure.ts).
  { ...usual, name: 'enrol', maxReceives: 1000 },
  { ...usual, name: 'wake' },
  { ...usual, name: 'events', batchWindowSeconds: 20 },
  { ...usual, name: 'sales-tasks' },
  { ...usual, name: 'answers' },
  { ...usual, name: 'notices' },
  // Each works for half of its function's time.
  { ...usual, name: 'imports', batchSize: 1 },
  { ...usual, name: 'replies' },
];

/** SQS keeps a message no longer than this; the e-mail state waits longer, so that no stale message sends. */
export const queueRetentionSeconds = 14 * 86_400;
