import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { salesTaskStore } from '#adapters/stores/sales-tasks';
import { everyHistory, openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import { inWords } from '#cli/report-text';
import type { LiveConfig } from '#core/config';
import { type Asked, type GatheredReport, saidOf, windowOf } from '#core/report/ask';
import { csvOf } from '#core/report/csv';
import { gather } from '#core/report/gather';
import { type ReportBy, reportBy, reportOf } from '#core/report/report';
import type { Table } from '#core/table';

type Options = TableOptions & {
  readonly dir: string;
  readonly since?: string;
  readonly until?: string;
  readonly by?: ReportBy;
  readonly weeks: number;
  readonly json?: true;
  readonly csv?: string;
  readonly html?: string;
};

export const register = (program: Command): void => {
  withTableOptions(
    program
      .command('report')
      .description(
        'from lead to won: funnel, what sales made of it, revenue by what led to it, cost, and what is to come; the same for both teams',
      )
      .option('--since <day>', 'the first day, YYYY-MM-DD (UTC); 13 weeks back when not given', aDay)
      .option('--until <day>', 'the last day; today when not given', aDay)
      .addOption(new Option('--by <what>', 'only this breakdown; all of them when not given').choices([...reportBy]))
      .option('--weeks <n>', 'how many weeks ahead to forecast, 4 to 12', aWeekCount, 8)
      .option('--dir <folder>', 'the marketing folder', 'marketing')
      .option('--html <file>', 'write it as one page with charts')
      .option('--csv <folder>', 'write each table as a CSV file')
      .option('--json', 'all figures, as JSON'),
  ).action(async (options: Options) => {
    const { live } = await loadMarketing(options.dir);
    if (!live) throw new Error(`${options.dir} has errors: npx baton check says which`);
    const { table, clock, close } = await openTable(options);
    try {
      await tell(
        await readReport(table, live, { ...windowOf(options, clock.now()), now: clock.now(), weeksAhead: options.weeks }),
        live,
        options,
      );
    } finally {
      await close();
    }
  });
};

/** Reads each lead's own rows once, by the pages of the stage index, and adds them up. No scan. */
export const readReport = async (table: Table, live: LiveConfig, { since, until, now, weeksAhead }: Asked): Promise<GatheredReport> => {
  const around = { salesTasks: salesTaskStore(table), live, now };
  const { cells, leads } = await gather(everyHistory(table, undefined, 'eventual'), { since, until }, around);
  return { ...reportOf({ cells, since, until, asOf: now, weeksAhead }), leadsRead: leads };
};

const tell = async (report: GatheredReport, live: LiveConfig, { json, csv, html, by }: Options): Promise<void> => {
  const said = saidOf(report, live, by);
  if (html !== undefined) {
    const { reportPage } = await import('#local/report/report-page');
    await writeFile(html, reportPage(said));
    console.error(`The page is in ${html}`);
  }
  if (csv !== undefined) {
    await mkdir(csv, { recursive: true });
    const tables = said.sections.flatMap((it) => it.tables);
    await Promise.all(tables.map((it) => writeFile(join(csv, `${it.id}.csv`), csvOf(it))));
    console.error(`${tables.length} tables are in ${csv}`);
  }
  if (json) console.log(JSON.stringify({ agreement: said.agreement, ...report }, undefined, 2));
  else if (html === undefined && csv === undefined) console.log(inWords(said));
};

const aDay = (text: string): string => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)) || new Date(text).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('a day such as 2026-03-02');
  return text;
};

const aWeekCount = (text: string): number => {
  const weeks = Number(text);
  if (!Number.isInteger(weeks) || weeks < 4 || weeks > 12) throw new InvalidArgumentError('a whole number from 4 to 12');
  return weeks;
};
