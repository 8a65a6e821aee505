import {
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Moved } from './letters.ts';

export type Sleep = (milliseconds: number) => Promise<unknown>;

const looks = 30;
const betweenLooksMilliseconds = 2000;

/** SQS moves all of a queue by itself: whoever stops waiting stops nothing. A move that is under way is waited for. */
export const moveEverything = async (
  sqs: SQSClient,
  { SourceArn, DestinationArn }: { readonly SourceArn: string | undefined; readonly DestinationArn: string | undefined },
  sleep: Sleep,
): Promise<Moved> => {
  const before = await lastMove(sqs, SourceArn);
  const isUnderWay = before?.Status === 'RUNNING';
  // By name: what EventBridge put there never came from a queue, and SQS would not know where to.
  if (!isUnderWay) await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
  const earlier = isUnderWay ? undefined : before?.StartedTimestamp;
  let count = 0;
  for (let look = 0; look < looks; look++) {
    const move = await lastMove(sqs, SourceArn);
    const moved = move && move.StartedTimestamp !== earlier ? outcomeOf(move) : undefined;
    if (moved && moved.outcome !== 'under-way') return moved;
    count = moved?.count ?? 0;
    await sleep(betweenLooksMilliseconds);
  }
  return { outcome: 'under-way', count };
};

const outcomeOf = ({ Status = '', FailureReason = Status, ApproximateNumberOfMessagesMoved }: ListMessageMoveTasksResultEntry): Moved => {
  const count = Number(ApproximateNumberOfMessagesMoved ?? 0);
  if (Status === 'COMPLETED') return { outcome: 'moved', count };
  return Status === 'FAILED' || Status === 'CANCELLED'
    ? { outcome: 'failed', count, note: FailureReason }
    : { outcome: 'under-way', count };
};

const lastMove = async (sqs: SQSClient, SourceArn: string | undefined) =>
  (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }))).Results?.[0];
