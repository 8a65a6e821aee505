import type { LiveConfig } from '#core/config';
import { oneLine } from '#core/email';
import { escapeHtml } from '#core/html';
import { type Instant, utcMinute } from '#core/instant';
import type { Notice } from '#core/notice';
import { agreementOf } from './agreement.ts';
import { type Cells, cell } from './cells.ts';
import { forecastLine } from './forecast-section.ts';
import { forecastOf } from './report.ts';
import { count, counted, percent } from './tables.ts';
import { mondayInWords, weekInWords } from './weeks.ts';

type Given = {
  readonly cells: Cells;
  readonly week: number;
  readonly asOf: Instant;
  readonly live: Pick<LiveConfig, 'brand' | 'scoring' | 'sales'>;
};

const lines = [
  ['lead', 'New leads'],
  ['mailed', 'First mailed'],
  ['engaged', 'Engaged'],
  ['mql', 'MQLs'],
  ['accept', 'Accepted by sales'],
  ['reject', 'Rejected'],
  ['recycle', 'Given back for later'],
  ['won', 'Won'],
  ['lost', 'Lost'],
] as const;

const weeksAhead = 4;
/** What is usual: the mean of so many weeks before, or of as many as anything is known of. */
const usualWeeks = 8;
/** With fewer to compare with, every week would be an odd one. */
const fewestWeeks = 3;

/** The weekly mail to both teams: the same numbers for both. No name and no address of a lead is in it. */
export const renderDigest = (given: Given): Notice => {
  const figures = figuresOf(given);
  const { company } = given.live.brand;
  const of = (name: string) => figures.rows.find((it) => it.name === name)?.now ?? 0;
  const headline = `${counted(of('mql'), 'MQL')}, ${count(of('accept'))} accepted, ${count(of('won'))} won`;
  const period = weekInWords(given.week);
  const text = [
    `Marketing and sales at ${company}, ${period}`,
    '',
    `${headline}.`,
    '',
    ...figures.rows.map(
      ({ label, now, before, usual }) =>
        `${label.padEnd(22)}${String(now).padStart(7)}   the week before ${before}${usual === undefined ? '' : `, usually ${usual}`}`,
    ),
    '',
    ...figures.paragraphs.flatMap(({ title, words }) => [title, ...words.map((it) => `- ${it}`), '']),
    footer(given),
  ].join('\n');
  return {
    subject: oneLine(`${company} week of ${mondayInWords(given.week)}: ${headline}`).slice(0, 200),
    text,
    html: asHtml(given, headline, period, figures),
  };
};

type Row = {
  readonly name: string;
  readonly label: string;
  readonly now: number;
  readonly before: number;
  readonly usual: number | undefined;
};
type Figures = {
  readonly rows: readonly Row[];
  readonly paragraphs: readonly { readonly title: string; readonly words: readonly string[] }[];
};

const figuresOf = (given: Given): Figures => {
  const { cells, week, asOf, live } = given;
  const at = (of: number, what: string) => cells[cell('week', of, what)] ?? 0;
  const known = weeksBefore(cells, week);
  const usually = (what: string) => {
    const sum = Array.from({ length: known }, (_, back) => at(week - 1 - back, what)).reduce((all, it) => all + it, 0);
    return known === 0 ? undefined : Math.round((sum / known) * 10) / 10;
  };
  const rows = lines.map(([name, label]) => ({
    name,
    label,
    now: at(week, name),
    before: at(week - 1, name),
    usual: usually(name),
  }));
  const [kept, missed] = [at(week, 'sla-kept'), at(week, 'sla-missed')];
  const named = (start: string) => namedIn(cells, week, start);
  const reasonsFor = (answer: string, words: string) => {
    const all = named(`${answer}: `).map(([why, times]) => `${why} ${count(times)}`);
    return all.length === 0 ? [] : [`${words}: ${all.join(', ')}.`];
  };
  const reasons = [...reasonsFor('reject', 'Rejected as'), ...reasonsFor('recycle', 'Given back as')];
  const money = named('money ').map(([currency, cents]) =>
    `${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })} ${currency === 'XXX' ? '' : currency}`.trim(),
  );
  const forecasts = (['mql', 'won'] as const).map((goal) => forecastLine(forecastOf(cells, goal, asOf, weeksAhead), goal));
  const paragraphs = [
    { title: 'What changed', words: changes(rows, known) },
    {
      title: 'Sales',
      words: [
        kept + missed === 0
          ? 'No task of this week had a time to answer by that is over.'
          : `${percent(kept / (kept + missed))} of this week’s tasks were answered in time${missed > 0 ? `; ${count(missed)} ${missed === 1 ? 'was' : 'were'} not` : ''}.`,
        ...(money.length > 0 ? [`Won: ${money.join(', ')}.`] : []),
        ...reasons,
      ],
    },
    { title: 'What is to come', words: forecasts },
    { title: 'What we agreed on', words: agreementOf(live).slice(0, live.sales.mql === undefined ? 1 : 2) },
  ];
  return { rows, paragraphs };
};

/** Whole weeks before this one since the first of which anything is known. */
const weeksBefore = (cells: Cells, week: number): number => {
  const weeks = Object.keys(cells).flatMap((it) => /^week\t(\d+)\t/.exec(it)?.[1] ?? []);
  return Math.min(usualWeeks, Math.max(0, week - Math.min(week, ...weeks.map(Number))));
};

/** Reasons and amounts of a week, most first. */
const namedIn = (cells: Cells, week: number, start: string): readonly (readonly [string, number])[] => {
  const prefix = cell('week', week, start);
  return Object.entries(cells)
    .flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : []))
    .sort(([one, of], [other, ofOther]) => ofOther - of || (one < other ? -1 : 1));
};

/** Further from what is usual than counts of this size are by chance in nineteen weeks of twenty. */
const changes = (rows: readonly Row[], known: number): readonly string[] => {
  if (known < fewestWeeks)
    return [`It takes ${fewestWeeks} whole weeks before this one to say; ${known === 1 ? 'one is' : `${count(known)} are`} known.`];
  const told = rows.flatMap(({ label, now, usual = 0 }) =>
    Math.abs(now - usual) > 2 * Math.sqrt(Math.max(1, usual) * (1 + 1 / known))
      ? [`${label}: ${count(now)}, ${now > usual ? 'more' : 'fewer'} than the usual ${count(Math.round(usual))}.`]
      : [],
  );
  return told.length > 0 ? told : ['Nothing beyond what weeks differ by anyway.'];
};

const footer = ({ asOf }: Given): string =>
  `Weeks are Monday to Sunday, UTC. Figures as of ${utcMinute(asOf)} UTC. All of it, with charts: npx baton report --html report.html. Who gets this: digest in sales.yaml.`;

const cellStyle = 'padding:6px 0 6px 12px;text-align:right;border-bottom:1px solid #d5dae1';
const headStyle = 'padding:6px 0;text-align:left;border-bottom:1px solid #d5dae1;font-weight:400';

/** Tables and inline styles only, so that every mail program shows it. */
const asHtml = (given: Given, headline: string, period: string, { rows, paragraphs }: Figures): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"></head>',
    '<body style="margin:0;padding:0"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:16px">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5"><tr><td>',
    `<p style="margin:0;font-size:14px">${escapeHtml(given.live.brand.company)}, ${escapeHtml(period)}</p>`,
    `<h1 style="margin:4px 0 16px;font-size:22px;line-height:1.3">${escapeHtml(headline)}</h1>`,
    '<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:15px">',
    `<tr><th scope="col" style="${headStyle}">&nbsp;</th>${['the week', 'before', 'usually'].map((it) => `<th scope="col" style="${cellStyle};font-weight:400;font-size:13px">${it}</th>`).join('')}</tr>`,
    ...rows.map(
      ({ label, now, before, usual }) =>
        `<tr><th scope="row" style="${headStyle}">${escapeHtml(label)}</th><td style="${cellStyle};font-weight:700">${count(now)}</td><td style="${cellStyle}">${count(before)}</td><td style="${cellStyle}">${usual === undefined ? '–' : count(usual)}</td></tr>`,
    ),
    '</table>',
    ...paragraphs.map(
      ({ title, words }) =>
        `<h2 style="margin:24px 0 4px;font-size:17px">${escapeHtml(title)}</h2>${words.map((it) => `<p style="margin:0 0 6px">${escapeHtml(it)}</p>`).join('')}`,
    ),
    `<p style="margin:24px 0 0;font-size:13px">${escapeHtml(footer(given))}</p>`,
    '</td></tr></table></td></tr></table></body></html>',
  ].join('\n');
