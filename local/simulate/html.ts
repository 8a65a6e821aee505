import { sentenceFor } from '#core/explain/endings';
import type { Diagram } from '#core/sequences/diagram';
import { mailsByDay } from '#local/report/mails-by-day';
import { costSection } from '#local/report/money-and-problems';
import { card, cards, details, escaped, figure, section, table } from '#local/report/parts';
import { sequenceSections } from '#local/report/sequences';
import { style } from '#local/report/style';
import { count, counted } from '#local/report/words';
import { aboutOf, countedAbout, inDigits } from './about.ts';
import type { Margins } from './estimate.ts';
import { handoffSection } from './handoffs-html.ts';
import { fullDays, type ReasonFigures, type SimulationReport } from './report.ts';
import { sampleBanner, withMarginsOf } from './sample-html.ts';
import { daysText } from './sample-words.ts';

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
    ...sequencesOf(it, diagrams),
    handoffSection(it.handoffs, { about: aboutOf(it), margins: it.margins?.handoffs }),
    toQualify(it),
    held(it),
    unreached(it),
    costOf(it),
    '<footer>Simulated: the compiled machines and all handlers on made-up people, in virtual time. It shows volume, load and cost; how people answer is what the model says.</footer>',
    '</main></body></html>',
    '',
  ].join('\n');

/** A margin stays in one piece. */
const cardOf = (value: string, label: string): string => card(value.replaceAll('± ', '±\u00a0'), label);

const headline = (it: SimulationReport): string => {
  const about = aboutOf(it);
  const { margins } = it;
  const interrupted = it.ofLeads === undefined ? '' : `Interrupted: ${count(it.leads)} of ${count(it.ofLeads)} leads. `;
  const toOne = (it.emails / Math.max(1, it.leads)).toFixed(1);
  return [
    `<header><h1>${escaped(counted(it.days, 'day'))} of nurturing, rehearsed</h1>`,
    `<p class="takeaway">${escaped(`${interrupted}${count(it.leads)} leads get ${about.number(it.emails, margins?.emails)} e-mails; ${about.number(it.qualified, margins?.qualified)} qualify for sales, for ${about.dollars(it.costUsd.total, margins?.costUsd?.total)} in all at AWS list prices. From ${it.startAt.slice(0, 10)}, seed “${it.seed}”.`)}</p></header>`,
    ...sampleBanner(it),
    cards(
      cardOf(count(it.leads), 'leads'),
      cardOf(about.number(it.emails, margins?.emails), 'e-mails'),
      cardOf(about.isSample ? `≈ ${toOne}` : toOne, 'e-mails to a lead'),
      cardOf(about.number(it.capsHit, margins?.capsHit), 'times a cap held one back'),
      cardOf(about.number(it.qualified, margins?.qualified), 'leads qualify'),
      cardOf(about.number(it.handoffs.tasks, margins?.handoffs?.tasks), 'sales tasks'),
      cardOf(about.dollars(it.costUsd.total, margins?.costUsd?.total), 'AWS cost'),
      cardOf(
        it.costPerQualified === undefined ? 'none qualify' : about.dollars(it.costPerQualified, margins?.costPerQualified),
        'cost of a lead that qualifies',
      ),
    ),
    ...it.pauses.map(
      (pause) => `<p><strong>${escaped(`Stop-the-line pauses ${pause.sequence} at ${pause.at}: ${pause.why}.`)}</strong></p>`,
    ),
    ...(it.mayPause ?? []).map(
      (pause) =>
        `<p><strong>${escaped(`Stop-the-line may pause ${pause.sequence} from ${pause.at}: ${pause.why}. It may be chance: a larger sample tells; here it goes on.`)}</strong></p>`,
    ),
  ].join('\n');
};

const sequencesOf = (it: SimulationReport, diagrams: readonly Diagram[]): readonly string[] => {
  const about = aboutOf(it);
  const all = sequenceSections(inDigits(it, it.margins), diagrams);
  if (!about.isSample) return all;
  return it.sequences.map((one, at) => withMarginsOf(all[at] ?? '', one, about, it.margins?.sequences?.[at]));
};

const costOf = (it: SimulationReport): string => {
  const { emails, usage, costUsd } = inDigits(it, it.margins);
  const all = costSection({ costUsd, usage, emailsSent: emails });
  const said = aboutOf(it).dollars(it.costUsd.total, it.margins?.costUsd?.total);
  return it.sampled === undefined ? all : all.replace('</h2>', () => `</h2><p>${escaped(`Scaled from a sample: ${said} in all.`)}</p>`);
};

const perDay = (it: SimulationReport): string => {
  const { emailsPerDay, sequences, quota, daysOverQuota, margins } = it;
  const about = aboutOf(it);
  const names = sequences.map((one) => one.sequence);
  const busiest = emailsPerDay.reduce((most, day) => (day.together > most.together ? day : most));
  const marginOn = (day: (typeof emailsPerDay)[number]) => margins?.emailsPerDay?.[emailsPerDay.indexOf(day)]?.together;
  const full = fullDays(it);
  const takeaway = [
    `The busiest day is ${busiest.date} with ${countedAbout(about, busiest.together, 'e-mail', marginOn(busiest))}.`,
    ...(quota === undefined
      ? []
      : [
          (it.daysOverQuotaBetween?.[1] ?? daysOverQuota) === 0
            ? `SES’s ${count(quota)} a day are enough.`
            : `SES’s ${count(quota)} a day are too few on ${daysText(daysOverQuota, it.daysOverQuotaBetween)}.`,
        ]),
    ...(full > 0 ? [`The warm-up is used up on ${counted(full, 'day')}${about.isSample ? ', by the blocks that were run' : ''}.`] : []),
  ].join(' ');
  const days = emailsPerDay.map((day, at) => ({
    ...inDigits(day, margins?.emailsPerDay?.[at]),
    said: about.isSample ? [about.number(day.together, marginOn(day))] : [],
  }));
  const limits = (day: (typeof days)[number]) => [...day.said, day.warmUp ?? '-', ...(quota === undefined ? [] : [quota])];
  return section(
    'E-mails per day',
    takeaway,
    mailsByDay({
      days,
      sequences: names,
      label: 'Columns: e-mails by day (UTC) and sequence',
      caption: 'E-mails by day (UTC) and sequence, beside what may go',
      head: [...(about.isSample ? ['With its margin'] : []), 'Warm-up', ...(quota === undefined ? [] : ['SES quota'])],
      more: limits,
    }),
  );
};

/** `said`: in the table, with its margin. */
type Bar = readonly [name: string, value: number, said?: string];

const bars = (title: string, takeaway: string, head: readonly [string, string], rows: readonly Bar[]): string =>
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
          { caption: title, head, rows: rows.map(([name, value, said]) => [name, said ?? value]) },
        ),
  );

const perLead = (it: SimulationReport): string => {
  const about = aboutOf(it);
  const none = it.emailsPerLead.find((one) => one.emails === 0)?.leads ?? 0;
  const most = it.emailsPerLead.at(-1);
  const ofMost = it.margins?.emailsPerLead?.at(-1)?.leads;
  return bars(
    'E-mails per lead',
    `${about.percent(none, it.leads)} get none; ${countedAbout(about, most?.leads ?? 0, 'lead', ofMost)} get ${most?.emails ?? 0}, which is the most${about.isSample ? ' that was seen' : ''}.`,
    ['E-mails', 'leads'],
    leadBars(
      it,
      it.emailsPerLead.map((one) => String(one.emails)),
      it.emailsPerLead,
      it.margins?.emailsPerLead,
    ),
  );
};

const toQualify = (it: SimulationReport): string => {
  const { isSample } = aboutOf(it);
  return bars(
    'Time to qualify',
    it.qualified === 0
      ? `Nobody ${isSample ? 'in the sample ' : ''}qualifies.`
      : `Half of those who qualify do so within ${isSample ? '≈ ' : ''}${counted(it.medianDaysToQualify ?? 0, 'day')}.`,
    ['Days', 'leads'],
    leadBars(
      it,
      it.daysToQualify.map((one) => String(one.days)),
      it.daysToQualify,
      it.margins?.daysToQualify,
    ),
  );
};

type Leads = { readonly leads: number };

const leadBars = (
  it: SimulationReport,
  names: readonly string[],
  all: readonly Leads[],
  margins: Margins<readonly Leads[]> | undefined,
): readonly Bar[] =>
  all.map(({ leads }, at): Bar => {
    const name = names[at] ?? '';
    return it.sampled === undefined ? [name, leads] : [name, leads, aboutOf(it).number(leads, margins?.[at]?.leads)];
  });

const held = (it: SimulationReport): string => {
  const about = aboutOf(it);
  const rows = (word: string, all: readonly ReasonFigures[], margins: Margins<readonly ReasonFigures[]> | undefined) =>
    all.map((one, at) => [
      ...[word, one.sequence, about.isSample ? about.number(one.count, margins?.[at]?.count) : one.count],
      ...[sentenceFor(one.reason), one.reason],
    ]);
  return section(
    'What did not go, or not yet',
    `A cap or another e-mail was in the way ${countedAbout(about, it.capsHit, 'time', it.margins?.capsHit)}.`,
    table({
      caption: 'By reason',
      head: ['What', 'Sequence', 'Times', 'Why', 'In short'],
      rows: [
        ...rows('put off', it.deferred, it.margins?.deferred),
        ...rows('skipped', it.skipped, it.margins?.skipped),
        ...rows('did not enter', it.notEnrolled, it.margins?.notEnrolled),
      ],
    }),
  );
};

const unreached = ({ neverReached, neverReachedAtMost }: SimulationReport): string =>
  section(
    neverReachedAtMost === undefined ? 'Steps and arms that nobody came to' : 'Steps and arms that nobody in the sample came to',
    neverReached.length === 0
      ? 'Every step and every arm was taken.'
      : neverReachedAtMost === undefined
        ? `${counted(neverReached.length, 'place')}: too few leads, a model that never does this, or a condition that nobody can meet.`
        : `${counted(neverReached.length, 'place')}. Of all leads at most ${count(neverReachedAtMost)} may come to each of them, with 95 %: whether anybody does, only more leads can tell.`,
    neverReached.length === 0
      ? ''
      : details({
          caption: neverReachedAtMost === undefined ? 'Never taken' : 'Reached by nobody in the sample',
          head: ['Sequence', 'From', 'To', 'Arm'],
          rows: neverReached.map((it) => [it.sequence, it.step, it.to ?? '', it.label ?? '']),
        }).replace('<details>', '<details open>'),
  );
