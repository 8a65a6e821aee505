import { createHash } from 'node:crypto';
import { deliverabilitySection } from '#core/console/deliverability';
import { type ReportSection, type ReportView, reportDays } from '#core/console/views';
import { agreementOf } from '#core/report/agreement';
import { addCells } from '#core/report/cells';
import { csvOf } from '#core/report/csv';
import { reportOf } from '#core/report/report';
import { sectionsOf } from '#core/report/sections';
import type { Section } from '#core/report/tables';
import { type Answer, type Asked, oneOf, Refusal } from './asked.ts';
import { lastDays } from './mail-counts.ts';
import { healthOf } from './operations.ts';

const weeksAhead = 8;

/** What the night added up: the rows of the window and of the weeks (a few to some dozens), and the health of each sequence. */
export const reportView = async (asked: Asked): Promise<Answer> => {
  const { live, query } = asked;
  const days = oneOf(query('days'), reportDays, 91);
  const { sections, asOf, from, to } = await sectionsFor(asked, days);
  const view: ReportView = {
    days,
    from,
    to,
    ...(asOf !== undefined && { asOf }),
    agreement: agreementOf(live),
    sections: sections.map((it) => sectionView(it, days)),
  };
  return { json: view };
};

/** One table, with bare numbers, for a spreadsheet. */
export const reportCsv = async (asked: Asked): Promise<Answer> => {
  const days = oneOf(asked.query('days'), reportDays, 91);
  const id = (asked.params.table ?? '').replace(/\.csv$/, '');
  const { sections } = await sectionsFor(asked, days);
  const table = sections.flatMap((it) => it.tables).find((it) => it.id === id);
  if (!table) throw new Refusal(404, 'the report of these days has no such table');
  return { csv: csvOf(table), name: `${id}-${days}-days.csv` };
};

const sectionsFor = async (asked: Asked, days: number) => {
  const { use, now } = asked;
  const [window, weeks, health] = await Promise.all([use.recounts.window(days), use.recounts.report(), healthOf(asked)]);
  const asOf = window?.asOf;
  const { from, upTo: to } = lastDays(asOf ?? now, days);
  const deliverability = deliverabilitySection(health);
  if (!window || asOf === undefined) return { sections: [deliverability], from, to };
  const cells: Record<string, number> = {};
  addCells(cells, window.cells);
  addCells(cells, weeks?.cells ?? {});
  return { sections: [...workedOut({ cells, asOf, since: from, until: to, weeksAhead }), deliverability], asOf, from, to };
};

/** The forecast is most of the work, and all day the same: a function that has worked it out keeps it. */
const workedOut = (given: Parameters<typeof reportOf>[0]): readonly Section[] => {
  const key = createHash('sha256').update(JSON.stringify(given)).digest('base64');
  const known = reports.get(key);
  if (known) return known;
  const sections = sectionsOf(reportOf(given));
  if (reports.size >= mostKept) reports.clear();
  reports.set(key, sections);
  return sections;
};
const reports = new Map<string, readonly Section[]>();
const mostKept = 2 * reportDays.length;

const sectionView = ({ id, title, takeaway, tables }: Section, days: number): ReportSection => ({
  id,
  title,
  takeaway,
  tables: tables.map(({ id: table, caption, columns, rows, bars }) => {
    const currency = /^revenue-([a-z]{3})-/.exec(table)?.[1]?.toUpperCase();
    return {
      id: table,
      caption,
      columns,
      rows,
      ...(bars && { bars }),
      ...(currency !== undefined && { currency }),
      csv: `/console/api/report/${encodeURIComponent(table)}.csv?days=${days}`,
    };
  }),
});
