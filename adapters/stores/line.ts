import { remembered } from '#adapters/remembered';
import { type BudgetNews, newsOf } from '#core/budget';
import { lineDaySk, lineEndingSk, lineMonthSk, linePk, lineStateSk } from '#core/keys';
import type { Clock, Line, LineState } from '#core/ports';
import type { EndingWalk } from '#core/switched-off';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

/**
 * E-mails that a function takes from the month at once, so that not each mail costs a write: what it dies with is lost to the
 * month, never spent twice. The last thousandth is taken one by one.
 */
const largestBlock = 25;
const blockOf = (most: number): number => Math.max(1, Math.min(largestBlock, Math.floor(most / 1000)));

type LineOptions = {
  readonly isProduction?: boolean;
  readonly tableName?: string;
  readonly allowedRecipients?: readonly string[] | undefined;
};

const stateKey = { pk: linePk, sk: lineStateSk };

/** `state` as it was up to half a minute ago; anew after every change that was made here. */
export const rememberingLine = (line: Line, clock: Clock): Line => {
  let state = remembered(clock, line.state);
  const thenAnew =
    <Given extends readonly unknown[], Result>(write: (...given: Given) => Promise<Result>) =>
    (...given: Given): Promise<Result> =>
      write(...given).finally(() => {
        state = remembered(clock, line.state);
      });
  return {
    ...line,
    state: () => state(),
    pause: thenAnew(line.pause),
    resume: thenAnew(line.resume),
    acceptRestored: thenAnew(line.acceptRestored),
    settleSuppressions: thenAnew(line.settleSuppressions),
    noteLag: thenAnew(line.noteLag),
  };
};

/**
 * `state` reads each time; on AWS it is kept for half a minute (makers.ts). `isProduction`, `allowedRecipients`: see LineState. `tableName`: noted when the
 * suppressions are settled, which production needs before its first mail; a backup is restored into a table of another name.
 */
export const lineStore = (table: Table, { isProduction = false, tableName, allowedRecipients }: LineOptions = {}): Line => {
  const noState: LineState = { paused: {}, ...(isProduction && { isProduction }), ...(allowedRecipients && { allowedRecipients }) };
  const state = async (): Promise<LineState> => {
    const item = await table.get(stateKey);
    if (!item) return noState;
    const { inTable, ...rest } = fromItem<LineState & { readonly inTable?: string }>(item);
    const isMoved = inTable !== undefined && tableName !== undefined && inTable !== tableName;
    return { ...noState, ...rest, ...(isMoved && { restoredFrom: inTable }) };
  };
  let block = { month: '', left: 0 };
  const create = () => table.update(stateKey, { setIfAbsent: { paused: {} } });
  return {
    state,
    pause: async (sequence, pause) => {
      await create();
      const written = await table.update(
        stateKey,
        { setIn: { paused: { [sequence]: pause as unknown as Item } } },
        { exists: true, absentIn: { paused: [sequence] } },
      );
      if (written !== 'refused') return 'paused';
      const standing = (await state()).paused[sequence];
      return standing?.at === pause.at && standing.by === pause.by ? 'paused' : 'was-paused';
    },
    resume: async (sequence) => {
      const before = await state();
      if (!before.paused[sequence]) return 'was-running';
      await table.update(stateKey, { removeIn: { paused: [sequence] } }, { exists: true });
      return 'resumed';
    },
    acceptRestored: async () => {
      if (tableName !== undefined) await table.update(stateKey, { set: { inTable: tableName } }, { exists: true });
    },
    settleSuppressions: async (settled) => {
      await create();
      const written = { suppressions: settled as unknown as Item };
      await table.update(stateKey, { set: written, ...(tableName !== undefined && { setIfAbsent: { inTable: tableName } }) });
    },
    noteLag: async (lag) => {
      await create();
      await table.update(stateKey, { set: { lag: lag as unknown as Item } });
    },
    endingWalk: async () => (await table.get({ pk: linePk, sk: lineEndingSk }))?.walk as EndingWalk | undefined,
    noteEndingWalk: async (walk) =>
      void (await table.update({ pk: linePk, sk: lineEndingSk }, { set: { walk: JSON.parse(JSON.stringify(walk)) as Item } })),
    take: async (day, most) => {
      if (most < 1) return 'full';
      const taken = await table.update(
        { pk: linePk, sk: lineDaySk(day) },
        { increase: { taken: 1 } },
        { either: [{ absent: ['taken'] }, { below: { taken: most } }] },
      );
      return taken === 'refused' ? 'full' : 'taken';
    },
    spend: async (allowance, isExempt) => {
      const { month, most } = allowance;
      if (block.month === month && block.left > 0) {
        block = { month, left: block.left - 1 };
        return { outcome: 'spent' };
      }
      const key = { pk: linePk, sk: lineMonthSk(month) };
      const tell = (item: Item | undefined) => {
        const news = newsOf(Number(item?.taken ?? 0), allowance);
        return news !== undefined && item?.[toldOf(news)] === undefined ? { untold: news } : {};
      };
      for (const count of new Set([blockOf(most), 1])) {
        if (most < count) continue;
        const written = await table.update(
          key,
          { increase: { taken: count } },
          { either: [{ absent: ['taken'] }, { below: { taken: most - count + 1 } }] },
        );
        if (written === 'refused') continue;
        if (count > 1) block = { month, left: count - 1 };
        return { outcome: 'spent', ...tell(written) };
      }
      if (!isExempt) return { outcome: 'refused', ...tell((await table.get(key)) ?? { taken: most }) };
      const written = await table.update(key, { increase: { taken: 1 } });
      return { outcome: 'spent', ...(written !== 'refused' && tell(written)) };
    },
    spentIn: async (month) => Number((await table.get({ pk: linePk, sk: lineMonthSk(month) }))?.taken ?? 0),
    noteTold: async (month, news) =>
      void (await table.update({ pk: linePk, sk: lineMonthSk(month) }, { set: { [toldOf(news)]: true } }, { exists: true })),
    takenOn: async (day) => Number((await table.get({ pk: linePk, sk: lineDaySk(day) }))?.taken ?? 0),
  };
};

const toldOf = (news: BudgetNews): string => (news === 'nearly' ? 'toldNearly' : 'toldSpent');
