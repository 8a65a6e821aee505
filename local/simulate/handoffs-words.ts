import { counted } from '#local/report/words';
import { type About, countedAbout, exactly } from './about.ts';
import type { Margins } from './estimate.ts';
import { answerWords, type Handoffs } from './handoffs.ts';
import type { WhatIf } from './sales-queue.ts';

type Row = readonly (string | number)[];
export type Rows = { readonly head: readonly string[]; readonly rows: readonly Row[] };

/** How the figures of sales are said, and their margins where they are of a sample. */
export type SaidAs = { readonly about: About; readonly margins?: Margins<Handoffs> | undefined };
const asCounted: SaidAs = { about: exactly };

/** A cell: of a whole rehearsal the number itself, which the table puts right. */
export const cellOf =
  ({ about }: SaidAs) =>
  (value: number, margin?: number): string | number =>
    about.isSample ? about.number(value, margin) : value;

/** What each rep got. */
export const repRows = ({ reps }: Pick<Handoffs, 'reps'>, as = asCounted): Rows => {
  const cell = cellOf(as);
  return {
    head: ['Rep', 'Tasks', 'A working day', 'Taken over', 'Most open', 'May be open', 'Late', 'Half answered in (hours)'],
    rows: reps.map((it, at) => {
      const margin = as.margins?.reps?.[at];
      return [
        ...[it.rep, cell(it.tasks, margin?.tasks), cell(it.perWorkingDay, margin?.perWorkingDay), cell(it.takenOver, margin?.takenOver)],
        ...[cell(it.mostOpen, margin?.mostOpen), it.atMostOpen ?? '-', cell(it.lateTasks, margin?.lateTasks)],
        it.medianAnswerHours === undefined ? '-' : as.about.isSample ? `≈ ${it.medianAnswerHours}` : it.medianAnswerHours,
      ];
    }),
  };
};

/** And what they said. */
export const answerRows = ({ reps }: Pick<Handoffs, 'reps'>, as = asCounted): Rows => ({
  head: ['Rep', 'Accepted', 'Rejected', 'Recycled', 'Won', 'Lost'],
  rows: reps.map(({ rep, answers }, at) => [
    rep,
    ...answerWords.map((it) => cellOf(as)(answers[it], as.margins?.reps?.[at]?.answers?.[it])),
  ]),
});

/** What would wait if reps got so many done. */
export const queueRows = ({ reps, slaHours }: WhatIf, as = asCounted): Rows => {
  const cell = cellOf(as);
  return {
    head: [
      'Rep',
      'Done a day',
      'Longest queue',
      'Half wait (hours)',
      ...(slaHours === undefined ? [] : [`Later than ${hoursText(slaHours)}`]),
    ],
    rows: reps.map((it, at) => {
      const margin = as.margins?.whatIf?.reps?.[at];
      return [
        ...[it.rep, it.capacity, cell(it.longestQueue, margin?.longestQueue)],
        as.about.isSample ? `≈ ${it.medianWaitHours}` : it.medianWaitHours,
        ...(it.late === undefined ? [] : [cell(it.late, margin?.late)]),
      ];
    }),
  };
};

/** Scaled, a task comes together with all that it stands for. */
export const queueCaveat =
  'A task of the sample comes here together with all that it stands for. So where reps only just keep up, queues come out too long rather than too short: a larger sample tells better.';

/** ` (price 5, no-decision 2)`, the most frequent first. */
export const why = (
  reasons: { readonly [reason: string]: number },
  { about }: SaidAs = asCounted,
  margins: Margins<{ readonly [reason: string]: number }> = {},
): string => {
  const all = Object.entries(reasons).sort(([, one], [, other]) => other - one);
  return all.length === 0 ? '' : ` (${all.map(([reason, tasks]) => `${reason} ${about.number(tasks, margins[reason])}`).join(', ')})`;
};

/** `130,500 EUR, 2,000 USD`; '' for nothing. */
const worthText = (
  worth: { readonly [currency: string]: number },
  { about }: SaidAs = asCounted,
  margins: Margins<{ readonly [currency: string]: number }> = {},
): string =>
  Object.entries(worth)
    .map(([currency, amount]) => `${about.number(amount, margins[currency])} ${currency}`)
    .join(', ');

const hoursText = (hours: number): string => counted(Math.round(hours * 10) / 10, 'hour');

/** Sentences on what sales got and did; none where it got nothing. */
export const handoffSentences = (it: Handoffs, as = asCounted): readonly string[] =>
  it.tasks + it.held === 0 ? [] : [given(it, as), ...held(it, as), answered(it, as), ...deals(it, as), ...late(it, as)];

const given = ({ tasks, perDay, atMostPerDay }: Handoffs, { about, margins }: SaidAs): string => {
  const busiest = perDay.reduce((most, day) => (day.together > most.together ? day : most));
  const onBusiest = about.number(busiest.together, margins?.perDay?.[perDay.indexOf(busiest)]?.together);
  const most = atMostPerDay === undefined ? '' : `, of ${exactly.number(atMostPerDay)} that sales.yaml allows`;
  return `${countedAbout(about, tasks, 'task', margins?.tasks)} for sales; the busiest day is ${busiest.date} with ${onBusiest}${most}.`;
};

const held = (it: Handoffs, { about, margins }: SaidAs): readonly string[] => {
  if (it.held === 0) return [];
  const most = it.perDay.reduce((one, day) => (day.held > one.held ? day : one));
  const atMost = about.number(most.held, margins?.perDay?.[it.perDay.indexOf(most)]?.held);
  return [
    `${countedAbout(about, it.held, 'lead', margins?.held)} had to wait until sales had room, at most ${atMost} at the end of a day; ${about.number(it.heldAtEnd, margins?.heldAtEnd)} wait at the end, ${about.number(it.fellAway, margins?.fellAway)} fell away.`,
    ...(it.daysHeldWithRoom === 0 || it.atMostPerDay === undefined
      ? []
      : [
          `On ${about.isSample ? 'at least ' : ''}${counted(it.daysHeldWithRoom, 'day')} leads waited although fewer than ${exactly.number(it.atMostPerDay)} were handed over: their reps were full or away, or it was not the turn of their part of the leads.`,
        ]),
  ];
};

const answered = ({ answers, reasons, ...it }: Handoffs, as: SaidAs): string => {
  const { about, margins } = as;
  const of = (answer: 'accept' | 'reject' | 'recycle') => about.number(answers[answer], margins?.answers?.[answer]);
  const takenBack = it.takenBack > 0 ? `, ${about.number(it.takenBack, margins?.takenBack)} taken back` : '';
  return `${countedAbout(about, it.answered, 'task', margins?.answered)} ${it.answered === 1 ? 'is' : 'are'} answered: ${of('accept')} accepted, ${of('reject')} rejected${why(reasons.reject, as, margins?.reasons?.reject)}, ${of('recycle')} recycled${why(reasons.recycle, as, margins?.reasons?.recycle)}; ${about.number(it.unanswered, margins?.unanswered)} not yet${takenBack}.`;
};

const deals = ({ answers: { accept, won, lost }, reasons, worth }: Handoffs, as: SaidAs): readonly string[] => {
  const { about, margins } = as;
  return won + lost === 0
    ? []
    : [
        `Of the accepted, ${about.number(won, margins?.answers?.won)} won${won > 0 ? ` (${worthText(worth, as, margins?.worth)})` : ''}, ${about.number(lost, margins?.answers?.lost)} lost${why(reasons.lost, as, margins?.reasons?.lost)}, ${about.number(accept - won - lost)} open.`,
      ];
};

const late = ({ acceptWithinHours, lateTasks, late: done }: Handoffs, { about, margins }: SaidAs): readonly string[] => {
  if (acceptWithinHours === undefined) return [];
  const of = (what: keyof typeof done) => about.number(done[what], margins?.late?.[what]);
  return [
    `${countedAbout(about, lateTasks, 'task', margins?.lateTasks)} ${lateTasks === 1 ? 'was' : 'were'} not answered within ${hoursText(acceptWithinHours)} of work: ${of('reminded')} reminded, ${of('reassigned')} reassigned, ${of('escalated')} escalated, ${of('unanswered')} without an answer after all that.`,
  ];
};
