import type { Command } from 'commander';
import { experimentStore } from '#adapters/stores/experiments';
import { experimentInWords } from '#cli/experiments-text';
import { onRecord, recordingIn, recordingOn } from '#cli/on-record';
import { openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import type { ExperimentState } from '#core/experiments/rows';
import { type ExperimentView, viewOf } from '#core/experiments/view';
import type { Instant } from '#core/instant';
import type { Experiments } from '#core/ports';

type Options = TableOptions & { readonly withdraw?: true; readonly json?: true };

export const register = (program: Command): void => {
  withTableOptions(
    program
      .command('winner')
      .argument('<sequence>', 'the sequence with the split')
      .argument('[split]', 'only this one')
      .argument('[arm]', 'the arm that new leads get from now on; without it nothing is changed')
      .description('splits with a `winner:` and where they stand; publishes a winner by hand, or takes it back')
      .option('--withdraw', 'split new leads again; nothing is published by itself from then on')
      .option('--json', 'the same, as JSON'),
  ).action(async (sequence: string, split: string | undefined, arm: string | undefined, options: Options) => {
    const { table, clock, close } = await openTable(options);
    try {
      const asked = { sequence, split, arm, isWithdrawn: options.withdraw === true, now: clock.now() };
      const views = await decideWinner(experimentStore(table), asked);
      const act = asked.isWithdrawn ? 'withdraw-winner' : arm === undefined ? undefined : 'publish-winner';
      const record = options.dev === undefined ? recordingOn(options) : recordingIn(table, asked.now);
      if (act) await onRecord(record, act, { what: [sequence, split, arm].filter(Boolean).join(' ') });
      console.log(options.json ? JSON.stringify(views, undefined, 2) : views.flatMap(experimentInWords).join('\n'));
    } finally {
      await close();
    }
  });
};

type Asked = {
  readonly sequence: string;
  readonly split: string | undefined;
  readonly arm: string | undefined;
  readonly isWithdrawn: boolean;
  readonly now: Instant;
};

/** What was asked for, then how it stands. Repeatable: the same word again changes nothing. */
export const decideWinner = async (experiments: Deciding, asked: Asked): Promise<readonly ExperimentView[]> => {
  const { sequence, split, arm, isWithdrawn, now } = asked;
  if (isWithdrawn && (split === undefined || arm !== undefined)) throw new Error('--withdraw takes a sequence and a split, and no arm');
  const [one] = await find(experiments, asked);
  if (one && arm !== undefined) await publish(experiments, one, arm, now);
  if (one && isWithdrawn) await withdraw(experiments, one, now);
  return (await find(experiments, { sequence, split })).map((it) => viewOf(it, now));
};

type Deciding = Pick<Experiments, 'of' | 'publish' | 'withdraw'>;

const find = async (experiments: Deciding, { sequence, split }: Pick<Asked, 'sequence' | 'split'>): Promise<readonly ExperimentState[]> => {
  const all = await experiments.of(sequence);
  const found = all.filter((it) => split === undefined || it.split === split);
  if (found.length > 0) return found;
  if (split === undefined) throw new Error(`no split of "${sequence}" has a "winner:", or it was deployed less than an hour ago`);
  throw new Error(`no split "${split}" of "${sequence}" has a "winner:"; there are: ${all.map((it) => it.split).join(', ') || 'none'}`);
};

const publish = async (experiments: Deciding, one: ExperimentState, arm: string, now: Instant): Promise<void> => {
  const rivals = one.arms.filter((it) => !it.holdout).map((it) => it.name);
  if (!rivals.includes(arm)) throw new Error(`"${arm}" cannot win "${one.split}"; one of these can: ${rivals.join(', ')}`);
  if (one.verdict?.published?.arm !== arm) await experiments.publish(one, { arm, at: now, by: 'hand' });
};

const withdraw = async (experiments: Deciding, one: ExperimentState, now: Instant): Promise<void> => {
  const done = await experiments.withdraw(one, now);
  if (done === 'was-none') throw new Error(`"${one.split}" has no published winner`);
  if (done === 'changed-meanwhile') throw new Error('somebody else decided at this moment: look again');
};
