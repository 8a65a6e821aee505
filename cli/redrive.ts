import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { typesAgain } from '#cli/ask';
import { onRecord } from '#cli/on-record';
import { type TableOptions, withTableOptions } from '#cli/read-leads';
import { type Chosen, discardOne, moveChosen, showDead } from '#cli/redrive/letters';
import { openRedriving, type Redriving } from '#cli/redrive/open';
import { chosenInWords, counted, deadInWords, discardsInWords, movedInWords, wouldMoveInWords } from '#cli/redrive-text';

type Options = TableOptions & {
  readonly all?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly only: readonly string[];
  readonly discard?: string;
  readonly confirm?: string;
  readonly why?: string;
  readonly who: string;
  readonly discarded?: true;
  readonly most: number;
  readonly json?: true;
};

export const register = (program: Command): void => {
  withTableOptions(
    program
      .command('redrive')
      .argument('[queue]', 'only its dead letters, such as send or events')
      .description('messages that could not be handled: what lies there and why; give them back to be handled anew, which is harmless')
      .option('--dry-run', 'move nothing: only say what would be moved')
      .option('--all', 'give all of them back, once you have agreed')
      .option('--yes', 'the same, without asking')
      .option('--only <message id>', 'give this one back; may be said more than once', (it: string, all: string[]) => [...all, it], [])
      .option('--discard <message id>', 'throw one away that can never succeed; asks twice, and is written down')
      .option('--why <text>', 'why it is thrown away; no personal data')
      .option('--who <name>', 'who throws it away', userInfo().username)
      .option('--confirm <message id>', 'beside --yes: the answer to the second question, where nobody can be asked')
      .option('--discarded', 'show what was thrown away')
      .option('--most <n>', 'how many messages of a queue are shown', asCount, 20),
  )
    .option('--json', 'the same, as JSON')
    .action(async (queue: string | undefined, options: Options) => {
      mustFit(options);
      const opened = await openRedriving(options);
      try {
        const known = await opened.dead.queues();
        if (queue !== undefined && !known.includes(queue)) throw new Error(`there is no queue "${queue}"; there are: ${known.join(', ')}`);
        const { shown, words, isWell = true } = await act(opened, queue === undefined ? known : [queue], options);
        console.log(options.json ? JSON.stringify(shown, undefined, 2) : words);
        if (!isWell) process.exitCode = 1;
      } finally {
        await opened.close();
      }
    });
};

const asCount = (text: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new Error(`--most is a number from 1 to 99999, not "${text}"`);
  return Number(text);
};

/** One thing at a time. */
const mustFit = ({ all, only, discard, discarded, why, confirm }: Options): void => {
  const asked = [all && '--all', only.length > 0 && '--only', discard !== undefined && '--discard', discarded && '--discarded'].filter(
    Boolean,
  );
  if (asked.length > 1) throw new Error(`say one of ${asked.join(' and ')}`);
  if (discard !== undefined && !why?.trim()) throw new Error('say why it is thrown away: --why "…"');
  if (discard === undefined && (why !== undefined || confirm !== undefined)) throw new Error('--why and --confirm go with --discard');
};

type Done = { readonly shown: unknown; readonly words: string; readonly isWell?: boolean };

const act = (opened: Redriving, queues: readonly string[], options: Options): Promise<Done> => {
  if (options.discarded) return showDiscards(opened);
  if (options.discard !== undefined) return discard(opened, queues, options.discard, options);
  if (options.only.length > 0) return moveOnly(opened, queues, options);
  return options.dryRun || !(options.all || options.yes) ? show(opened, queues, options) : moveAll(opened, queues, options);
};

const show = async ({ dead }: Redriving, queues: readonly string[], { dryRun, most }: Options): Promise<Done> => {
  const shown = await showDead(dead, queues, most);
  const next = 'To give them back: npx baton redrive --all, or --only <message id>.';
  return { shown, words: [deadInWords(shown), ...(dryRun ? [wouldMoveInWords(shown)] : shown.length > 0 ? [next] : [])].join('\n\n') };
};

const moveAll = async ({ dead, record }: Redriving, queues: readonly string[], { yes }: Options): Promise<Done> => {
  const counts = await Promise.all(queues.map(async (queue) => ({ queue, count: await dead.count(queue) })));
  const full = counts.filter((it) => it.count > 0);
  const what = full.map(({ queue, count }) => `${counted(count)} to ${queue}`).join(', ');
  if (full.length > 0 && !yes && !(await typesAgain('yes', `Give back ${what}? Type yes: `, 'say --yes')))
    return { shown: [], words: 'Nothing was moved.' };
  const moved = await Promise.all(full.map(async ({ queue }) => ({ queue, ...(await dead.moveAll(queue)) })));
  for (const { queue, outcome } of moved) if (outcome !== 'failed') await onRecord(record, 'redrive', { what: queue });
  return { shown: moved, words: movedInWords(moved), isWell: moved.every((it) => it.outcome !== 'failed') };
};

const moveOnly = async ({ dead, record }: Redriving, queues: readonly string[], { only, dryRun }: Options): Promise<Done> => {
  const done = dryRun ? await find(dead, queues, only) : await moveChosen(dead, queues, new Set(only));
  if (!dryRun) await recordEach(record, 'redrive', done);
  const words = chosenInWords(done, dryRun ? 'would go back to {queue}' : 'went back to {queue} and is handled anew, under a new id');
  return { shown: done, words, isWell: done.missing.length === 0 };
};

const recordEach = async (record: Redriving['record'], act: 'redrive' | 'discard', { done }: Chosen): Promise<void> => {
  for (const [messageId, queue] of Object.entries(done)) await onRecord(record, act, { what: `${queue} ${messageId}` });
};

const find = async (dead: Redriving['dead'], queues: readonly string[], messageIds: readonly string[]) => {
  const found = await Promise.all(
    queues.map(async (queue) => (await dead.look(queue, everyone)).map((it) => [it.messageId, queue] as const)),
  );
  const done = Object.fromEntries(found.flat().filter(([messageId]) => messageIds.includes(messageId)));
  return { done, missing: messageIds.filter((it) => done[it] === undefined) };
};
const everyone = Number.POSITIVE_INFINITY;

const discard = async (opened: Redriving, queues: readonly string[], messageId: string, options: Options): Promise<Done> => {
  const { dead, clock, record } = opened;
  const { why = '', who, dryRun, yes, confirm } = options;
  if (dryRun) {
    const found = await find(dead, queues, [messageId]);
    return { shown: found, words: chosenInWords(found, 'of {queue} would be thrown away'), isWell: found.missing.length === 0 };
  }
  const sure = 'say --yes and --confirm <message id>';
  const first = yes || (await typesAgain('yes', `Throw ${messageId} away? It is never handled then. Type yes: `, sure));
  const second =
    first && (confirm === messageId || (await typesAgain(messageId, 'This cannot be undone. Type its message id again: ', sure)));
  if (!second) return { shown: { done: {}, missing: [] }, words: 'Nothing was thrown away.' };
  const discards = await opened.discards();
  const done = await discardOne(dead, discards, queues, { messageId, why: why.trim(), who, at: clock.now() });
  await recordEach(record, 'discard', done);
  const words = chosenInWords(done, 'of {queue} is thrown away; npx baton redrive --discarded shows who and why');
  return { shown: done, words, isWell: done.missing.length === 0 };
};

const showDiscards = async ({ discards }: Redriving): Promise<Done> => {
  const shown = await (await discards()).all();
  return { shown, words: discardsInWords(shown) };
};
