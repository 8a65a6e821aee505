import { sentenceFor } from '#core/explain/endings';
import type { Diagram } from '#core/sequences/diagram';
import { mailsByDay } from '#local/report/mails-by-day';
import { costSection } from '#local/report/money-and-problems';
import { card, cards, details, escaped, figure, section, table } from '#local/report/parts';
import { sequenceSections } from '#local/report/sequences';
import { style } from '#local/report/style';
import { count, counted, dollars, percent, share } from '#local/report/words';
import { handoffSection } from './handoffs-html.ts';
import type { ReasonFigures, SimulationReport } from './report.ts';

/** The whole report as one file: no script, nothing from elsewhere. Same report, same bytes. */
export const simulationHtml = (it: SimulationReport, diagrams: readonly Diagram[], difference = ''): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Baton simulation, seed ${escaped(it.seed)}</title><style>${style}</style></head><body><main>`,
    headline(it),
    difference,
    perDay(it),
    perLead(it),
    ...sequenceSections(it, diagrams),
    handoffSection(it.handoffs),
    toQualify(it),
    held(it),
    unreached(it),
    costSection({ costUsd: it.costUsd, usage: it.usage, emailsSent: it.emails }),
    '<footer>Simulated: the compiled machines and all handlers on made-up people, in virtual time. It shows volume, load and cost; how people answer is what the model says.</footer>',
    '</main></body></html>',
    '',
  ].join('\n');

const headline = (it: SimulationReport): string =>
  [
    `<header><h1>${escaped(counted(it.days, 'day'))} of nurturing, rehearsed</h1>`,
    `<p class="takeaway">${escaped(`${it.ofLeads === undefined ? '' : `Interrupted: ${count(it.leads)} of ${count(it.ofLeads)} leads. `}${count(it.leads)} leads get ${count(it.emails)} e-mails; ${count(it.qualified)} qualify for sales, for ${dollars(it.costUsd.total)} in all at AWS list prices. From ${it.startAt.slice(0, 10)}, seed “${it.seed}”.`)}</p></header>`,
    cards(
      card(count(it.leads), 'leads'),
      card(count(it.emails), 'e-mails'),
      card((it.emails / Math.max(1, it.leads)).toFixed(1), 'e-mails to a lead'),
      card(count(it.capsHit), 'times a cap held one back'),
      card(count(it.qualified), 'leads qualify'),
      card(count(it.handoffs.tasks), 'sales tasks'),
      card(dollars(it.costUsd.total), 'AWS cost'),
      card(it.costPerQualified === undefined ? 'none qualify' : dollars(it.costPerQualified), 'cost of a lead that qualifies'),
    ),
    ...it.pauses.map(
      (pause) => `<p><strong>${escaped(`Stop-the-line pauses ${pause.sequence} at ${pause.at}: ${pause.why}.`)}</strong></p>`,
    ),
  ].join('\n');

const perDay = ({ emailsPerDay, sequences, quota, daysOverQuota }: SimulationReport): string => {
  const names = sequences.map((it) => it.sequence);
  const busiest = emailsPerDay.reduce((most, it) => (it.together > most.together ? it : most));
  const full = emailsPerDay.filter((it) => it.warmUp !== undefined && it.together >= it.warmUp).length;
  const takeaway = [
    `The busiest day is ${busiest.date} with ${counted(busiest.together, 'e-mail')}.`,
    ...(quota === undefined
      ? []
      : [
          daysOverQuota === 0
            ? `SES’s ${count(quota)} a day are enough.`
            : `SES’s ${count(quota)} a day are too few on ${counted(daysOverQuota, 'day')}.`,
        ]),
    ...(full > 0 ? [`The warm-up is used up on ${counted(full, 'day')}.`] : []),
  ].join(' ');
  const limits = (it: SimulationReport['emailsPerDay'][number]) => [it.warmUp ?? '-', ...(quota === undefined ? [] : [quota])];
  return section(
    'E-mails per day',
    takeaway,
    mailsByDay({
      days: emailsPerDay,
      sequences: names,
      label: 'Columns: e-mails by day (UTC) and sequence',
      caption: 'E-mails by day (UTC) and sequence, beside what may go',
      head: ['Warm-up', ...(quota === undefined ? [] : ['SES quota'])],
      more: limits,
    }),
  );
};

const bars = (title: string, takeaway: string, head: readonly [string, string], rows: readonly (readonly [string, number])[]): string =>
  section(
    title,
    takeaway,
    rows.length === 0
      ? ''
      : figure(
          {
            as: 'columns',
            unit: head[1],
            categories: rows.map(([name]) => name),
            series: [{ name: head[1], values: rows.map(([, value]) => value) }],
          },
          `Columns: ${title}`,
          { caption: title, head, rows: rows.map(([name, value]) => [name, value]) },
        ),
  );

const perLead = ({ emailsPerLead, leads }: SimulationReport): string => {
  const none = emailsPerLead.find((it) => it.emails === 0)?.leads ?? 0;
  const most = emailsPerLead.at(-1);
  return bars(
    'E-mails per lead',
    `${percent(share(none, leads))} get none; ${counted(most?.leads ?? 0, 'lead')} get ${most?.emails ?? 0}, which is the most.`,
    ['E-mails', 'leads'],
    emailsPerLead.map((it) => [String(it.emails), it.leads] as const),
  );
};

const toQualify = ({ daysToQualify, medianDaysToQualify, qualified }: SimulationReport): string =>
  bars(
    'Time to qualify',
    qualified === 0 ? 'Nobody qualifies.' : `Half of those who qualify do so within ${counted(medianDaysToQualify ?? 0, 'day')}.`,
    ['Days', 'leads'],
    daysToQualify.map((it) => [String(it.days), it.leads] as const),
  );

const held = ({ deferred, skipped, notEnrolled, capsHit }: SimulationReport): string => {
  const rows = (word: string, all: readonly ReasonFigures[]) =>
    all.map((it) => [word, it.sequence, it.count, sentenceFor(it.reason), it.reason]);
  return section(
    'What did not go, or not yet',
    `A cap or another e-mail was in the way ${counted(capsHit, 'time')}.`,
    table({
      caption: 'By reason',
      head: ['What', 'Sequence', 'Times', 'Why', 'In short'],
      rows: [...rows('put off', deferred), ...rows('skipped', skipped), ...rows('did not enter', notEnrolled)],
    }),
  );
};

const unreached = ({ neverReached }: SimulationReport): string =>
  section(
    'Steps and arms that nobody came to',
    neverReached.length === 0
      ? 'Every step and every arm was taken.'
      : `${counted(neverReached.length, 'place')}: too few leads, a model that never does this, or a condition that nobody can meet.`,
    neverReached.length === 0
      ? ''
      : details({
          caption: 'Never taken',
          head: ['Sequence', 'From', 'To', 'Arm'],
          rows: neverReached.map((it) => [it.sequence, it.step, it.to ?? '', it.label ?? '']),
        }).replace('<details>', '<details open>'),
  );
