/** Of one account in one Region, as they stand before anybody asks for more. Large Regions: us-east-1, us-west-2, eu-west-1. */
export const quotas = {
  openExecutions: 1_000_000,
  startExecutionPerSecond: { large: 300, small: 150 },
  taskAnswersPerSecond: { large: 500, small: 300 },
  transitionsPerSecond: { large: 5000, small: 800 },
  ruleInvocationsPerSecond: { large: 18_750, small: 1100, smallest: 750 },
  lambdaConcurrency: 1000,
  tableWriteUnitsPerSecond: 40_000,
  partitionWriteUnitsPerSecond: 1000,
  messagesInFlight: 120_000,
  schedules: 10_000_000,
  createSchedulePerSecond: { large: 5000, small: 250 },
  scheduleInvocationsPerSecond: 1000,
} as const;

export const sources: { readonly [quota in keyof typeof quotas]: string } = {
  openExecutions: 'AWS, Step Functions quotas (soft)',
  startExecutionPerSecond: 'AWS, Step Functions quotas (soft; refill a second)',
  taskAnswersPerSecond: 'AWS, Step Functions quotas, SendTaskSuccess (soft)',
  transitionsPerSecond: 'AWS, Step Functions quotas, StateTransition (soft)',
  ruleInvocationsPerSecond: 'AWS, EventBridge quotas, invocations (soft; past it events come later)',
  lambdaConcurrency: 'AWS, Lambda quotas, concurrent executions (soft)',
  tableWriteUnitsPerSecond: 'AWS, DynamoDB quotas, on-demand table (soft)',
  partitionWriteUnitsPerSecond: 'AWS, DynamoDB, partition key design (hard)',
  messagesInFlight: 'AWS, SQS quotas, standard queue (hard)',
  schedules: 'AWS, EventBridge Scheduler quotas, schedules of a Region (soft)',
  createSchedulePerSecond: 'AWS, EventBridge Scheduler quotas, CreateSchedule (soft)',
  scheduleInvocationsPerSecond: 'AWS, EventBridge Scheduler quotas, invocations (soft; past it they come later)',
};
