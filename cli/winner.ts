import type { Command } from 'commander';
import { experimentStore } from '#adapters/stores/experiments';
import { experimentInWords } from '#cli/experiments-text';
import { openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
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
export const decideWinner = async (
  experiments: Pick<Experiments, 'of' | 'publish' | 'withdraw'>,
  { sequence, split, arm, isWithdrawn, now }: Asked,
): Promise<readonly ExperimentView[]> => {
  const all = await experiments.of(sequence);
  const found = all.filter((it) => split === undefined || it.split === split);
  if (found.length === 0)
    throw new Error(
      split === undefined
        ? `no split of "${sequence}" has a "winner:", or it was not deployed for an hour yet`
        : `no split "${split}" of "${sequence}" has a "winner:"; there are: ${all.map((it) => it.split).join(', ') || 'none'}`,
    );
  const [one] = found;
  if (isWithdrawn && (split === undefined || arm !== undefined)) throw new Error('--withdraw takes a sequence and a split, and no arm');
  if (one && arm !== undefined) {
    const rivals = one.arms.filter((it) => !it.holdout).map((it) => it.name);
    if (!rivals.includes(arm)) throw new Error(`"${arm}" cannot win "${one.split}"; one of these can: ${rivals.join(', ')}`);
    if (one.verdict?.published?.arm !== arm) await experiments.publish(one, { arm, at: now, by: 'hand' });
  }
  if (one && isWithdrawn) {
    const done = await experiments.withdraw(one, now);
    if (done === 'was-none') throw new Error(`"${one.split}" has no published winner`);
    if (done === 'changed-meanwhile') throw new Error('somebody else decided at this moment: look again');
  }
  return (await experiments.of(sequence)).filter((it) => split === undefined || it.split === split).map((it) => viewOf(it, now));
};
