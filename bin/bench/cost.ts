import type { LiveConfig } from '#core/config';
import { type Cost, costOf, scaledUsage, type Usage } from '#core/cost';
import { prices } from '#core/prices';
import { meterNurture } from '#local/plain-nurture';
import { leadCount, mailCount } from './counts.ts';
import { meterOneStateAConcern } from './one-state-a-concern.ts';
import { number, type Part, usd } from './row.ts';

export type CostFigures = {
  readonly mailsPerLead: number;
  readonly perLead: { readonly [unit in keyof Usage]: number };
  /** US dollars for a thousand leads. */
  readonly perThousandLeads: Cost;
  /** Everything but SES, as a part of SES at pay-as-you-go prices. */
  readonly engineToSes: number;
};

/** All but SES, as a part of SES: each wait but the last is sat out by the state of the mail before it (docs/decisions/0046). */
const most = 0.4;

/** Operations and cost of six mails to a lead: compiled by Baton, and by a machine with one state a concern. */
export const costPart = async (live: LiveConfig): Promise<Part> => {
  const { baton, oneStateAConcern: other } = await costFigures(live);
  const beside = (what: string, of: (it: CostFigures) => string) => ({ what, value: `${of(baton)} · ${of(other)}` });
  const percent = (it: CostFigures) => `${number(it.engineToSes * 100)} %`;
  return {
    title: 'Six mails to a lead: Baton · a machine with one state a concern (1,000 leads each)',
    rows: [
      beside('state transitions a lead', (it) => number(it.perLead.transitions)),
      beside('Lambda requests a lead', (it) => number(it.perLead.lambdaRequests)),
      beside('DynamoDB write units a lead', (it) => number(it.perLead.writeUnits)),
      beside('DynamoDB read units a lead', (it) => number(it.perLead.readUnits)),
      beside('SQS requests a lead', (it) => number(it.perLead.queueRequests)),
      beside('timers a lead', (it) => number(it.perLead.scheduled ?? 0)),
      beside('bytes logged a lead', (it) => number(it.perLead.logBytes ?? 0)),
      ...(['ses', 'stepFunctions', 'dynamoDb', 'sqs', 'eventBridge', 'lambda', 'logs', 'total'] as const).map((service) =>
        beside(`1,000 leads: ${service}`, (it) => usd(it.perThousandLeads[service])),
      ),
      {
        ...beside('all but SES, as a part of SES at $0.10 for 1,000', percent),
        target: { words: `at most ${most * 100} %`, isMet: baton.engineToSes <= most },
      },
    ],
    figures: { baton, oneStateAConcern: other },
  };
};

export const costFigures = async (live: LiveConfig): Promise<{ readonly baton: CostFigures; readonly oneStateAConcern: CostFigures }> => {
  const baton = await meterNurture(live, { leads: leadCount, mails: mailCount });
  const other = await meterOneStateAConcern(live);
  return { baton: figuresOf(baton.usage), oneStateAConcern: figuresOf(other.usage) };
};

const figuresOf = (usage: Usage): CostFigures => {
  const scaled = (factor: number) => scaledUsage(usage, factor);
  const { emails } = scaled(1 / leadCount);
  if (Math.round(emails) !== mailCount) throw new Error(`${emails} mails a lead were sent instead of ${mailCount}`);
  const cost = costOf(scaled(1000 / leadCount));
  const floor = mailCount * 1000 * prices.ses['a-la-carte'].email;
  const rounded = Object.fromEntries(Object.entries(scaled(1 / leadCount)).map(([unit, count]) => [unit, Math.round(count * 100) / 100]));
  return {
    mailsPerLead: Math.round(emails * 100) / 100,
    perLead: rounded as unknown as CostFigures['perLead'],
    perThousandLeads: cost,
    engineToSes: Math.round(((cost.total - cost.ses) / floor) * 1000) / 1000,
  };
};
