import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteStateMachineCommand, paginateListExecutions, paginateListStateMachines, SFNClient } from '@aws-sdk/client-sfn';
import type { Command } from 'commander';
import { onRecord, recordingOn } from '#cli/on-record';
import { Lock, lockText } from '#core/sequences/lock';

type Options = { readonly dir: string; readonly stage: string; readonly delete?: true; readonly everywhere?: true; readonly json?: true };

export const register = (program: Command): void => {
  program
    .command('forget')
    .argument('<sequence>', 'a sequence that was removed from the marketing folder')
    .description('delete the state machine of a retired sequence once no lead is in it, and forget it in baton.lock.json')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--stage <name>', 'the stage it was deployed to', 'prod')
    .option('--delete', 'do it; without this only look')
    .option('--everywhere', 'with --delete: no other stage or Region has it either, so that baton.lock.json need not keep it')
    .option('--json', 'what was found and done, as JSON')
    .action(async (sequence: string, options: Options) => {
      const found = await forget(sequence, options, new SFNClient({}));
      if (found.outcome === 'forgotten') await onRecord(recordingOn(options), 'forget-sequence', { what: sequence });
      console.log(options.json ? JSON.stringify(found, undefined, 2) : inWords(found));
      process.exitCode = found.outcome === 'leads-in-it' ? 1 : 0;
    });
};

export type Forgotten = {
  readonly sequence: string;
  readonly machine: string;
  readonly running: number;
  readonly outcome: 'leads-in-it' | 'may-go' | 'forgotten';
};

/** Looks before it deletes: a deleted machine ends its executions. Throws when the sequence has not retired. */
export const forget = async (
  sequence: string,
  { dir, stage, delete: isMeant, everywhere }: Options,
  client: SFNClient,
): Promise<Forgotten> => {
  const path = join(dir, 'baton.lock.json');
  const lock = Lock.parse(JSON.parse(await readFile(path, 'utf8')));
  if (sequence in lock.sequences) throw new Error(`${sequence} is in force: remove its folder, compile and deploy first`);
  if (!(sequence in lock.retired)) throw new Error(`${path} knows no retired sequence "${sequence}"`);
  const machine = `baton-${stage}-${sequence}`;
  const arn = await arnOf(machine, client);
  const running = arn === undefined ? 0 : await countRunning(arn, client);
  if (running > 0) return { sequence, machine, running, outcome: 'leads-in-it' };
  if (!isMeant) return { sequence, machine, running, outcome: 'may-go' };
  if (arn !== undefined) await client.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
  await writeFile(
    path,
    lockText({ ...lock, retired: everywhere ? without(lock.retired, sequence) : forgotten(lock.retired, sequence, stage) }),
  );
  return { sequence, machine, running, outcome: 'forgotten' };
};

const without = (all: Lock['retired'], sequence: string): Lock['retired'] => {
  const { [sequence]: _gone, ...retired } = all;
  return retired;
};

/** Other stages may have leads in it still. */
const forgotten = (retired: Lock['retired'], sequence: string, stage: string): Lock['retired'] => {
  const { [sequence]: one } = retired;
  return one ? { ...retired, [sequence]: { ...one, forgottenIn: [...new Set([...(one.forgottenIn ?? []), stage])].sort() } } : retired;
};

const arnOf = async (name: string, client: SFNClient): Promise<string | undefined> => {
  for await (const page of paginateListStateMachines({ client }, {})) {
    const found = page.stateMachines?.find((it) => it.name === name);
    if (found) return found.stateMachineArn;
  }
  return undefined;
};

const countRunning = async (stateMachineArn: string, client: SFNClient): Promise<number> => {
  let count = 0;
  for await (const page of paginateListExecutions({ client }, { stateMachineArn, statusFilter: 'RUNNING' }))
    count += page.executions?.length ?? 0;
  return count;
};

const inWords = ({ sequence, machine, running, outcome }: Forgotten): string => {
  switch (outcome) {
    case 'leads-in-it':
      return `${running} leads are still in ${sequence} (${machine}). It stays until they are through; nothing was changed.`;
    case 'may-go':
      return `No lead is in ${sequence} (${machine}). To delete its machine and forget it: npx baton forget ${sequence} --delete`;
    case 'forgotten':
      return [
        `${machine} is deleted and ${sequence} forgotten. Commit baton.lock.json and deploy; old artifacts stay in the bucket.`,
        'Other stages and Regions keep theirs; once none has it: --delete --everywhere.',
      ].join('\n');
  }
};
