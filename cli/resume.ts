import type { Command } from 'commander';
import { onRecord, recordingOn } from '#cli/on-record';
import { isWhole, keyOf, shortOf } from '#cli/pause';
import { afterwardsInWords, pauseInWords } from '#cli/pauses-text';
import { pausedWhat, pausesOf } from '#core/pauses';
import type { LinePause } from '#core/ports';
import { resumePaused } from '#lambdas/resume-paused';
import { type LineOptions, mustBeKnown, openSendingLine, type SendingLine, withLineOptions } from './sending-line.ts';

export const register = (program: Command): void => {
  withLineOptions(
    program
      .command('resume')
      .argument('[what]', 'everything, sends, or a sequence that was paused, by you or by itself')
      .argument('[sequence]', 'after the word sequence: its id, should it be called like one of those words')
      .option('--restored', 'instead: let mail go from a table that was restored from a backup')
      .description('let what was paused go on on AWS: each lead goes on where it was, nothing is sent twice'),
  ).action(async (what: string | undefined, sequence: string | undefined, options: LineOptions & { readonly restored?: true }) => {
    if ((what === undefined) === (options.restored === undefined))
      throw new Error('say what goes on: everything, sends or a sequence; or --restored');
    const opened = await openSendingLine(options);
    if (what === undefined) {
      const done = await acceptRestored(opened);
      if (done.outcome === 'accepted') await onRecord(recordingOn(options), 'accept-restored', {});
      return console.log(options.json ? JSON.stringify(done, undefined, 2) : restoredInWords(done));
    }
    const key = keyOf(what, sequence);
    // Whatever is paused may be resumed, also what the lock has forgotten.
    if (!isWhole(key) && !(await opened.line.state()).paused[key]) await mustBeKnown(key, options.dir);
    const done = await resume(key, opened);
    if (done.outcome === 'resumed') await onRecord(recordingOn(options), 'resume-sequence', { what: shortOf(key) });
    console.log(options.json ? JSON.stringify(done, undefined, 2) : inWords(done, key));
  });
};

/** `pause`: the one that ended. `still`: what stays paused. */
export type Resumed = {
  readonly what: string;
  readonly outcome: 'resumed' | 'was-running';
  readonly pause?: LinePause;
  readonly still: readonly string[];
};

export const resume = async (key: string, { line, health, now }: SendingLine): Promise<Resumed> => {
  const before = (await line.state()).paused[key];
  const outcome = await resumePaused({ line, health }, key, now);
  const still = pausesOf(await line.state()).map((it) => it.what);
  return { what: pausedWhat(key), outcome, ...(before && { pause: before }), still };
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

const inWords = ({ what, outcome, pause, still }: Resumed, key: string): string =>
  [
    ...(outcome === 'resumed' && pause
      ? [`Goes on: ${what}. It was paused (${pauseInWords(pause)}).`, ...afterwardsInWords(key)]
      : [`Not paused: ${what}. Nothing was changed.`]),
    ...(still.length > 0 ? [`Still paused, and mail is held for it: ${still.join(', ')}.`] : []),
  ].join('\n');
