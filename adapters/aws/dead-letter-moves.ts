import {
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';

export type Move = { readonly SourceArn: string | undefined; readonly DestinationArn: string | undefined };

export const lastMove = async (sqs: SQSClient, SourceArn: string | undefined): Promise<ListMessageMoveTasksResultEntry | undefined> =>
  (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }))).Results?.[0];

export const isUnderWay = (move: ListMessageMoveTasksResultEntry | undefined): boolean => move?.Status === 'RUNNING';

/** SQS moves all of a queue by itself. By name: what EventBridge put there never came from a queue, and SQS would not know where to. */
export const beginMove = async (sqs: SQSClient, move: Move): Promise<void> => void (await sqs.send(new StartMessageMoveTaskCommand(move)));
