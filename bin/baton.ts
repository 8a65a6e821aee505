import { Command } from 'commander';
import { register as check } from '#cli/check';
import { register as compile } from '#cli/compile';
import { register as dev } from '#cli/dev';

const commands = [check, compile, dev];

export const main = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('baton').description('Lead nurturing as code').showHelpAfterError();
  for (const register of commands) register(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
};
