import { armInWords, experimentTitle } from '#core/experiments/words';
import { sentenceFor } from '#core/explain/endings';
import { type Diagram, edgeKey } from '#core/sequences/diagram';
import { type DiagramFigures, toSvg } from '#core/sequences/diagram-svg';
import type { DemoReport } from '#local/demo-report';
import type { SequenceFigures, StepFigures } from './figures.ts';
import { details, escaped, figure, section, table } from './parts.ts';
import { count, counted, percent, share, sum } from './words.ts';

type Shown = Pick<DemoReport, 'sequences'> & Partial<Pick<DemoReport, 'experiments'>>;

/** Each sequence as its diagram with what happened at every step, and how its runs ended. */
export const sequenceSections = ({ sequences, experiments = [] }: Shown, diagrams: readonly Diagram[]): readonly string[] =>
  sequences.map((it) => {
    const diagram = diagrams.find((one) => one.title === it.sequence);
    const completed = it.endings.completed ?? 0;
    const takeaway = `${counted(it.enrolments, 'lead')} entered, ${count(completed)} (${percent(share(completed, it.enrolments))}) went through to the end. ${widestOf(it)}`;
    return section(
      `Sequence ${it.sequence}`,
      takeaway,
      diagram ? drawing(it, diagram) : '',
      stepsTable(it),
      waysTable(it),
      ...experimentsOf(it, experiments),
      whyEnded(it),
    );
  });

const widestOf = ({ steps }: SequenceFigures): string => {
  const stopped = steps.toSorted((one, other) => other.stopped - one.stopped)[0];
  return stopped && stopped.stopped > 0
    ? `Most who ended early were at “${stopped.step}” (${count(stopped.stopped)}).`
    : 'Nobody ended early.';
};

const drawing = (one: SequenceFigures, diagram: Diagram): string => {
  const svg = Buffer.from(toSvg(diagram, diagramFiguresOf(one, diagram))).toString('base64');
  const alt = `Diagram of ${one.sequence}: how many came to each step and which way they went; the same numbers are in the tables below`;
  return `<p class="swipe">Swipe the diagram sideways; its numbers are in the tables below it, too.</p><div class="scroll diagram" tabindex="0" role="region" aria-label="Diagram"><img src="data:image/svg+xml;base64,${svg}" alt="${escaped(alt)}"></div>`;
};

/** Bars at steps and the thickness of lines are parts of all who entered. */
export const diagramFiguresOf = ({ steps, ways, enrolments, endings }: SequenceFigures, diagram: Diagram): DiagramFigures => ({
  nodes: Object.fromEntries([
    ...steps.map((it) => [it.step, { lines: linesOf(it), share: share(it.entered, enrolments) }] as const),
    ['(start)', { lines: [`${count(enrolments)} entered`] }] as const,
    ['(end)', { lines: [`${count(endings.completed ?? 0)} came to the end`] }] as const,
  ]),
  edges: Object.fromEntries(
    ways.map((it) => {
      const isChoice = diagram.edges.filter((edge) => edge.from === it.from).length > 1;
      const text = isChoice ? `${count(it.count)} (${percent(it.share)})` : count(it.count);
      return [edgeKey(it), { text, share: share(it.count, enrolments) }] as const;
    }),
  ),
});

const linesOf = ({ entered, waiting, stopped, sent, opened = 0, clicked = 0, unsubscribed = 0 }: StepFigures): readonly string[] => {
  const passing = [
    `${count(entered)} entered`,
    ...(waiting > 0 ? [`${count(waiting)} waiting`] : []),
    ...(stopped > 0 ? [`${count(stopped)} ended here`] : []),
  ].join(' · ');
  if (sent === undefined) return [passing];
  return [
    passing,
    `${count(sent)} sent · ${count(opened)} opened`,
    `${count(clicked)} clicked${unsubscribed > 0 ? ` · ${count(unsubscribed)} unsubscribed` : ''}`,
  ];
};

const stepsTable = ({ sequence, steps }: SequenceFigures): string =>
  details({
    caption: `Steps of ${sequence}, in leads`,
    head: ['Step', 'Entered', 'Waiting there', 'Ended there early', 'Sent', 'Opened', 'Clicked', 'Unsubscribed after it'],
    rows: steps.map((it) => [
      it.step,
      it.entered,
      it.waiting,
      it.stopped,
      ...[it.sent, it.opened, it.clicked, it.unsubscribed].map((value) => value ?? '-'),
    ]),
  }).replace('The numbers', 'The numbers by step');

const waysTable = ({ sequence, ways }: SequenceFigures): string =>
  details({
    caption: `Ways between the steps of ${sequence}`,
    head: ['From', 'To', 'When', 'Leads', 'Share of those who went on'],
    rows: ways.map((it) => [it.from, it.to, it.label, it.count, percent(it.share)]),
  }).replace('The numbers', 'The numbers by way');

const experimentsOf = ({ sequence }: SequenceFigures, all: DemoReport['experiments']): readonly string[] =>
  all
    .filter((it) => it.sequence === sequence)
    .map((it) => {
      const title = experimentTitle(it);
      const since = (it.after ?? []).map((arm) => ({ ...arm, arm: `${arm.arm}, since the winner` }));
      const rows = [...it.arms, ...since].map((arm) => [arm.arm, armInWords(arm)]);
      return `<h3>${escaped(title)}</h3><p class="takeaway">${escaped(it.words)}</p>${table({ caption: `Arms of ${it.split}`, head: ['Arm', 'What came of it'], rows })}`;
    });

const whyEnded = ({ sequence, endings, enrolments }: SequenceFigures): string => {
  const rows = Object.entries(endings);
  const early = sum(rows.map(([word, number]) => (word === 'completed' || word === 'running' ? 0 : number)));
  const title = `Why leads ended: ${sequence}`;
  const takeaway = `${counted(early, 'run')} of ${count(enrolments)} ended before the last step.`;
  const chart = figure(
    {
      as: 'rows',
      unit: 'runs',
      categories: rows.map(([word]) => sentenceFor(word)),
      series: [{ name: 'runs', values: rows.map(([, number]) => number) }],
      ends: rows.map(([, number]) => `${count(number)} (${percent(share(number, enrolments))})`),
    },
    `Bars: ${title}`,
    { caption: title, head: ['Why', 'In short', 'Runs'], rows: rows.map(([word, number]) => [sentenceFor(word), word, number]) },
  );
  return `<h3>${escaped(title)}</h3><p class="takeaway">${escaped(takeaway)}</p>${chart}`;
};
