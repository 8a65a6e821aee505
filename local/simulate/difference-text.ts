import { sentenceFor } from '#core/explain/endings';
import { count, counted } from '#local/report/words';
import { aboutOf, countedAbout } from './about.ts';
import type { DifferenceReport } from './difference.ts';
import { type Total, totalsOf } from './difference-totals.ts';
import { sampleSentences, sampleTitle } from './sample-words.ts';

type Row = readonly (string | number)[];

/** What changes, as Markdown that fits into a pull request. The same differences, the same text. */
export const differenceMarkdown = (it: DifferenceReport, names: { readonly before: string; readonly after: string }): string => {
  const sample = sampleTitle(it.after);
  return [
    '## What this changes for leads',
    '',
    ...(sample === undefined ? [] : [`> **A sample:** ${sample}. ${sampleSentences(it.after).join(' ')}`, '']),
    headline(it, names.before),
    '',
    ...table(['', names.before, names.after, 'difference'], totals(it)),
    ...secondCopies(it),
    ...(it.different === 0 ? [] : details(it)),
    '',
    `<sub>baton simulate, seed \`${it.after.seed}\`; people are made up by a model, so read the differences, not the totals.</sub>`,
    '',
  ].join('\n');
};

const headline = (it: DifferenceReport, before: string): string => {
  const about = aboutOf(it);
  const all = it.same + it.different;
  if (it.different > 0)
    return `**${about.number(it.different, it.margins?.different)} of ${count(all)} leads (${about.percent(it.different, all)})** get something else than under \`${before}\`, over ${counted(it.after.days, 'day')} with the same people and the same draws.`;
  return it.sampled === undefined
    ? `Nothing: all ${count(all)} leads get the same, at the same time, as under \`${before}\`.`
    : `Nothing in the sample: its ${count(it.sampled)} leads get the same, at the same time, as under \`${before}\`; of all ${count(it.after.leads)} at most ${count(it.neverReachedAtMost ?? 0)} get something else.`;
};

const totals = (it: DifferenceReport): readonly Row[] =>
  totalsOf(it).map((total) => {
    const about = aboutOf(it);
    const said = (report: DifferenceReport['before']) =>
      (total.isMoney ? about.dollars : about.number)(total.of(report), total.marginOf(report));
    return [total.name, said(it.before), said(it.after), changeOf(it, total)];
  });

const changeOf = (it: DifferenceReport, { name, of, isMoney }: Total): string => {
  const about = aboutOf(it);
  const change = of(it.after) - of(it.before);
  const margin = it.margins?.changes?.[name];
  if (change === 0 && (margin ?? 0) === 0) return about.isSample ? 'same in the sample' : 'same';
  return (isMoney ? about.dollarChange : about.change)(change, margin);
};

const secondCopies = (it: DifferenceReport): readonly string[] => {
  const { sentTwice, underAnotherName, margins } = it;
  const about = aboutOf(it);
  return [
    ...(sentTwice.length + underAnotherName.length > 0 ? ['', '### Second copies', ''] : []),
    ...sentTwice.map(
      (it, at) =>
        `- ⚠️ ${countedAbout(about, it.leads, 'lead', margins?.sentTwice?.[at]?.leads)} get one text twice: as \`${it.had}\`, then as \`${it.gets}\``,
    ),
    ...underAnotherName.map(
      (it, at) =>
        `- ⚠️ ${countedAbout(about, it.leads, 'lead', margins?.underAnotherName?.[at]?.leads)} had \`${it.had}\`, which is now \`${it.gets}\`: who has it already gets it again. A step that was renamed says so with \`was:\``,
    ),
  ];
};

const details = (it: DifferenceReport): readonly string[] => {
  const { number } = aboutOf(it);
  const { margins } = it;
  return [
    '',
    '<details><summary>Who gets what else, and when</summary>',
    '',
    ...table(
      ['leads with', 'how many'],
      Object.entries(it.leads).map(([what, leads]) => [what, number(leads, margins?.leads?.[what])]),
    ),
    '',
    ...table(
      ['e-mail', 'more get it', 'fewer get it', 'earlier', 'later'],
      it.mails.map((mail, at) => [
        `\`${mail.email}\``,
        ...(['more', 'less', 'earlier', 'later'] as const).map((how) => number(mail[how], margins?.mails?.[at]?.[how])),
      ]),
    ),
    ...(it.endings.length > 0
      ? [
          '',
          ...table(
            ['sequence', 'ended before', 'ends now', 'leads'],
            it.endings.map((ending, at) => [
              ...[ending.sequence, sentenceFor(ending.before), sentenceFor(ending.after)],
              number(ending.leads, margins?.endings?.[at]?.leads),
            ]),
          ),
        ]
      : []),
    ...(Object.keys(it.shifts).length > 0
      ? [
          '',
          ...table(
            ['an e-mail goes', 'how often'],
            Object.entries(it.shifts).map(([how, leads]) => [how, number(leads, margins?.shifts?.[how])]),
          ),
        ]
      : []),
    '',
    ...oneOfEach(it.samples).flatMap((sample) => [
      `One lead with ${sample.what}:`,
      '',
      '```diff',
      ...sample.before.filter((line) => !sample.after.includes(line)).map((line) => `- ${readable(line)}`),
      ...sample.after.filter((line) => !sample.before.includes(line)).map((line) => `+ ${readable(line)}`),
      '```',
      '',
    ]),
    '</details>',
  ];
};

/** Of each kind of difference one lead, of the first three kinds. */
const oneOfEach = (samples: DifferenceReport['samples']): DifferenceReport['samples'] =>
  samples.filter((it, at) => samples.findIndex((one) => one.what === it.what) === at).slice(0, 3);

/** Times to the minute, UTC. */
const readable = (line: string): string => line.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\S+/, '$1 $2');

const table = (head: readonly string[], rows: readonly Row[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map((_, at) => (at === 0 ? '---' : '---:')).join('|')}|`,
  ...rows.map((row) => `| ${row.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`),
];
