import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { type LegsOptions, openLegs } from '#cli/legs/open';
import { onRecord, recordingOn } from '#cli/on-record';
import { reasons } from '#core/reasons';
import type { Artifact } from '#core/sequences/model';
import { type EveryonePlan, enrolEveryone, planEveryone } from '#lambdas/enrol-everyone';

type Options = LegsOptions & {
  readonly everyone?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly rate: number;
  readonly run: string;
};

export const register = (program: Command): void => {
  program
    .command('enrol')
    .argument('<sequence>', 'a deployed sequence')
    .description(
      'let leads on AWS into a sequence that were there before it: says how many first; broken off, the same command goes on with the rest',
    )
    .option('--everyone', 'all leads that may enter now; there is no other choice yet, and it must be said')
    .option('--stage <name>', 'the stage it was deployed to', 'prod')
    .option('--table <name>', 'the table (output TableName); else the one of the stage, looked up by name')
    .option('--dry-run', 'let nobody in: only say how many')
    .option('--rate <n>', 'leads a second', asRate, 20)
    .option('--run <name>', 'with another name, whoever came in by an earlier run may come in again, as `again` allows', asRun, 'first')
    .option('--json', 'the same, as JSON')
    .action(async (id: string, options: Options) => {
      if (!options.everyone)
        throw new Error('say whom: --everyone lets in all leads that may enter now; with --dry-run it only counts them');
      const use = await openLegs(options);
      const artifact = mustBeOpen(id, await use.artifacts.current());
      const everyone = { artifact, run: options.run };
      const plan = await planEveryone(use, everyone);
      if (!options.json) console.log(planInWords(plan));
      if (options.dryRun || plan.enter + plan.later === 0) {
        if (options.json) console.log(JSON.stringify(plan, undefined, 2));
        return;
      }
      if (!options.json) console.log(`Letting them in, ${options.rate} a second; Ctrl-C stops, the same command goes on.`);
      // Before: it may take hours, and may be broken off.
      await onRecord(recordingOn(options), 'enrol-everyone', { what: id });
      const queued = await enrolEveryone(use, everyone, { perSecond: options.rate, sleep });
      console.log(options.json ? JSON.stringify({ ...plan, queued }, undefined, 2) : `${counted(queued)} queued.`);
    });
};

/** Throws in words when nobody could come in. */
export const mustBeOpen = (id: string, current: readonly Artifact[]): Artifact => {
  const artifact = current.find((it) => it.sequence === id);
  if (!artifact) {
    const known = current.map((it) => it.sequence).filter((it) => !it.includes('_'));
    throw new Error(`no sequence "${id}" takes leads; there are: ${known.join(', ') || 'none'}`);
  }
  if (artifact.enter.who === 'new-leads-only')
    throw new Error(`${id} is for new leads only (\`who\` in its sequence.yaml): nobody who was there before it may enter`);
  return artifact;
};

const asRate = (text: string): number => {
  const rate = Number(text);
  if (!(rate >= 1 && rate <= 200)) throw new Error(`--rate ${text}: a number from 1 to 200`);
  return rate;
};

const asRun = (text: string): string => {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(text)) throw new Error(`--run ${text}: small letters, digits and hyphens, at most 32`);
  return text;
};

export const planInWords = ({ sequence, leads, enter, later, inside, refused }: EveryonePlan): string =>
  [
    `Of ${counted(leads)}, ${enter} would enter ${sequence} now.`,
    ...(later > 0 ? [`${later} more would enter by a day that is ahead.`] : []),
    ...(inside > 0 ? [`${inside} came in already, or are known to.`] : []),
    ...Object.entries(refused)
      .sort(([, one], [, other]) => other - one)
      .map(([reason, count]) => `  ${count} not: ${reasons[reason as keyof typeof reasons]}`),
  ].join('\n');

const counted = (count: number): string => `${count} ${count === 1 ? 'lead' : 'leads'}`;
