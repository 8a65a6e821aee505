import type { Command } from 'commander';
import type { LinePause } from '#core/ports';
import { resumeSequence } from '#lambdas/resume-sequence';
import { type LineOptions, mustBeKnown, openSendingLine, type SendingLine, withLineOptions } from './sending-line.ts';

export const register = (program: Command): void => {
  withLineOptions(
    program
      .command('resume')
      .argument('[sequence]', 'a sequence that was paused, by you or by itself')
      .option('--restored', 'instead of a sequence: let mail go from a table that was restored from a backup')
      .description('let a paused sequence send again on AWS: each lead goes on where it was, nothing is sent twice'),
  ).action(async (sequence: string | undefined, options: LineOptions & { readonly restored?: true }) => {
    if ((sequence === undefined) === (options.restored === undefined)) throw new Error('say which sequence, or --restored');
    const opened = await openSendingLine(options);
    if (sequence === undefined) {
      const done = await acceptRestored(opened);
      return console.log(options.json ? JSON.stringify(done, undefined, 2) : restoredInWords(done));
    }
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

/** `from`: the table that the backup was made of; absent: this one is no restored one. */
export type Restored = { readonly outcome: 'accepted' | 'was-not-restored'; readonly from?: string };

export const acceptRestored = async ({ line }: Pick<SendingLine, 'line'>): Promise<Restored> => {
  const { restoredFrom } = await line.state();
  if (restoredFrom === undefined) return { outcome: 'was-not-restored' };
  await line.acceptRestored();
  return { outcome: 'accepted', from: restoredFrom };
};

const restoredInWords = ({ outcome, from }: Restored): string =>
  outcome === 'accepted'
    ? `Mail goes again, now from the table that was restored from ${from}. E-mails whose moment has long passed are planned anew.`
    : 'This table is no restored one. Nothing was changed.';

const inWords = ({ sequence, outcome, pause }: Resumed): string =>
  outcome === 'resumed'
    ? [
        `${sequence} sends again. It was paused since ${pause?.at}: ${pause?.why}.`,
        'Leads that waited look twice a day, so the backlog goes out over the next 12 hours. What led to the pause counts no more; new reports do.',
      ].join('\n')
    : `${sequence} was not paused. Nothing was changed.`;
