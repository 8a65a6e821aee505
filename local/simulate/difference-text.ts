import { sentenceFor } from '#core/explain/endings';
import { count, counted, dollars, percent, share } from '#local/report/words';
import type { DifferenceReport } from './difference.ts';

type Row = readonly (string | number)[];

/** What changes, as Markdown that fits into a pull request. The same differences, the same text. */
export const differenceMarkdown = (it: DifferenceReport, names: { readonly before: string; readonly after: string }): string => {
  const all = it.same + it.different;
  return [
    '## What this changes for leads',
    '',
    it.different === 0
      ? `Nothing: all ${count(all)} leads get the same, at the same time, as under \`${names.before}\`.`
      : `**${count(it.different)} of ${count(all)} leads (${percent(share(it.different, all))})** get something else than under \`${names.before}\`, over ${counted(it.after.days, 'day')} with the same people and the same draws.`,
    '',
    ...table(['', names.before, names.after, 'difference'], totals(it)),
    ...secondCopies(it),
    ...(it.different === 0 ? [] : details(it)),
    '',
    `<sub>baton simulate, seed \`${it.after.seed}\`; people are made up by a model, so read the differences, not the totals.</sub>`,
    '',
  ].join('\n');
};

const totals = ({ before, after }: DifferenceReport): readonly Row[] => {
  const row = (name: string, of: (it: Report) => number, text: (value: number) => string = count): Row => {
    const change = of(after) - of(before);
    return [name, text(of(before)), text(of(after)), change === 0 ? 'same' : `${change > 0 ? '+' : '−'}${text(Math.abs(change))}`];
  };
  return [
    row('e-mails', (it) => it.emails),
    row('most in a day', (it) => Math.max(0, ...it.emailsPerDay.map((day) => day.together))),
    row('runs', (it) => it.enrolments),
    row('leads that qualify', (it) => it.qualified),
    ...salesRows(before, after, row),
    row('caps hit', (it) => it.capsHit),
    row('AWS cost', (it) => it.costUsd.total, dollars),
    row('AWS cost for 1,000 leads', (it) => it.costPerLead * 1000, dollars),
  ];
};

type Report = DifferenceReport['before'];

/** Nothing where sales gets nothing in either. */
const salesRows = (before: Report, after: Report, row: (name: string, of: (it: Report) => number) => Row): readonly Row[] => {
  if (before.handoffs.tasks + before.handoffs.held + after.handoffs.tasks + after.handoffs.held === 0) return [];
  const currencies = [...new Set([before, after].flatMap((it) => Object.keys(it.handoffs.worth)))].sort();
  return [
    row('sales tasks', (it) => it.handoffs.tasks),
    row('leads that wait until sales has room', (it) => it.handoffs.held),
    row('tasks answered late', (it) => it.handoffs.lateTasks),
    row('accepted by sales', (it) => it.handoffs.answers.accept),
    row('deals won', (it) => it.handoffs.answers.won),
    ...currencies.map((it) => row(`won, in ${it}`, ({ handoffs }) => handoffs.worth[it] ?? 0)),
  ];
};

const secondCopies = ({ sentTwice, underAnotherName }: DifferenceReport): readonly string[] => [
  ...(sentTwice.length + underAnotherName.length > 0 ? ['', '### Second copies', ''] : []),
  ...sentTwice.map((it) => `- ⚠️ ${counted(it.leads, 'lead')} get one text twice: as \`${it.had}\`, then as \`${it.gets}\``),
  ...underAnotherName.map(
    (it) =>
      `- ⚠️ ${counted(it.leads, 'lead')} had \`${it.had}\`, which is now \`${it.gets}\`: who has it already gets it again. A step that was renamed says so with \`was:\``,
  ),
];

const details = (it: DifferenceReport): readonly string[] => [
  '',
  '<details><summary>Who gets what else, and when</summary>',
  '',
  ...table(
    ['leads with', 'how many'],
    Object.entries(it.leads).map(([what, leads]) => [what, count(leads)]),
  ),
  '',
  ...table(
    ['e-mail', 'more get it', 'fewer get it', 'earlier', 'later'],
    it.mails.map((mail) => [`\`${mail.email}\``, count(mail.more), count(mail.less), count(mail.earlier), count(mail.later)]),
  ),
  ...(it.endings.length > 0
    ? [
        '',
        ...table(
          ['sequence', 'ended before', 'ends now', 'leads'],
          it.endings.map((ending) => [ending.sequence, sentenceFor(ending.before), sentenceFor(ending.after), count(ending.leads)]),
        ),
      ]
    : []),
  ...(Object.keys(it.shifts).length > 0
    ? [
        '',
        ...table(
          ['an e-mail goes', 'how often'],
          Object.entries(it.shifts).map(([how, leads]) => [how, count(leads)]),
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
