import { type Asked, type ExperimentKey, type ExperimentState, experimentName, type Figures, type Verdict } from '#core/experiments/rows';
import { askedPrefix, askedSk, experimentPk, figuresPrefix, figuresSk, verdictPrefix, verdictSk } from '#core/keys';
import type { Experiments } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

type Row<T> = Omit<ExperimentKey, 'sequence'> & T;

/** A row for what is asked of a split now; two for each design that it had: what was decided, and what was counted last. */
export const experimentStore = (table: Table): Experiments => {
  const verdictKey = ({ sequence, split, design }: ExperimentKey) => ({ pk: experimentPk(sequence), sk: verdictSk(split, design) });
  const begin = async (key: ExperimentKey, since: string): Promise<void> => {
    const { split, design } = key;
    await table.put({ ...verdictKey(key), split, design, since }, { exists: false });
  };
  return {
    of: async (sequence) => {
      const items = await table.query(experimentPk(sequence), '');
      const rowsOf = <T>(prefix: string): ReadonlyMap<string, T> =>
        new Map(
          items
            .filter((it) => String(it.sk).startsWith(prefix))
            .map((it) => fromItem<Row<T>>(it))
            .map((it) => [experimentName(it), it]),
        );
      const [verdicts, figures] = [rowsOf<Verdict>(verdictPrefix), rowsOf<Figures>(figuresPrefix)];
      return [...rowsOf<Asked>(askedPrefix).entries()]
        .filter(([, it]) => it.rule !== undefined)
        .map(([name, asked]) => withRows(sequence, asked as Row<Asked>, verdicts.get(name), figures.get(name)));
    },
    winners: async (sequence) => {
      const rows = (await table.query(experimentPk(sequence), verdictPrefix)).map((it) => fromItem<Row<Verdict>>(it));
      return Object.fromEntries(rows.flatMap((it) => (it.published ? [[experimentName(it), it.published.arm]] : [])));
    },
    ask: async (sequence, split, asked, now) => {
      await table.put({ pk: experimentPk(sequence), sk: askedSk(split), split, design: '', ...(asked as unknown as Item) });
      if (asked) await begin({ sequence, split, design: asked.design }, now);
    },
    putFigures: async ({ sequence, split, design }, figures) =>
      table.put(
        { pk: experimentPk(sequence), sk: figuresSk(split, design), split, design, ...(figures as unknown as Item) },
        { either: [{ exists: false }, { below: { asOf: figures.asOf } }] },
      ),
    advise: async (key, arm, at) => {
      const untouched = { exists: true, absent: ['published', 'withdrawnAt'] };
      return (await table.update(verdictKey(key), { set: { advised: { arm, at } } }, untouched)) === 'refused' ? 'refused' : 'advised';
    },
    publish: async (key, published) => {
      if (published.by === 'hand') await begin(key, published.at);
      const condition = published.by === 'hand' ? { exists: true } : { exists: true, absent: ['published', 'withdrawnAt'] };
      const update = { set: { published: published as unknown as Item }, remove: ['withdrawnAt'] };
      return (await table.update(verdictKey(key), update, condition)) === 'refused' ? 'refused' : 'published';
    },
    withdraw: async (key, now) => {
      const standing = fromItem<Partial<Verdict>>((await table.get(verdictKey(key))) ?? {}).published;
      if (!standing) return 'was-none';
      const update = { set: { withdrawnAt: now }, remove: ['published'] };
      const written = await table.update(verdictKey(key), update, { equalsIn: { published: { ...standing } } });
      return written === 'refused' ? 'changed-meanwhile' : 'withdrawn';
    },
  };
};

const withRows = (sequence: string, asked: Row<Asked>, verdict?: Verdict, figures?: Figures): ExperimentState => ({
  sequence,
  split: asked.split,
  design: asked.design,
  rule: asked.rule,
  arms: asked.arms,
  ...(verdict && { verdict }),
  ...(figures && { figures }),
});
