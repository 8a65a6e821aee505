import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { onRecord, recordingOn } from '#cli/on-record';
import { afterwardsInWords, meanwhileInWords, pauseInWords } from '#cli/pauses-text';
import { pausedWhat, pausesOf, wholePauseNames, wholePauses } from '#core/pauses';
import type { LinePause, LineState } from '#core/ports';
import { type LineOptions, mustBeKnown, openSendingLine, type SendingLine, withLineOptions } from './sending-line.ts';

type Options = LineOptions & { readonly why?: string; readonly who: string };

export const register = (program: Command): void => {
  withLineOptions(
    program
      .command('pause')
      .argument('[what]', 'everything (sends and new runs), sends, or a sequence; nothing: show what is paused')
      .argument('[sequence]', 'after the word sequence: its id, should it be called like one of those words')
      .description('stop mail on AWS at once; leads keep their places, and `baton resume` goes on without a resend')
      .option('--why <text>', 'for whoever wonders later; no personal data')
      .option('--who <name>', 'who pauses it', userInfo().username),
  ).action(async (what: string | undefined, sequence: string | undefined, options: Options) => {
    if (what === undefined) {
      const { paused } = await (await openSendingLine(options)).line.state();
      return console.log(options.json ? JSON.stringify(paused, undefined, 2) : standingInWords({ paused }));
    }
    const key = keyOf(what, sequence);
    if (!isWhole(key)) await mustBeKnown(key, options.dir);
    const done = await pause(key, options.why, await openSendingLine(options), options.who);
    if (done.outcome === 'paused') await onRecord(recordingOn(options), 'pause-sequence', { what: shortOf(key) });
    console.log(options.json ? JSON.stringify(done, undefined, 2) : inWords(done));
  });
};

/** Of what was asked for on the command line, as it is kept (core/pauses.ts). */
export const keyOf = (what: string, sequence: string | undefined): string => {
  if (what === 'sequence') {
    if (sequence === undefined) throw new Error('say which sequence: baton pause sequence <id>');
    return sequence;
  }
  if (sequence !== undefined) throw new Error(`"${what} ${sequence}" is not understood; say everything, sends, or sequence ${sequence}`);
  const whole = wholePauseNames.find((it) => it === what);
  return whole ? wholePauses[whole] : what;
};

export const isWhole = (key: string): boolean => wholePauseNames.some((it) => wholePauses[it] === key);

/** `everything`, `sends`, or a sequence. */
export const shortOf = (key: string): string => wholePauseNames.find((it) => wholePauses[it] === key) ?? key;

/** `what`: as it is kept. `pause`: the one that holds now; the first one stays. */
export type Paused = { readonly what: string; readonly outcome: 'paused' | 'was-paused'; readonly pause: LinePause };

export const pause = async (
  key: string,
  why: string | undefined,
  { line, now }: Omit<SendingLine, 'health'>,
  who?: string,
): Promise<Paused> => {
  const mine: LinePause = { at: now, by: 'hand', why: why?.trim() || 'paused by hand', ...(who !== undefined && { who }) };
  const outcome = await line.pause(key, mine);
  return { what: pausedWhat(key), outcome, pause: (await line.state()).paused[key] ?? mine };
};

const inWords = ({ what, outcome, pause: standing }: Paused): string => {
  const key = keyOf(...(what.split(' ') as [string, string | undefined]));
  return outcome === 'paused'
    ? [`Paused: ${what}.`, ...meanwhileInWords(key), `To go on: npx baton resume ${what}`].join('\n')
    : `Paused before: ${what} (${pauseInWords(standing)}). Nothing was changed.`;
};

const standingInWords = (line: Pick<LineState, 'paused'>): string => {
  const pauses = pausesOf(line);
  if (pauses.length === 0) return 'Nothing is paused.';
  return pauses
    .flatMap(({ what, key, ...standing }) => [
      `Paused: ${what} (${pauseInWords(standing)})`,
      ...meanwhileInWords(key).map((it) => `  ${it}`),
      `  npx baton resume ${what}:`,
      ...afterwardsInWords(key).map((it) => `  ${it}`),
    ])
    .join('\n');
};
