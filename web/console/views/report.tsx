import { useLocation } from 'preact-iso/router';
import { BarChart } from '../charts/bars.tsx';
import { ChartWithTable } from '../charts/chart.tsx';
import type { ReportSection, ReportTableView, ReportView } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { calendarDay, counted, dateTime, dollars, money, number, percent } from '../lib/format.ts';
import { useMe } from '../lib/me.ts';
import { apiUrl, viewUrl } from '../lib/url.ts';
import { Choice, Empty, Loaded, Page, Section } from '../ui/parts.tsx';

const ranges = [
  { value: '28', label: '4 weeks' },
  { value: '91', label: '13 weeks' },
  { value: '364', label: 'A year' },
] as const;

/** The same figures for marketing and for sales, each with its table and its file. */
export const Report = () => {
  const { query, route } = useLocation();
  const { isDev } = useMe();
  const days = ranges.find((it) => it.value === query.days)?.value ?? '91';
  const report = useData<ReportView>(apiUrl('/report', { days }));
  return (
    <Page
      title="Report"
      about={
        report.data?.asOf &&
        `${calendarDay(report.data.from)} to ${calendarDay(report.data.to)} (UTC), counted ${dateTime(report.data.asOf)}.`
      }
      actions={
        <>
          <Choice label="Time range" options={ranges} value={days} onChange={(it) => route(viewUrl('/report', { days: it }), true)} />
          {isDev && (
            <a class="button" href="/report" target="_blank" rel="noopener">
              As one page
            </a>
          )}
        </>
      }
    >
      <Loaded of={report}>{(data) => (data.asOf === undefined ? <NotYet /> : <Whole report={data} />)}</Loaded>
    </Page>
  );
};

const NotYet = () => (
  <Empty title="Nothing is counted yet.">
    Figures are made at night; the first night makes them. Until then <code>npx baton report</code> counts them on your machine.
  </Empty>
);

const Whole = ({ report }: { report: ReportView }) => (
  <>
    {report.agreement.length > 0 && (
      <details class="card agreed">
        <summary>What we agreed on</summary>
        {report.agreement.map((it) => (
          <p key={it}>{it}</p>
        ))}
      </details>
    )}
    <nav class="contents" aria-label="Parts of the report">
      {report.sections.map((it) => (
        <a key={it.id} href={`#${it.id}`}>
          {it.title}
        </a>
      ))}
    </nav>
    {report.sections.map((it) => (
      <Part key={it.id} part={it} />
    ))}
  </>
);

const Part = ({ part }: { part: ReportSection }) => (
  <div class="report-part" id={part.id}>
    <Section id={`${part.id}-title`} title={part.title} about={part.takeaway}>
      <div class="stack">
        {part.tables.map((it) => (
          <Shown key={it.id} table={it} />
        ))}
      </div>
    </Section>
  </div>
);

/** Long lists of names make long charts: the table has all. */
const mostBars = 15;
const mostRows = 12;

const Shown = ({ table }: { table: ReportTableView }) => {
  const { bars, rows, columns } = table;
  if (rows.length === 0) return null;
  const hasChart = bars !== undefined && bars.categories.length > 0 && bars.series.length > 0;
  return (
    <ChartWithTable
      name={table.id}
      csv={table.csv}
      isTableOpen={!hasChart && rows.length <= mostRows}
      table={{
        caption: table.caption,
        columns: columns.map((it) => ({ name: it.name, isNumber: it.as !== 'text' })),
        rows: rows.map((row) => columns.map((column, at) => said(row[at], column.as, table.currency))),
      }}
    >
      {hasChart && (
        <BarChart
          bars={{
            ...bars,
            label: `${table.caption}. The table below says the same.`,
            categories: bars.categories.slice(0, mostBars),
            series: bars.series.map((it) => ({ ...it, values: it.values.slice(0, mostBars) })),
            ...(bars.ends && { ends: bars.ends.slice(0, mostBars) }),
          }}
        />
      )}
    </ChartWithTable>
  );
};

type As = ReportTableView['columns'][number]['as'];

/** Each value as its column says, in the reader's own way of writing. */
const said = (value: string | number | undefined, as: As, currency: string | undefined): string => {
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  switch (as) {
    case 'text':
      return String(value);
    case 'number':
      return number(value, 2);
    case 'count':
      return number(value);
    case 'share':
      return percent(value);
    case 'span':
      return value < 1 ? 'under an hour' : value < 48 ? counted(value, 'hour') : counted(Math.floor(value / 24), 'day');
    case 'dollars':
      return dollars(value);
    case 'amount':
      return currency === undefined ? number(value, 2) : money(value, currency);
  }
};
