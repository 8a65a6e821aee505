import { escaped, figure, section, table } from '#local/report/parts';
import { counted } from '#local/report/words';
import { countedAbout } from './about.ts';
import { answerWords, type Handoffs } from './handoffs.ts';
import { answerRows, cellOf, handoffSentences, queueCaveat, queueRows, repRows, type SaidAs } from './handoffs-words.ts';

/** What sales gets, who waits for it, and what it answers. */
export const handoffSection = (it: Handoffs, as: SaidAs): string => {
  const [first = as.about.isSample ? 'Sales gets nothing from the sample.' : 'Sales gets nothing.', ...others] = handoffSentences(it, as);
  if (it.tasks + it.held === 0) return section('What sales gets', first);
  return section(
    'What sales gets',
    first,
    ...others.map((sentence) => `<p>${escaped(sentence)}</p>`),
    handoffsByDay(it, as),
    queuesByDay(it, as),
    answersByRep(it, as),
    table({ caption: 'What each rep got', ...repRows(it, as) }),
    table({ caption: 'And what they said', ...answerRows(it, as) }),
    ...whatIfPart(it, as),
  );
};

const handoffsByDay = ({ perDay, reps, atMostPerDay }: Handoffs, as: SaidAs): string => {
  const cell = cellOf(as);
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
      rows: perDay.map((it, at) => [
        it.date,
        ...names.map((name) => cell(it.byRep[name] ?? 0, as.margins?.perDay?.[at]?.byRep?.[name])),
        cell(it.together, as.margins?.perDay?.[at]?.together),
        ...(atMostPerDay === undefined ? [] : [atMostPerDay]),
      ]),
    },
  );
};

/** Two things that wait: leads for room, and tasks on desks for an answer. */
const queuesByDay = ({ perDay }: Handoffs, as: SaidAs): string => {
  const cell = cellOf(as);
  const marginOf = (at: number) => as.margins?.perDay?.[at];
  const held = { name: 'leads held until sales has room', values: perDay.map((it) => it.held) };
  const open = { name: 'tasks on desks without an answer', values: perDay.map((it) => it.open) };
  const title = 'Who waits at the end of each day';
  const chart = figure(
    { as: 'columns', unit: 'waiting', categories: perDay.map((it) => it.date.slice(5)), series: [open, held] },
    `Columns: ${title}`,
    {
      caption: title,
      head: ['Day', 'On desks', 'Held'],
      rows: perDay.map((it, at) => [it.date, cell(it.open, marginOf(at)?.open), cell(it.held, marginOf(at)?.held)]),
    },
  );
  return `<h3>${title}</h3>${chart}`;
};

const words = { accept: 'accepted', reject: 'rejected', recycle: 'recycled', won: 'won', lost: 'lost' } as const;

const answersByRep = ({ reps, answers, reasons, unanswered, takenBack }: Handoffs, as: SaidAs): string => {
  const cell = cellOf(as);
  const { margins } = as;
  const first = ['accept', 'reject', 'recycle'] as const;
  const title = 'What sales answers';
  const chart = figure(
    {
      as: 'rows',
      unit: 'tasks',
      categories: reps.map((it) => it.rep),
      series: first.map((answer) => ({ name: words[answer], values: reps.map((it) => it.answers[answer]) })),
      ends: reps.map((it) => {
        const all = first.reduce((sum, answer) => sum + it.answers[answer], 0);
        return as.about.isSample ? countedAbout(as.about, all, 'answer') : counted(all, 'answer');
      }),
    },
    `Bars: ${title}, by rep`,
    {
      caption: `${title}, with its reasons`,
      head: ['Answer', 'Reason', 'Tasks'],
      rows: [
        ...answerWords.flatMap((answer) => [
          [words[answer], '', cell(answers[answer], margins?.answers?.[answer])],
          ...(answer === 'accept' || answer === 'won'
            ? []
            : Object.entries(reasons[answer]).map(([reason, tasks]) => [
                words[answer],
                reason,
                cell(tasks, margins?.reasons?.[answer]?.[reason]),
              ])),
        ]),
        ['not answered yet', '', cell(unanswered, margins?.unanswered)],
        ...(takenBack > 0 ? [['taken back', '', cell(takenBack, margins?.takenBack)]] : []),
      ],
    },
  );
  return `<h3>${title}</h3>${chart}`;
};

const whatIfPart = ({ whatIf, perDay }: Handoffs, as: SaidAs): readonly string[] => {
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
        rows: perDay.map((it, at) => [it.date, cellOf(as)(waiting[at] ?? 0, as.margins?.whatIf?.waiting?.[it.date])]),
      },
    ),
    table({ caption: `${title} (--capacity)`, ...queueRows(whatIf, as) }),
    ...(as.about.isSample ? [`<p>${escaped(queueCaveat)}</p>`] : []),
  ];
};
