import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Tokens } from '#core/ports';

/** The row has said it already: a machine that went on, timed out or is gone needs no telling. */
const benign: readonly string[] = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

export const sfnTokens = (client: SFNClient): Tokens => ({
  succeed: (token, answer) => told(() => client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(answer) }))),
  fail: (token, error, cause) => told(() => client.send(new SendTaskFailureCommand({ taskToken: token, error, cause }))),
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
