import { count, counted } from '#local/report/words';
import { answerWords, type Handoffs } from './handoffs.ts';
import type { WhatIf } from './sales-queue.ts';

type Row = readonly (string | number)[];
export type Rows = { readonly head: readonly string[]; readonly rows: readonly Row[] };

/** What each rep got. */
export const repRows = ({ reps }: Pick<Handoffs, 'reps'>): Rows => ({
  head: ['Rep', 'Tasks', 'A working day', 'Taken over', 'Most open', 'May be open', 'Late', 'Half answered in (hours)'],
  rows: reps.map((it) => [
    ...[it.rep, it.tasks, it.perWorkingDay, it.takenOver, it.mostOpen, it.atMostOpen ?? '-', it.lateTasks, it.medianAnswerHours ?? '-'],
  ]),
});

/** And what they said. */
export const answerRows = ({ reps }: Pick<Handoffs, 'reps'>): Rows => ({
  head: ['Rep', 'Accepted', 'Rejected', 'Recycled', 'Won', 'Lost'],
  rows: reps.map(({ rep, answers }) => [rep, ...answerWords.map((it) => answers[it])]),
});

/** What would wait if reps got so many done. */
export const queueRows = ({ reps, slaHours }: WhatIf): Rows => ({
  head: [
    'Rep',
    'Done a day',
    'Longest queue',
    'Half wait (hours)',
    ...(slaHours === undefined ? [] : [`Later than ${hoursText(slaHours)}`]),
  ],
  rows: reps.map((it) => [it.rep, it.capacity, it.longestQueue, it.medianWaitHours, ...(it.late === undefined ? [] : [it.late])]),
});

/** ` (price 5, no-decision 2)`, the most frequent first. */
export const why = (reasons: { readonly [reason: string]: number }): string => {
  const all = Object.entries(reasons).sort(([, one], [, other]) => other - one);
  return all.length === 0 ? '' : ` (${all.map(([reason, tasks]) => `${reason} ${count(tasks)}`).join(', ')})`;
};

/** `130,500 EUR, 2,000 USD`; '' for nothing. */
export const worthText = (worth: { readonly [currency: string]: number }): string =>
  Object.entries(worth)
    .map(([currency, amount]) => `${count(amount)} ${currency}`)
    .join(', ');

export const hoursText = (hours: number): string => counted(Math.round(hours * 10) / 10, 'hour');

/** Sentences on what sales got and did; none where it got nothing. */
export const handoffSentences = (it: Handoffs): readonly string[] =>
  it.tasks + it.held === 0 ? [] : [given(it), ...held(it), answered(it), ...deals(it), ...late(it)];

const given = ({ tasks, perDay, atMostPerDay }: Handoffs): string => {
  const busiest = perDay.reduce((most, day) => (day.together > most.together ? day : most));
  const most = atMostPerDay === undefined ? '' : `, of ${count(atMostPerDay)} that sales.yaml allows`;
  return `${counted(tasks, 'task')} for sales; the busiest day is ${busiest.date} with ${count(busiest.together)}${most}.`;
};

const held = (it: Handoffs): readonly string[] => {
  if (it.held === 0) return [];
  const most = Math.max(...it.perDay.map((day) => day.held));
  return [
    `${counted(it.held, 'lead')} had to wait until sales had room, at most ${count(most)} at the end of a day; ${count(it.heldAtEnd)} wait at the end, ${count(it.fellAway)} fell away.`,
    ...(it.daysHeldWithRoom === 0 || it.atMostPerDay === undefined
      ? []
      : [
          `On ${counted(it.daysHeldWithRoom, 'day')} leads waited although fewer than ${count(it.atMostPerDay)} were handed over: their reps were full or away, or it was not the turn of their part of the leads.`,
        ]),
  ];
};

const answered = ({ answers, reasons, ...it }: Handoffs): string =>
  `${counted(it.answered, 'task')} ${it.answered === 1 ? 'is' : 'are'} answered: ${count(answers.accept)} accepted, ${count(answers.reject)} rejected${why(reasons.reject)}, ${count(answers.recycle)} recycled${why(reasons.recycle)}; ${count(it.unanswered)} not yet${it.takenBack > 0 ? `, ${count(it.takenBack)} taken back` : ''}.`;

const deals = ({ answers: { accept, won, lost }, reasons, worth }: Handoffs): readonly string[] =>
  won + lost === 0
    ? []
    : [
        `Of the accepted, ${count(won)} won${won > 0 ? ` (${worthText(worth)})` : ''}, ${count(lost)} lost${why(reasons.lost)}, ${count(accept - won - lost)} open.`,
      ];

const late = ({ acceptWithinHours, lateTasks, late: done }: Handoffs): readonly string[] =>
  acceptWithinHours === undefined
    ? []
    : [
        `${counted(lateTasks, 'task')} ${lateTasks === 1 ? 'was' : 'were'} not answered within ${hoursText(acceptWithinHours)} of work: ${count(done.reminded)} reminded, ${count(done.reassigned)} reassigned, ${count(done.escalated)} escalated, ${count(done.unanswered)} without an answer after all that.`,
      ];
