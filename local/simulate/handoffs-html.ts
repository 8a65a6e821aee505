import { escaped, figure, section, table } from '#local/report/parts';
import { counted } from '#local/report/words';
import { answerWords, type Handoffs } from './handoffs.ts';
import { answerRows, handoffSentences, queueRows, repRows } from './handoffs-words.ts';

/** What sales gets, who waits for it, and what it answers. */
export const handoffSection = (it: Handoffs): string => {
  const [first = 'Sales gets nothing.', ...others] = handoffSentences(it);
  if (it.tasks + it.held === 0) return section('What sales gets', first);
  return section(
    'What sales gets',
    first,
    ...others.map((sentence) => `<p>${escaped(sentence)}</p>`),
    handoffsByDay(it),
    queuesByDay(it),
    answersByRep(it),
    table({ caption: 'What each rep got', ...repRows(it) }),
    table({ caption: 'And what they said', ...answerRows(it) }),
    ...whatIfPart(it),
  );
};

const handoffsByDay = ({ perDay, reps, atMostPerDay }: Handoffs): string => {
  const names = reps.map((it) => it.rep);
  const title = 'Sales tasks by day and rep';
  return figure(
    {
      as: 'columns',
      unit: 'tasks',
      categories: perDay.map((it) => it.date.slice(5)),
      series: names.map((name) => ({ name, values: perDay.map((it) => it.byRep[name] ?? 0) })),
    },
    `Columns: ${title}`,
    {
      caption: `${title}, beside what sales.yaml allows; days of the brand’s time zone`,
      head: ['Day', ...names, 'Together', ...(atMostPerDay === undefined ? [] : ['At most'])],
      rows: perDay.map((it) => [
        it.date,
        ...names.map((name) => it.byRep[name] ?? 0),
        it.together,
        ...(atMostPerDay === undefined ? [] : [atMostPerDay]),
      ]),
    },
  );
};

/** Two things that wait: leads for room, and tasks on desks for an answer. */
const queuesByDay = ({ perDay }: Handoffs): string => {
  const held = { name: 'leads held until sales has room', values: perDay.map((it) => it.held) };
  const open = { name: 'tasks on desks without an answer', values: perDay.map((it) => it.open) };
  const title = 'Who waits at the end of each day';
  const chart = figure(
    { as: 'columns', unit: 'waiting', categories: perDay.map((it) => it.date.slice(5)), series: [open, held] },
    `Columns: ${title}`,
    { caption: title, head: ['Day', 'On desks', 'Held'], rows: perDay.map((it) => [it.date, it.open, it.held]) },
  );
  return `<h3>${title}</h3>${chart}`;
};

const words = { accept: 'accepted', reject: 'rejected', recycle: 'recycled', won: 'won', lost: 'lost' } as const;

const answersByRep = ({ reps, answers, reasons, unanswered, takenBack }: Handoffs): string => {
  const first = ['accept', 'reject', 'recycle'] as const;
  const title = 'What sales answers';
  const chart = figure(
    {
      as: 'rows',
      unit: 'tasks',
      categories: reps.map((it) => it.rep),
      series: first.map((answer) => ({ name: words[answer], values: reps.map((it) => it.answers[answer]) })),
      ends: reps.map((it) =>
        counted(
          first.reduce((sum, answer) => sum + it.answers[answer], 0),
          'answer',
        ),
      ),
    },
    `Bars: ${title}, by rep`,
    {
      caption: `${title}, with its reasons`,
      head: ['Answer', 'Reason', 'Tasks'],
      rows: [
        ...answerWords.flatMap((answer) => [
          [words[answer], '', answers[answer]],
          ...(answer === 'accept' || answer === 'won'
            ? []
            : Object.entries(reasons[answer]).map(([reason, tasks]) => [words[answer], reason, tasks])),
        ]),
        ['not answered yet', '', unanswered],
        ...(takenBack > 0 ? [['taken back', '', takenBack]] : []),
      ],
    },
  );
  return `<h3>${title}</h3>${chart}`;
};

const whatIfPart = ({ whatIf, perDay }: Handoffs): readonly string[] => {
  if (!whatIf) return [];
  const title = 'If a rep gets only so many done on a working day';
  const waiting = perDay.map((it) => whatIf.waiting[it.date] ?? 0);
  return [
    `<h3>${title}</h3>`,
    figure(
      { as: 'columns', unit: 'not done', categories: perDay.map((it) => it.date.slice(5)), series: [{ name: 'tasks', values: waiting }] },
      `Columns: tasks that are not done at the end of each day (UTC)`,
      {
        caption: `${title}: not done at the end of each day (UTC)`,
        head: ['Day', 'Tasks'],
        rows: perDay.map((it, at) => [it.date, waiting[at] ?? 0]),
      },
    ),
    table({ caption: `${title} (--capacity)`, ...queueRows(whatIf) }),
  ];
};
