import type { DurableMap } from '#local/durable-map';
import type { ExecutionData } from './execution.ts';
import { apiError, parsedJson, payloadLimit } from './faults.ts';
import { readToken, type TokenClaims } from './token.ts';

/** The attempt that this token may still answer, or AWS's error. */
export const openAttempt = (executions: DurableMap<ExecutionData>, { executionArn: arn, number }: TokenClaims, now: number) => {
  const execution = executions.get(arn);
  if (!execution) throw apiError('TaskDoesNotExist', 'Task Does Not Exist: the execution of this token is unknown');
  const attempt = execution.visit?.attempt;
  const isOpen = attempt?.token === number && attempt.phase !== 'backing off' && !attempt.answer;
  if (!isOpen || now >= attempt.deadline || now >= execution.deadline) {
    throw apiError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
  return { execution, attempt };
};

/** What AWS says of a token and its output before it looks at the execution. */
export const checkOutput = (token: string, output: string): TokenClaims => {
  const claims = readClaims(token);
  if (parsedJson(output) === undefined) throw apiError('InvalidOutput', 'Invalid Output: the output is not JSON');
  if (output.length * 3 > payloadLimit && Buffer.byteLength(output) > payloadLimit)
    throw apiError('ValidationException', `output exceeds ${payloadLimit} bytes`);
  return claims;
};

export const readClaims = (token: string): TokenClaims => {
  const claims = readToken(token);
  if (!claims) throw apiError('InvalidToken', `Invalid Token: '${token.slice(0, 20)}'`);
  return claims;
};
