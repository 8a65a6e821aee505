import type { Usage } from '#core/cost';
import { sentenceFor } from '#core/explain/endings';
import type { DemoReport } from '#local/demo-report';
import { escaped, figure, section, table } from './parts.ts';
import { count, counted, dollars, percent, share, sum } from './words.ts';

const services = [
  ['ses', 'SES: the e-mails themselves'],
  ['stepFunctions', 'Step Functions'],
  ['lambda', 'Lambda'],
  ['dynamoDb', 'DynamoDB'],
  ['sqs', 'SQS'],
  ['eventBridge', 'EventBridge'],
  ['s3', 'S3'],
  ['apiGateway', 'API Gateway'],
  ['logs', 'CloudWatch Logs'],
] as const;

const meteredAs: { readonly [service in (typeof services)[number][0]]: (usage: Usage) => string } = {
  ses: (it) => counted(it.emails, 'e-mail'),
  stepFunctions: (it) => counted(it.transitions, 'transition'),
  lambda: (it) => `${counted(it.lambdaRequests, 'call')}, ${count(Math.round(it.lambdaGbSeconds * 100) / 100)} GB-seconds`,
  dynamoDb: (it) => `${count(it.writeUnits)} write units, ${count(it.readUnits)} read units`,
  sqs: (it) => counted(it.queueRequests, 'request'),
  eventBridge: (it) => `${counted(it.busEvents, 'event')}, ${counted(it.scheduled ?? 0, 'timer')}`,
  s3: (it) => `${count(it.objectWrites ?? 0)} writes, ${count(it.objectReads ?? 0)} reads`,
  apiGateway: (it) => counted(it.httpRequests ?? 0, 'request'),
  logs: (it) => `${count(Math.round((it.logBytes ?? 0) / 1000))} kB`,
};

/** SES would cost the same with any tool: everything above it is what this engine adds. */
export const costSection = ({ costUsd, usage, emailsSent }: Pick<DemoReport, 'costUsd' | 'usage' | 'emailsSent'>): string => {
  const engine = costUsd.total - costUsd.ses;
  const takeaway = [
    `Sending alone costs ${dollars(costUsd.ses)} with any tool; deciding what to send adds ${dollars(engine)}, ${(share(costUsd.total, costUsd.ses) || 0).toFixed(1)} times the floor in all.`,
    `A thousand e-mails come to ${dollars(share(costUsd.total, emailsSent) * 1000)}.`,
  ].join(' ');
  return section(
    'Cost per service',
    takeaway,
    figure(
      {
        as: 'rows',
        unit: 'dollars',
        categories: services.map(([, name]) => name),
        series: [
          { name: 'the floor: SES', values: services.map(([key]) => (key === 'ses' ? costUsd[key] : 0)) },
          { name: 'what the engine adds', values: services.map(([key]) => (key === 'ses' ? 0 : costUsd[key])) },
        ],
        ends: services.map(([key]) => dollars(costUsd[key])),
      },
      'Bars: dollars by AWS service',
      {
        caption: 'AWS list prices, us-east-1, from metered operations; Lambda time is an assumption: 60 ms a call at 256 MB',
        head: ['Service', 'Metered', 'Dollars', 'Share'],
        rows: [
          ...services.map(([key, name]) => [
            name,
            meteredAs[key](usage),
            dollars(costUsd[key]),
            percent(share(costUsd[key], costUsd.total)),
          ]),
          ['together', '', dollars(costUsd.total), costUsd.total > 0 ? percent(1) : percent(0)],
        ],
      },
    ),
  );
};

export const notSentSection = ({ notEnrolled, skipped }: DemoReport): string => {
  const rows = [
    ...Object.entries(notEnrolled).map(([reason, number]) => ({ what: 'not enrolled', reason, number })),
    ...Object.entries(skipped).map(([reason, number]) => ({ what: 'e-mail skipped', reason, number })),
  ];
  const [notIn, left] = [sum(Object.values(notEnrolled)), sum(Object.values(skipped))];
  const takeaway = `${counted(notIn, 'time')} a lead was not let into a sequence, and ${counted(left, 'e-mail')} of running sequences were left out.`;
  if (rows.length === 0) return section('What was not sent, and why', takeaway);
  return section(
    'What was not sent, and why',
    takeaway,
    figure(
      {
        as: 'rows',
        unit: 'times',
        categories: rows.map((it) => sentenceFor(it.reason)),
        series: [
          { name: 'not enrolled', values: rows.map((it) => (it.what === 'not enrolled' ? it.number : 0)) },
          { name: 'e-mail skipped', values: rows.map((it) => (it.what === 'not enrolled' ? 0 : it.number)) },
        ],
        ends: rows.map((it) => count(it.number)),
      },
      'Bars: reasons why something was not sent',
      {
        caption: 'Reasons why something was not sent',
        head: ['Reason', 'In short', 'What', 'Times'],
        rows: rows.map((it) => [sentenceFor(it.reason), it.reason, it.what, it.number]),
      },
    ),
  );
};

export const problemsSection = ({ deadLetters, unknownSends, failedRuns, imported, runs }: DemoReport): string => {
  const all = deadLetters + unknownSends + failedRuns;
  const takeaway = all === 0 ? 'Nothing waits for a person to look at it.' : `${counted(all, 'thing')} to look at.`;
  const unknown = runs.flatMap((it) => it.unknown.map((step) => [it.leadId, it.sequence, step]));
  return section(
    'Problems',
    takeaway,
    table({
      caption: 'What a person would have to look at',
      head: ['Problem', 'How many'],
      rows: [
        ['messages that nobody could handle (dead letters)', deadLetters],
        ['e-mails of which nobody knows whether they went', unknownSends],
        ['runs that a fault of ours ended', failedRuns],
        ['rows of the list that were rejected', imported.rejected.length],
        ['rows of the list with a warning', imported.warnings.length],
      ],
    }),
    unknown.length > 0
      ? table({ caption: 'E-mails that may or may not have gone', head: ['Lead', 'Sequence', 'Step'], rows: unknown })
      : '',
    importDetails([
      ...imported.rejected.map((it) => ({ ...it, as: 'rejected' })),
      ...imported.warnings.map((it) => ({ ...it, as: 'warning' })),
    ]),
  );
};

type Complaint = { readonly line: number; readonly column?: string; readonly reason: string; readonly as: string };

const importDetails = (complaints: readonly Complaint[]): string => {
  const rows = complaints.map((it) => [it.line, it.as, it.column ?? '', it.reason]);
  const inner = table({ caption: 'Rows of the imported list', head: ['Line', 'As', 'Column', 'Why'], rows });
  return `<details><summary>${escaped(counted(complaints.length, 'remark'))} on the imported list</summary>${inner}</details>`;
};
