import { type Command, Option } from 'commander';
import { counterStore } from '#adapters/stores/counters';
import { experimentStore } from '#adapters/stores/experiments';
import { lineStore } from '#adapters/stores/line';
import { experimentsInWords } from '#cli/experiments-text';
import { pauseInWords } from '#cli/pauses-text';
import { openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import { utcDayOf } from '#core/counters';
import { type ExperimentView, viewOf } from '#core/experiments/view';
import { addSeconds, type Instant, utcMinute } from '#core/instant';
import { pausesOf } from '#core/pauses';
import type { Counters, Experiments } from '#core/ports';
import { type StatsBy, type StatsRow, statsBy, statsRows } from '#core/stats';

type Options = TableOptions & { readonly days: number; readonly by: StatsBy; readonly json?: true };

export const register = (program: Command): void => {
  withTableOptions(
    program
      .command('stats')
      .argument('[sequence]', 'only this one')
      .description('what came of the mails of each sequence: who opened, clicked, answered, left, was won')
      .option('--days <n>', 'how many days back, today among them', asDays, 30)
      .addOption(new Option('--by <what>', 'one line for each').choices([...statsBy]).default('step'))
      .option('--json', 'the same, as JSON'),
  ).action(async (sequence: string | undefined, options: Options) => {
    const { table, clock, close } = await openTable(options);
    try {
      const asked = { sequence, days: options.days, by: options.by, now: clock.now() };
      const reports = await stats(counterStore(table), experimentStore(table), asked);
      const paused = pausesOf(await lineStore(table).state()).map(({ what, ...standing }) => `Paused: ${what} (${pauseInWords(standing)})`);
      console.log(options.json ? JSON.stringify(reports, undefined, 2) : [...paused, inWords(reports, options)].join('\n'));
    } finally {
      await close();
    }
  });
};

const asDays = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 366) throw new Error(`--days ${text}: it must be a whole number from 1 to 366`);
  return days;
};

type Asked = { readonly sequence: string | undefined; readonly days: number; readonly by: StatsBy; readonly now: Instant };
export type SequenceStats = {
  readonly sequence: string;
  readonly from: string;
  readonly upTo: string;
  readonly asOf?: Instant;
  readonly recountedAt?: Instant;
  readonly rows: readonly StatsRow[];
  readonly total: StatsRow;
  /** Splits with a rule for their winner, since each began, whatever the days above. */
  readonly experiments: readonly ExperimentView[];
};

export const stats = async (
  counters: Pick<Counters, 'versions' | 'of'>,
  experiments: Pick<Experiments, 'of'>,
  { sequence, days, by, now }: Asked,
): Promise<readonly SequenceStats[]> => {
  const known = [...new Set((await counters.versions()).map((it) => it.sequence))].sort();
  if (sequence !== undefined && !known.includes(sequence))
    throw new Error(`nothing was counted of a sequence "${sequence}"; there are: ${known.join(', ') || 'none'}`);
  const range = { from: utcDayOf(addSeconds(now, -(days - 1) * 86_400)), upTo: utcDayOf(now) };
  const reports: SequenceStats[] = [];
  for (const it of sequence === undefined ? known : [sequence]) {
    const { sums, ...when } = await counters.of(it, undefined, range);
    const views = (await experiments.of(it)).map((state) => viewOf(state, now));
    reports.push({ sequence: it, ...range, ...when, ...statsRows(sums, by), experiments: views });
  }
  return reports;
};

export const inWords = (reports: readonly SequenceStats[], { by }: Pick<Options, 'by'>): string =>
  reports.length === 0 ? 'Nothing was counted yet.' : reports.map((it) => sequenceInWords(it, by)).join('\n\n');

const sequenceInWords = (report: SequenceStats, by: StatsBy): string =>
  [mailsOfSequence(report, by), ...experimentsInWords(report.experiments)].join('\n');

const mailsOfSequence = ({ sequence, from, upTo, asOf, recountedAt, rows, total }: SequenceStats, by: StatsBy): string => {
  const title = `${sequence}, ${from} to ${upTo} (UTC days)`;
  if (rows.length === 0) return `${title}: nothing.`;
  const known = [
    `as of ${asOf === undefined ? 'never' : utcMinute(asOf)}`,
    recountedAt === undefined ? 'never recounted yet' : `recounted ${utcMinute(recountedAt)}`,
  ].join(', ');
  const lines = rows.length === 1 ? rows : [...rows, total];
  const names = lines.map((it) => (it.of === '' ? '(no split)' : it.of));
  const width = Math.max(by.length, ...names.map((it) => it.length));
  return [
    `${title}; ${known}`,
    ...lines.flatMap((row, at) => [
      `  ${(names[at] ?? '').padEnd(width)}  ${mailsInWords(row)}`,
      ...outcomeInWords(row).map((it) => `  ${''.padEnd(width)}  ${it}`),
    ]),
  ].join('\n');
};

/** Shares of what arrived; what bounced, of what was sent. */
const mailsInWords = ({ counts }: StatsRow): string => {
  const { sent = 0, delivered = 0, opened = 0, clicked = 0, bounced = 0 } = counts;
  return [
    `${sent} sent`,
    `${delivered} arrived${share(delivered, sent)}`,
    `${opened} opened${share(opened, delivered)}`,
    `${clicked} clicked${share(clicked, delivered)}`,
    ...(bounced > 0 ? [`${bounced} bounced${share(bounced, sent)}`] : []),
  ].join(', ');
};

const outcomeInWords = ({ counts, amounts }: StatsRow): readonly string[] => {
  const { delivered = 0, complained = 0, unsubscribed = 0, replied = 0, qualified = 0, won = 0 } = counts;
  const worth = Object.entries(amounts).map(([currency, amount]) => `${amount}${currency === 'XXX' ? '' : ` ${currency}`}`);
  const parts = [
    ...(replied > 0 ? [`${replied} replied${share(replied, delivered)}`] : []),
    ...(qualified > 0 ? [`${qualified} qualified for sales`] : []),
    ...(won > 0 ? [`${won} won${worth.length > 0 ? ` (${worth.join(', ')})` : ''}`] : []),
    ...(unsubscribed > 0 ? [`${unsubscribed} left${share(unsubscribed, delivered)}`] : []),
    ...(complained > 0 ? [`${complained} reported spam${share(complained, delivered)}`] : []),
  ];
  return parts.length > 0 ? [parts.join(', ')] : [];
};

const share = (part: number, whole: number): string => (whole === 0 ? '' : ` (${Number(((100 * part) / whole).toPrecision(2))} %)`);
