import { fewestForRule, type Report, type RuleRow, type SalesRow } from './report.ts';
import { type Column, count, counted, percent, type Section, shareOf } from './tables.ts';

/** What sales made of the leads that it got. */
export const salesSection = ({ sales, salesBy }: Report): Section => {
  const accepted = shareOf(sales.accept, sales.answered);
  const kept = shareOf(sales.slaKept, sales.slaKept + sales.slaMissed);
  const [topReason] = Object.entries(sales.rejectReasons);
  return {
    id: 'sales',
    title: 'What sales made of them',
    takeaway:
      sales.made === 0
        ? 'No lead was handed off in these days.'
        : [
            `Of ${counted(sales.made, 'task')} ${count(sales.answered)} were answered${accepted === undefined ? '' : `; ${percent(accepted)} of those were accepted`}.`,
            kept === undefined ? 'No task had a time to answer by.' : `${percent(kept)} were answered in time.`,
            ...(topReason ? [`Rejected most often as “${topReason[0]}” (${count(topReason[1])}).`] : []),
          ].join(' '),
    tables: [
      {
        id: 'sales',
        caption: 'Tasks that were made in these days',
        columns: [{ name: 'tasks of', as: 'text' }, ...salesColumns],
        rows: [
          ['all', ...salesCells(sales)],
          ...salesBy.rep.map((it) => [`rep ${it.of}`, ...salesCells(it)]),
          ...salesBy.sequence.map((it) => [`sequence ${it.of}`, ...salesCells(it)]),
          ...salesBy.source.map((it) => [`source ${it.of}`, ...salesCells(it)]),
        ],
        ...(salesBy.rep.length > 0 && {
          bars: {
            as: 'rows' as const,
            unit: 'tasks',
            categories: salesBy.rep.map((it) => it.of),
            series: [
              { name: 'accepted', values: salesBy.rep.map((it) => it.accept) },
              { name: 'rejected', values: salesBy.rep.map((it) => it.reject) },
              { name: 'given back', values: salesBy.rep.map((it) => it.recycle) },
              { name: 'not answered', values: salesBy.rep.map((it) => it.made - it.answered) },
            ],
            ends: salesBy.rep.map((it) => counted(it.made, 'task')),
          },
        }),
      },
      {
        id: 'reasons',
        caption: 'Reasons that sales gave',
        columns: [
          { name: 'tasks of', as: 'text' },
          { name: 'answer', as: 'text' },
          { name: 'reason', as: 'text' },
          { name: 'times', as: 'count' },
        ],
        rows: [
          ...reasonsOf('all', sales),
          ...salesBy.rep.flatMap((it) => reasonsOf(`rep ${it.of}`, it)),
          ...salesBy.sequence.flatMap((it) => reasonsOf(`sequence ${it.of}`, it)),
          ...salesBy.source.flatMap((it) => reasonsOf(`source ${it.of}`, it)),
        ],
      },
    ],
  };
};

const salesColumns: readonly Column[] = [
  { name: 'tasks', as: 'count' },
  { name: 'answered', as: 'count' },
  { name: 'accepted', as: 'share' },
  { name: 'rejected', as: 'share' },
  { name: 'given back', as: 'share' },
  { name: 'won', as: 'count' },
  { name: 'lost', as: 'count' },
  { name: 'in time', as: 'share' },
  { name: 'too late', as: 'count' },
  { name: 'held', as: 'count' },
];
const salesCells = (it: SalesRow) => [
  it.made,
  it.answered,
  shareOf(it.accept, it.answered),
  shareOf(it.reject, it.answered),
  shareOf(it.recycle, it.answered),
  it.won,
  it.lost,
  shareOf(it.slaKept, it.slaKept + it.slaMissed),
  it.slaMissed,
  it.held,
];

const reasonsOf = (of: string, row: SalesRow): readonly (readonly [string, string, string, number])[] => [
  ...Object.entries(row.rejectReasons).map(([reason, times]) => [of, 'rejected', reason, times] as const),
  ...Object.entries(row.recycleReasons).map(([reason, times]) => [of, 'given back', reason, times] as const),
  ...Object.entries(row.lostReasons).map(([reason, times]) => [of, 'lost', reason, times] as const),
];

/** Which scoring rules bring leads that sales does not want. */
export const rulesSection = ({ rules, sales }: Report): Section => {
  const bad = rules.filter((it) => it.says === 'misleads');
  const isKnown = rules.some((it) => it.says !== 'has too few to say' && it.says !== 'is in nearly all');
  const base = shareOf(sales.reject, sales.answered);
  return {
    id: 'rules',
    title: 'Rules that mislead',
    takeaway: !isKnown
      ? `Too little to go by: it takes ${fewestForRule.answered} answered tasks with a rule, as many without it, and ${fewestForRule.rejects} rejects.`
      : bad.length === 0
        ? `No rule brings clearly more rejects than the others${base === undefined ? '' : ` (${percent(base)} of all are rejected)`}.`
        : `Look at ${bad.map((it) => `“${it.of}”`).join(' and ')}: tasks with ${bad.length === 1 ? 'it' : 'them'} are rejected more often than chance would have it. ${base === undefined ? '' : `Of all, ${percent(base)} are.`}`,
    tables: [
      {
        id: 'rules',
        caption:
          'Scoring rules among the reasons of a task, and what sales answered; the range is where the share lies with 95 % confidence',
        columns: [
          { name: 'rule', as: 'text' },
          { name: 'tasks', as: 'count' },
          { name: 'answered', as: 'count' },
          { name: 'rejected', as: 'count' },
          { name: 'given back', as: 'count' },
          { name: 'share rejected', as: 'share' },
          { name: 'from', as: 'share' },
          { name: 'to', as: 'share' },
          { name: 'it', as: 'text' },
          { name: 'reasons', as: 'text' },
        ],
        rows: rules
          .toSorted(byShare)
          .map((it) => [
            it.of,
            it.made,
            it.answered,
            it.reject,
            it.recycle,
            shareOf(it.reject, it.answered),
            it.answered === 0 ? undefined : it.low,
            it.answered === 0 ? undefined : it.high,
            it.says,
            [...Object.entries(it.rejectReasons), ...Object.entries(it.recycleReasons)]
              .map(([reason, times]) => `${reason} ${times}`)
              .join(', '),
          ]),
      },
    ],
  };
};

const byShare = (one: RuleRow, other: RuleRow): number =>
  other.reject / Math.max(1, other.answered) - one.reject / Math.max(1, one.answered) || (one.of < other.of ? -1 : 1);
