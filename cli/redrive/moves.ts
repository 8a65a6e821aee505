import type { ListMessageMoveTasksResultEntry, SQSClient } from '@aws-sdk/client-sqs';
import { beginMove, isUnderWay, lastMove, type Move } from '#adapters/aws/dead-letter-moves';
import type { Moved } from './letters.ts';

export type Sleep = (milliseconds: number) => Promise<unknown>;

const looks = 30;
const betweenLooksMilliseconds = 2000;

/** Whoever stops waiting stops nothing. A move that is under way is waited for. */
export const moveEverything = async (sqs: SQSClient, asked: Move, sleep: Sleep): Promise<Moved> => {
  const before = await lastMove(sqs, asked.SourceArn);
  if (!isUnderWay(before)) await beginMove(sqs, asked);
  const earlier = isUnderWay(before) ? undefined : before?.StartedTimestamp;
  let count = 0;
  for (let look = 0; look < looks; look++) {
    const move = await lastMove(sqs, asked.SourceArn);
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
