import { type App, Validations } from 'aws-cdk-lib';

/**
 * What the pack "Serverless" of cdk-nag asks for and Baton does in another way, or not, and why. Those of "AwsSolutions" stand
 * beside what they are about.
 */
const reasons: { readonly [finding: string]: string } = {
  LambdaDLQ:
    'Functions are called by queues, which have dead letters of their own, by machines, which retry and then fail loudly, by pages, which answer 5xx, and by ticks, whose next run does what this one could not.',
  LambdaEventSourceMappingDestination:
    'Destinations are for streams. Behind a queue the redrive policy of the queue keeps what fails (lib/constructs/data-queues.ts).',
  LambdaTracing:
    'A setting (tracing), off by default: traces cost more than the calls that they follow, and ids in the logs tell the same.',
  StepFunctionStateMachineXray: 'Executions last for weeks and mostly wait; the row and the execution history say what a trace would.',
  EventBusDLQ:
    'Ticks: the next one comes within the hour and does the work of both. Lines of failed executions: what counts them is the rule, and the row of the lead says what failed. Events of SES have dead letters.',
  SQSRedrivePolicy: 'It is the dead-letter queue; an alarm rings when there is anything in it.',
  SNSRedrivePolicy: 'A mail to whoever is on duty: a queue of mails that could not be delivered would have no reader.',
  LambdaStarPermissions:
    'Task tokens, ses:GetAccount and X-Ray take no resource; each wildcard has its reason beside it (lib/constructs/handler-function.ts).',
  LambdaLatestVersion: 'The runtime of the function that uploads artifacts is chosen by aws-cdk-lib.',
};

export const acknowledgeServerless = (app: App): void => {
  for (const [finding, reason] of Object.entries(reasons))
    Validations.of(app).acknowledge({ id: `Serverless::Serverless-${finding}`, reason });
};
