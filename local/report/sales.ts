import { utcMinute } from '#core/instant';
import type { DemoReport } from '#local/demo-report';
import { escaped, figure, section } from './parts.ts';
import type { TaskFigures } from './tasks.ts';
import { count, counted, median, span, sum } from './words.ts';

/** Leads that went to sales: their scores at that moment, and what earned them. */
export const salesSection = ({ tasks }: DemoReport): string => {
  if (tasks.length === 0) return section('Leads handed off to sales', 'No lead qualified in this run.');
  const scores = tasks.map((it) => it.fit + it.engagement);
  const fit = Math.round((sum(tasks.map((it) => it.fit)) / sum(scores)) * 100);
  const takeaway = [
    `${counted(tasks.length, 'lead')} went to sales; half of them qualified within ${span(median(tasks.map((it) => it.secondsToQualify)))} of the import.`,
    `${fit} % of their points are fit, the rest engagement.`,
  ].join(' ');
  return section('Leads handed off to sales', takeaway, scoresFigure(tasks), rulesFigure(tasks));
};

const scoresFigure = (tasks: readonly TaskFigures[]): string =>
  figure(
    {
      as: 'rows',
      unit: 'points',
      categories: tasks.map((it) => it.company || it.leadId),
      series: [
        { name: 'fit: who they are', values: tasks.map((it) => it.fit) },
        { name: 'engagement: what they did', values: tasks.map((it) => it.engagement) },
      ],
      ends: tasks.map((it) => `${tenth(it.fit + it.engagement)} points`),
    },
    'Bars: score of each lead at its handoff, split into fit and engagement',
    {
      caption: 'Handed-off leads, first one first; times are UTC',
      head: ['Company', 'Handed off', 'Time to qualify', 'Fit', 'Engagement', 'Rep', 'What gave points'],
      rows: tasks.map((it) => [
        it.company || it.leadId,
        utcMinute(it.createdAt),
        span(it.secondsToQualify),
        it.fit,
        it.engagement,
        `${it.rep}: ${it.routedBecause}`,
        it.reasons.join('; '),
      ]),
    },
  );

type Rule = { readonly because: string; readonly of: 'fit' | 'engagement'; readonly leads: number; readonly points: number };

const rulesFigure = (tasks: readonly TaskFigures[]): string => {
  const rules = rulesOf(tasks);
  const [first] = rules;
  const title = 'Which rules gave the points';
  const chart = figure(
    {
      as: 'rows',
      unit: 'points',
      categories: rules.map((it) => it.because),
      series: [
        { name: 'fit', values: rules.map((it) => (it.of === 'fit' ? it.points : 0)) },
        { name: 'engagement', values: rules.map((it) => (it.of === 'engagement' ? it.points : 0)) },
      ],
      ends: rules.map((it) => `${count(it.points)} points`),
    },
    `Bars: ${title}`,
    {
      caption: `${title}, over all handed-off leads`,
      head: ['Rule', 'Kind', 'Leads', 'Points'],
      rows: rules.map((it) => [it.because, it.of, it.leads, it.points]),
    },
  );
  const takeaway = first ? `Most came from “${first.because}”: ${count(first.points)} points, ${counted(first.leads, 'lead')}.` : '';
  return `<h3>${title}</h3><p class="takeaway">${escaped(takeaway)}</p>${chart}`;
};

const rulesOf = (tasks: readonly TaskFigures[]): readonly Rule[] => {
  const rules = new Map<string, Rule>();
  for (const { rule, because, of, points } of tasks.flatMap((it) => it.points)) {
    const before = rules.get(rule) ?? { because, of, leads: 0, points: 0 };
    rules.set(rule, { ...before, leads: before.leads + 1, points: tenth(before.points + points) });
  }
  return [...rules.values()].toSorted((one, other) => other.points - one.points);
};

const tenth = (value: number) => Math.round(value * 10) / 10;
