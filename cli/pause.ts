import type { Command } from 'commander';
import type { LinePause } from '#core/ports';
import { type LineOptions, mustBeKnown, openSendingLine, type SendingLine, withLineOptions } from './sending-line.ts';

type Options = LineOptions & { readonly why?: string };

export const register = (program: Command): void => {
  withLineOptions(
    program
      .command('pause')
      .argument('<sequence>', 'the sequence that must send no more for now')
      .description('stop a sequence’s mail on AWS at once; its leads keep their places and `baton resume` goes on without a resend')
      .option('--why <text>', 'for whoever wonders later; no personal data'),
  ).action(async (sequence: string, options: Options) => {
    await mustBeKnown(sequence, options.dir);
    const done = await pause(sequence, options.why, await openSendingLine(options));
    console.log(options.json ? JSON.stringify(done, undefined, 2) : inWords(done));
  });
};

/** `pause`: the one that holds now; the first one stays. */
export type Paused = { readonly sequence: string; readonly outcome: 'paused' | 'was-paused'; readonly pause: LinePause };

export const pause = async (sequence: string, why: string | undefined, { line, now }: Omit<SendingLine, 'health'>): Promise<Paused> => {
  const mine: LinePause = { at: now, by: 'hand', why: why?.trim() || 'paused by hand' };
  const outcome = await line.pause(sequence, mine);
  return { sequence, outcome, pause: (await line.state()).paused[sequence] ?? mine };
};

const inWords = ({ sequence, outcome, pause: { at, why } }: Paused): string =>
  outcome === 'paused'
    ? `${sequence} is paused. Functions at work notice within half a minute. To go on: npx baton resume ${sequence}`
    : `${sequence} has been paused since ${at}: ${why}. Nothing was changed.`;
