import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Tokens } from '#core/ports';

/** The row has said it already: a machine that went on, timed out or is gone needs no telling. */
const benign: readonly string[] = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

export const sfnTokens = (client: SFNClient): Tokens =>
  tokensBy({
    succeed: (taskToken, output) => client.send(new SendTaskSuccessCommand({ taskToken, output })),
    fail: (taskToken, error, cause) => client.send(new SendTaskFailureCommand({ taskToken, error, cause })),
  });

export const tokensBy = (calls: {
  succeed(token: string, output: string): Promise<unknown>;
  fail(token: string, error: string, cause: string): Promise<unknown>;
}): Tokens => ({
  succeed: (token, answer) => told(() => calls.succeed(token, JSON.stringify(answer))),
  fail: (token, error, cause) => told(() => calls.fail(token, error, cause)),
});

const told = async (call: () => Promise<unknown>): Promise<'told' | 'gone'> => {
  try {
    await call();
    return 'told';
  } catch (error) {
    if (benign.includes((error as Error).name)) return 'gone';
    throw error;
  }
};
