import { utcMinute } from '#core/instant';
import { answerInWords } from '#core/sales-answers';
import type { DemoReport } from '#local/demo-report';

/** The demo's report for people. */
export const demoInWords = (report: DemoReport, wallSeconds: number): string =>
  [
    '',
    importedInWords(report),
    ...report.sequences.flatMap((it) => sequenceInWords(it)),
    ...tasksInWords(report),
    ...figuresInWords(report),
    `\n${report.days} virtual days in ${wallSeconds} seconds, seed "${report.seed}".`,
  ].join('\n');

const importedInWords = ({ imported, leads, notEnrolled }: DemoReport): string =>
  [
    heading('Import'),
    `  ${imported.rows} rows: ${leads} leads, ${imported.rejected.length} rows rejected, ${imported.warnings.length} warnings`,
    ...imported.rejected.slice(0, 4).map((it) => `    line ${it.line}: ${it.reason}`),
    ...(imported.rejected.length > 4 ? [`    … and ${imported.rejected.length - 4} more (--json lists all)`] : []),
    `  agreements that must be confirmed: ${imported.askedToConfirm} asked by mail, ${imported.tooOldToConfirm} too old to ask about`,
    `  not enrolled: ${counted(notEnrolled)}`,
  ].join('\n');

const sequenceInWords = ({ sequence, version, enrolments, steps, endings }: DemoReport['sequences'][number]): readonly string[] => {
  const most = Math.max(1, ...steps.map((it) => it.entered));
  const width = Math.max(...steps.map((it) => it.step.length));
  return [
    heading(`${sequence}  ${version}`),
    ...steps.map(({ step, entered, sent, opened, clicked }) => {
      const bar = '█'.repeat(Math.round((entered / most) * 24)).padEnd(24, '·');
      const mail = sent === undefined ? '' : `  sent ${pad(sent)}  opened ${pad(opened ?? 0)}  clicked ${pad(clicked ?? 0)}`;
      return `  ${step.padEnd(width)}  ${bar} ${pad(entered)}${mail}`;
    }),
    `  ${enrolments} runs ended: ${counted(endings)}`,
  ];
};

const shownTasks = 5;

const tasksInWords = ({ tasks, answers }: DemoReport): readonly string[] => [
  heading(`Sales tasks: ${tasks.length}`),
  `  ${Object.entries(answers.byStatus)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ')}${Object.entries(answers.won)
    .map(([currency, sum]) => `; won ${currency} ${sum}`)
    .join('')}`,
  ...tasks
    .slice(0, shownTasks)
    .flatMap((it) => [
      `  ${utcMinute(it.createdAt)} UTC  ${it.company || it.leadId} → ${it.rep} (${it.routedBecause})`,
      `    fit ${it.fit}, engagement ${it.engagement}: ${it.reasons.slice(0, 4).join('; ')}`,
      ...it.answers.map((answer) => `    ${answer.at.slice(0, 10)} ${answerInWords(answer)}`),
    ]),
  ...(tasks.length > shownTasks ? [`  … and ${tasks.length - shownTasks} more (--json lists all)`] : []),
];

const figuresInWords = (report: DemoReport): readonly string[] => {
  const { costUsd, usage } = report;
  return [
    heading('Promises, counted from the inbox and the machines'),
    `  e-mails sent ${report.emailsSent}, twice ${report.duplicateSends}, after a stop ${report.sendsAfterStop}, outside their window ${report.emailsOutsideWindow}, over the cap ${report.emailsOverCap}`,
    `  leads that qualified ${report.qualified}, tasks ${report.salesTasks}, messages nobody could handle ${report.deadLetters}`,
    `  transitions ${report.transitions}, over budget ${report.transitionsOverBudget}, an e-mail with its wait ${report.transitionsPerEmailStep}`,
    heading('Cost at AWS list prices (us-east-1), from metered operations'),
    `  ${services.map(([key, name]) => `${name} $${costUsd[key].toFixed(4)}`).join(' · ')}`,
    `  together $${costUsd.total.toFixed(4)} for ${usage.emails} e-mails (Lambda time is an assumption: 60 ms a call at 256 MB)`,
  ];
};

const services = [
  ['ses', 'SES'],
  ['stepFunctions', 'Step Functions'],
  ['lambda', 'Lambda'],
  ['dynamoDb', 'DynamoDB'],
  ['sqs', 'SQS'],
  ['logs', 'logs'],
] as const;

const heading = (text: string) => `\n${text}\n${'─'.repeat(text.length)}`;
const counted = (counts: { readonly [word: string]: number }): string =>
  Object.entries(counts)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ') || 'nobody';
const pad = (count: number) => String(count).padStart(4);
