import { type CloudWatchLogsClient, FilterLogEventsCommand, type FilterLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { type Failure, type Failures, handlerOf, type Letter } from '#core/dead-letters';
import { toEpoch, toInstant } from '#core/instant';

/** Reading a log costs nothing but time, and five requests a second. */
const usualPages = 40;
/** As many ids as a filter has room for; of more letters every failure is read. */
const mostIds = 15;

/** The last failure of each letter, as its function logged it (`message failed`, lambdas/runtime.ts). */
export const loggedFailures =
  (logs: CloudWatchLogsClient, prefix: string, mostPages = usualPages) =>
  async (queue: string, letters: readonly Letter[]): Promise<Failures> => {
    const handler = handlerOf(queue);
    if (handler.includes(' ')) return none(`why is in the log /aws/vendedlogs/pipes/${prefix}${queue.replace(/^crm-/, '')}`);
    const logGroupName = `/aws/lambda/${prefix}${handler}`;
    return readLog(logs, logGroupName, letters, mostPages).catch((error: unknown) => notRead(error, logGroupName));
  };

const notRead = (error: unknown, logGroupName: string): Failures => {
  const name = error instanceof Error ? error.name : '';
  if (name === 'ResourceNotFoundException') return none(`there is no log ${logGroupName}`);
  if (name === 'AccessDeniedException') return none(`you may not read the log ${logGroupName} (logs:FilterLogEvents)`);
  throw error;
};

const none = (note: string): Failures => ({ of: new Map(), isWhole: false, note });

const readLog = async (
  logs: CloudWatchLogsClient,
  logGroupName: string,
  letters: readonly Letter[],
  mostPages: number,
): Promise<Failures> => {
  const of = new Map<string, Failure>();
  const filterPattern = patternOf(letters);
  const startTime = Math.min(...letters.map((it) => toEpoch(it.sentAt)));
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const asked = new FilterLogEventsCommand({ logGroupName, filterPattern, startTime, nextToken });
    const answer: FilterLogEventsCommandOutput = await logs.send(asked);
    for (const { message = '', timestamp = 0 } of answer.events ?? []) note(of, message, timestamp);
    nextToken = answer.nextToken;
    if (nextToken === undefined) return { of, isWhole: true };
  }
  return { of, isWhole: false, note: `the log ${logGroupName} is long and was not read to its end: there may be later errors` };
};

const patternOf = (letters: readonly Letter[]): string => {
  const ids = letters.map((it) => `$.messageId = "${it.messageId}"`).join(' || ');
  return `{ $.message = "message failed"${letters.length <= mostIds ? ` && (${ids})` : ''} }`;
};

const note = (of: Map<string, Failure>, line: string, timestamp: number): void => {
  const { messageId, error } = JSON.parse(line.slice(line.indexOf('{'))) as { readonly messageId: string; readonly error: string };
  const at = toInstant(timestamp);
  if (at >= (of.get(messageId)?.at ?? '')) of.set(messageId, { at, error });
};
