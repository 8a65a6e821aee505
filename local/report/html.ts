import type { Diagram } from '#core/sequences/diagram';
import type { DemoReport } from '#local/demo-report';
import { mailsByDay } from './mails-by-day.ts';
import { costSection, notSentSection, problemsSection } from './money-and-problems.ts';
import { card, cards, escaped, section } from './parts.ts';
import { salesSection } from './sales.ts';
import { sequenceSections } from './sequences.ts';
import { style } from './style.ts';
import { count, counted, dollars, sum } from './words.ts';

/** The whole report as one file: no script, nothing from elsewhere, no wall time. Same report, same bytes. */
export const reportHtml = (report: DemoReport, diagrams: readonly Diagram[]): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Baton demo, seed ${escaped(report.seed)}</title><style>${style}</style></head><body><main>`,
    headline(report),
    perDaySection(report),
    ...sequenceSections(report, diagrams),
    salesSection(report),
    costSection(report),
    notSentSection(report),
    problemsSection(report),
    '<footer>Counted from the inbox, the rows and the machines’ histories of a demo on one machine, in virtual time. People are made up by a seeded model.</footer>',
    '</main></body></html>',
    '',
  ].join('\n');

const headline = (report: DemoReport): string => {
  const { costUsd, qualified } = report;
  const perQualified = qualified === 0 ? 'none qualified' : dollars(costUsd.total / qualified);
  return [
    `<header><h1>What ${counted(report.days, 'day')} of nurturing did</h1>`,
    `<p class="takeaway">${escaped(`${count(report.leads)} leads got ${count(report.emailsSent)} e-mails; ${count(qualified)} qualified for sales, for ${dollars(costUsd.total)} in all at AWS list prices. Virtual time, seed “${report.seed}”.`)}</p></header>`,
    cards(
      card(count(report.days), 'virtual days'),
      card(count(report.leads), 'leads'),
      card(count(report.enrolments), 'enrolments'),
      card(count(report.emailsSent), 'e-mails sent'),
      card(count(qualified), 'leads qualified'),
      card(count(report.salesTasks), 'sales tasks'),
      card(dollars(costUsd.total), 'AWS cost'),
      card(perQualified, 'cost per qualified lead'),
    ),
    '<h3>Five numbers that must be 0</h3>',
    cards(
      promise(report.duplicateSends, 'e-mails sent twice'),
      promise(report.sendsAfterStop, 'e-mails after a stop'),
      promise(report.emailsOutsideWindow, 'e-mails outside their window'),
      promise(report.emailsOverCap, 'e-mails over the cap or within the gap'),
      promise(report.transitionsOverBudget, 'state transitions over budget'),
    ),
  ].join('\n');
};

const promise = (value: number, label: string): string =>
  card(`${count(value)} ${value === 0 ? '✓' : '✗'}`, `${label}${value === 0 ? '' : ' – must be 0'}`, value === 0 ? 'good' : 'bad');

const perDaySection = ({ emailsPerDay, sequences, emailsSent }: DemoReport): string => {
  const names = sequences.map((it) => it.sequence);
  const totals = emailsPerDay.map((it) => sum(Object.values(it.sent)));
  const most = Math.max(0, ...totals);
  const busiest = emailsPerDay[totals.indexOf(most)];
  const takeaway =
    busiest && most > 0
      ? `The busiest day was ${busiest.date} with ${counted(most, 'e-mail')}; on ${counted(totals.filter((it) => it === 0).length, 'day')} none went.`
      : 'No e-mail went.';
  return section(
    'E-mails per day',
    takeaway,
    mailsByDay({
      days: emailsPerDay,
      sequences: names,
      label: `Columns: ${count(emailsSent)} e-mails by day (UTC) and sequence`,
      caption: 'E-mails by day (UTC) and sequence',
    }),
  );
};
