import type { Service } from '#core/cost';
import { services } from '#core/cost';
import type { CostReport } from '#core/cost-report';

export const serviceNames: { readonly [service in Service]: string } = {
  ses: 'SES, the mails themselves',
  stepFunctions: 'Step Functions',
  lambda: 'Lambda',
  dynamoDb: 'DynamoDB',
  sqs: 'SQS',
  eventBridge: 'EventBridge',
  s3: 'S3',
  apiGateway: 'API Gateway',
  logs: 'CloudWatch Logs',
};

/** What it costs, for people: nothing that rounds to nothing is hidden, only what is nothing. */
export const costInWords = (report: CostReport): string => {
  const { cost, per, month, budget, leads, qualified } = report;
  const billed = services.filter((it) => cost[it] > 0);
  const standing = Object.entries(month.standing).filter(([, usd]) => usd > 0);
  const width = Math.max(
    ...[...billed.map((it) => serviceNames[it]), ...standing.map(([what]) => what), 'all but SES'].map((it) => it.length),
  );
  const line = (name: string, usd: number, more = '') => `  ${name.padEnd(width)}  ${dollars(usd).padStart(11)}${more}`;
  const share = (usd: number) => (cost.total > 0 ? `  ${String(Math.round((usd / cost.total) * 100)).padStart(3)} %` : '');
  return [
    `${report.from}`,
    `${pricesInWords(report)}, SES on the plan ${report.sesPlan}`,
    '',
    ...billed.map((it) => line(serviceNames[it], cost[it], share(cost[it]))),
    line('together', cost.total, share(cost.total)),
    ...(report.engineToSes === undefined
      ? []
      : [line('all but SES', cost.total - cost.ses, `  ${Math.round(report.engineToSes * 100)} % of SES’s own price`)]),
    '',
    ...(per.thousandEmails === undefined ? [] : [line('1,000 mails', per.thousandEmails)]),
    ...(per.lead === undefined ? [] : [line('a lead', per.lead, `  of ${count(leads ?? 0)}`)]),
    ...(per.qualifiedLead === undefined ? [] : [line('an MQL', per.qualifiedLead, `  of ${count(qualified ?? 0)}`)]),
    ...(qualified === 0 ? ['  nobody qualified, so there is no price of an MQL'] : []),
    '',
    `A month${report.days === undefined ? ' in which this happens' : `, at the pace of these ${report.days} days`}`,
    line('running', month.running),
    ...standing.map(([what, usd]) => line(what, usd)),
    line('together', month.total),
    ...(budget ? ['', budgetInWords(budget)] : []),
    '',
    `Free tiers are left out, since an account may have used them up: ${report.freeTier.join('; ')}.`,
    `Also left out: ${report.leftOut.join('; ')}.`,
    `Assumed: ${report.assumed.join('; ')}. This is an estimate, not your bill.`,
  ].join('\n');
};

const pricesInWords = ({ region, pricesAsOf, ownPrices }: CostReport): string => {
  if (!ownPrices) return `List prices of ${region} as of ${pricesAsOf}`;
  const { base } = ownPrices;
  return `Your prices of ${region} as of ${pricesAsOf}, before the list’s${base === undefined ? '' : `; what neither has is taken from ${base}`}`;
};

const budgetInWords = ({ usd, emails, emailUsd, isEnough }: NonNullable<CostReport['budget']>): string =>
  [
    `Budget in brand.yaml: ${dollars(usd)} a month, enough for ${count(emails)} mails at ${dollars(emailUsd)} each: `,
    isEnough ? 'it is enough for this.' : 'less than this needs, so that marketing mail would wait for the next month.',
  ].join('');

/** Cents where there are dollars, four meaningful digits where there are none. */
export const dollars = (usd: number): string => {
  if (usd === 0 || Math.abs(usd) >= 1) return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  return `$${usd.toFixed(Math.min(9, 3 - Math.floor(Math.log10(Math.abs(usd)))))}`;
};
const count = (number: number): string => Math.round(number).toLocaleString('en-US');
