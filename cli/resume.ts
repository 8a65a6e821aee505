import type { Command } from 'commander';
import type { LinePause } from '#core/ports';
import { resumeSequence } from '#lambdas/resume-sequence';
import { type LineOptions, mustBeKnown, openSendingLine, type SendingLine, withLineOptions } from './sending-line.ts';

export const register = (program: Command): void => {
  withLineOptions(
    program
      .command('resume')
      .argument('<sequence>', 'a sequence that was paused, by you or by itself')
      .description('let a paused sequence send again on AWS: each lead goes on where it was, nothing is sent twice'),
  ).action(async (sequence: string, options: LineOptions) => {
    const opened = await openSendingLine(options);
    // Whatever is paused may be resumed, also what the lock has forgotten.
    if (!(await opened.line.state()).paused[sequence]) await mustBeKnown(sequence, options.dir);
    const done = await resume(sequence, opened);
    console.log(options.json ? JSON.stringify(done, undefined, 2) : inWords(done));
  });
};

/** `pause`: the one that ended. */
export type Resumed = { readonly sequence: string; readonly outcome: 'resumed' | 'was-running'; readonly pause?: LinePause };

export const resume = async (sequence: string, { line, health, now }: SendingLine): Promise<Resumed> => {
  const before = (await line.state()).paused[sequence];
  const outcome = await resumeSequence({ line, health }, sequence, now);
  return { sequence, outcome, ...(before && { pause: before }) };
};

const inWords = ({ sequence, outcome, pause }: Resumed): string =>
  outcome === 'resumed'
    ? [
        `${sequence} sends again. It was paused since ${pause?.at}: ${pause?.why}.`,
        'Leads that waited look twice a day, so the backlog goes out over the next 12 hours. What led to the pause counts no more; new reports do.',
      ].join('\n')
    : `${sequence} was not paused. Nothing was changed.`;
