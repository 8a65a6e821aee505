import type { Command } from 'commander';
import { type LegsOptions, openLegs } from '#cli/legs/open';
import { onRecord, recordingOn } from '#cli/on-record';
import { mostRecoveries, type Recovery, recover } from '#lambdas/legs/recover';

type Options = LegsOptions & { readonly sequence?: string; readonly dryRun?: true; readonly json?: true };

export const register = (program: Command): void => {
  program
    .command('recover')
    .description('let runs on AWS go on that failed by a fault of ours, or whose execution is gone: where they were, nothing sent twice')
    .option('--sequence <id>', 'only of this one')
    .option('--stage <name>', 'the stage it was deployed to', 'prod')
    .option('--table <name>', 'the table (output TableName); else the one of the stage, looked up by name')
    .option('--dry-run', 'only say which')
    .option('--json', 'the same, as JSON')
    .action(async (options: Options) => {
      const use = await openLegs(options);
      const found: Recovery[] = [];
      for await (const it of recover(use, { sequence: options.sequence, isDryRun: options.dryRun === true })) found.push(it);
      for (const what of new Set(found.filter((it) => it.outcome === 'recovered').map((it) => it.sequence)))
        await onRecord(recordingOn(options), 'recover', { what });
      console.log(options.json ? JSON.stringify(found, undefined, 2) : recoveriesInWords(found));
      if (found.some((it) => it.outcome === 'too-often')) process.exitCode = 1;
    });
};

export const recoveriesInWords = (found: readonly Recovery[]): string =>
  found.length === 0 ? 'No run has failed or lost its execution.' : found.map(inWords).join('\n');

const inWords = ({ sequence, enrolmentId, leadId, leg, because, failure, at, outcome }: Recovery): string => {
  const what =
    because === 'failed' ? `failed in leg ${leg}${failure === undefined ? '' : ` (${failure})`}` : `has no execution for leg ${leg}`;
  return `${sequence} ${enrolmentId} of lead ${leadId} ${what}: ${outcomes[outcome].replace('{at}', at === '' ? 'the first step' : `"${at}"`)}`;
};

const outcomes: { readonly [outcome in Recovery['outcome']]: string } = {
  recovered: 'goes on at {at}',
  'would-recover': 'would go on at {at}',
  'too-often': `was let go on ${mostRecoveries} times before and needs a person`,
  'has-a-stop': 'stays as it is, for the lead has a stop',
  'another-run': 'stays as it is, for another run of the sequence has begun since',
  'moved-on': 'has moved on by itself meanwhile',
};
