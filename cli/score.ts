import { join } from 'node:path';
import type { Command } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { withMarketingAt } from '#cli/marketing-at';
import { everyHistory, openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import { type Trained, trainedInWords, trainFile, trainLeads } from '#cli/score-train';
import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import { nurtureStages } from '#core/lead';
import type { History } from '#core/ports';
import { byImportance, createSummary, type DiffSummary, diffOf, type LeadDiff } from '#core/score-diff';

type Options = TableOptions & {
  readonly diff?: true;
  readonly train?: true;
  readonly from?: string;
  readonly label?: string;
  readonly positive?: string;
  readonly drop?: string;
  readonly baseline?: string;
  readonly out?: string;
  readonly minOutcomes?: number;
  readonly against: string;
  readonly dir: string;
  readonly most: number;
  readonly json?: true;
};

export const register = (program: Command): void => {
  withTableOptions(
    program
      .command('score')
      .description(
        'what a change of scoring.yaml would do to the leads there are (--diff), or learn from outcomes who becomes a customer (--train)',
      )
      .option('--diff', 'compare the marketing folder with --against')
      .option('--train', 'learn a prediction from the outcomes of the leads there are, or of those in a file (--from)')
      .option('--from <file>', '--train: a CSV file with an outcome for each row, instead of the leads of a deployment')
      .option('--label <column>', '--from: the column that tells the outcome')
      .option('--positive <word>', '--from: the word of the good outcome, where that is not clear')
      .option('--drop <columns>', '--train: columns to leave out, with commas between')
      .option('--baseline <column>', '--from: a column with a score that is to be beaten, else chance')
      .option('--out <file>', '--train: where the model goes; else prediction.json in the marketing folder')
      .option('--min-outcomes <n>', '--train: fewer are refused; else 200', Number)
      .option('--against <version>', 'a git ref, or another marketing folder', 'HEAD')
      .option('--dir <folder>', 'the marketing folder', 'marketing')
      .option('--most <n>', 'how many leads to show', Number, 20)
      .option('--json', 'everything, as JSON'),
  ).action(async (options: Options) => {
    if (Boolean(options.diff) === Boolean(options.train)) throw new Error('say one of --diff and --train');
    if (options.train) {
      const trained = await trainWith(options);
      return console.log(options.json ? JSON.stringify(trained.model, undefined, 2) : trainedInWords(trained));
    }
    const [before, after] = await Promise.all([withMarketingAt(options.against, options.dir, liveOf), liveOf(options.dir)]);
    const { table, clock, close } = await openTable(options);
    try {
      const result = await compare(everyHistory(table, nurtureStages), before, after, clock.now());
      console.log(options.json ? JSON.stringify(result, undefined, 2) : inWords(result, options.most));
    } finally {
      await close();
    }
  });
};

const trainWith = async ({ from, drop, out, ...options }: Options): Promise<Trained> => {
  const { minOutcomes } = options;
  if (minOutcomes !== undefined && !(Number.isInteger(minOutcomes) && minOutcomes >= 20))
    throw new Error('--min-outcomes: a whole number from 20 on; from fewer nothing can be learnt');
  const columns = drop?.split(',').map((it) => it.trim());
  const today = new Date().toISOString().slice(0, 10);
  const asked = { ...options, out: out ?? join(options.dir, 'prediction.json'), today, ...(columns && { drop: columns }) };
  if (from !== undefined) return trainFile({ ...asked, from });
  const live = await liveOf(options.dir);
  console.error('outcomes are taken from the leads of the deployment; for a file: --from leads.csv --label <column>');
  const { table, close } = await openTable(options);
  try {
    return await trainLeads(everyHistory(table), live, asked);
  } finally {
    await close();
  }
};

export type ScoreDiff = { readonly at: Instant; readonly summary: DiffSummary; readonly leads: readonly LeadDiff[] };

/** Keeps only leads for whom something changes. */
export const compare = async (
  histories: AsyncIterable<History>,
  before: LiveConfig,
  after: LiveConfig,
  at: Instant,
): Promise<ScoreDiff> => {
  const summary = createSummary();
  const leads: LeadDiff[] = [];
  for await (const history of histories) {
    const diff = diffOf(history, before, after, at);
    summary.add(diff);
    if (diff) leads.push(diff);
  }
  return { at, summary: summary.of(), leads: leads.sort(byImportance) };
};

export const inWords = ({ at, summary, leads }: ScoreDiff, most: number): string => {
  const { changed, wouldQualify, wouldNoLongerQualify, stages } = summary;
  const total = `${counted(summary.leads, 'lead')} before sales, at ${at}: ${changed} with another score`;
  if (changed === 0) return `${total}. Nobody crosses the threshold.`;
  const moves = Object.entries(stages).map(([move, count]) => `${count} ${move.replace('->', 'to')}`);
  return [
    `${total}.`,
    `  would qualify: ${wouldQualify}`,
    `  would no longer qualify: ${wouldNoLongerQualify}`,
    ...(moves.length > 0 ? [`  stages: ${moves.join(', ')}`] : []),
    '',
    ...leads.slice(0, most).map(leadInWords),
    ...(leads.length > most ? [`… and ${leads.length - most} more (--most, or --json for all)`] : []),
  ].join('\n');
};

const leadInWords = ({ leadId, before, after, crosses, because }: LeadDiff): string => {
  const mark = crosses === 'would-qualify' ? '+' : crosses === 'would-no-longer-qualify' ? '−' : ' ';
  const numbers = [
    `fit ${arrow(before.fit, after.fit)}`,
    `engagement ${arrow(before.engagement, after.engagement)}`,
    ...(before.grade !== after.grade ? [`grade ${arrow(before.grade ?? 'none', after.grade ?? 'none')}`] : []),
    ...(before.stage !== after.stage ? [`stage ${arrow(before.stage, after.stage)}`] : []),
    ...after.disqualifiedBy.filter((it) => !before.disqualifiedBy.includes(it)).map((it) => `disqualified: ${it}`),
  ];
  return `${mark} ${leadId}  ${numbers.join(', ')}${because.length > 0 ? `  (${because.join('; ')})` : ''}`;
};

const arrow = (one: string | number, other: string | number): string => (one === other ? String(one) : `${one} → ${other}`);
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const liveOf = async (dir: string): Promise<LiveConfig> => {
  const { live, problems } = await loadMarketing(dir);
  if (live) return live;
  const [first] = problems.filter((it) => it.severity === 'error');
  throw new Error(`${dir} has errors, the first: ${first?.file}:${first?.line} ${first?.what}; run npx baton check --dir ${dir}`);
};
