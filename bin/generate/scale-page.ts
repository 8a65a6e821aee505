import { readFileSync } from 'node:fs';
import { withResults } from '../bench/write.ts';
import { demandOf, limits, round } from '../scale/arithmetic.ts';
import { type Day, type DayPlan, shownDays, simulateDay } from '../scale/day.ts';
import { quotas, sources } from '../scale/quotas.ts';

/** docs/scale.md with every figure computed anew; what the load test measured stays as it is. */
export const scalePage = (): string =>
  [
    ['population', population()],
    ['limits', limitTable()],
    ['quotas', quotaTable()],
    ['day', dayTable()],
  ].reduce((page, [name = '', text = '']) => withResults(page, name, text), readFileSync('docs/scale.md', 'utf8'));

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((it) => `| ${it.join(' | ')} |`).join('\n');

const dollars = (value: number): string => `$${Math.round(value).toLocaleString('en-US')}`;

const population = (): string => {
  const all = [100_000, 1_000_000, 10_000_000, 100_000_000].map(demandOf);
  type Demand = (typeof all)[number];
  const row = (what: string, of: (it: Demand) => string) => [what, ...all.map(of)];
  return table(
    ['leads', ...all.map((it) => round(it.leads))],
    [
      row('mails a day', (it) => round(it.mailsPerDay)),
      row('mails a second, busiest hour', (it) => round(it.peakMails)),
      row('runs begun a second, busiest hour', (it) => round(it.startsPerSecond)),
      row('open executions', (it) => round(it.openExecutions)),
      row('transitions a second', (it) => round(it.transitionsPerSecond)),
      row('DynamoDB write units a second', (it) => round(it.writeUnitsPerSecond)),
      row('SES events a second', (it) => round(it.eventsPerSecond)),
      row('functions at once', (it) => round(it.functions)),
      row('days of a whole recount', (it) => round(it.recountDays)),
      row('accounts, with the quotas as they come', (it) => round(it.accounts)),
      row('dollars a month', (it) => dollars(it.dollarsAMonth)),
      row('of which SES', (it) => dollars(it.ofWhichSes)),
    ],
  );
};

const limitTable = (): string =>
  table(
    ['limit', 'met at', 'how', 'what moves it'],
    limits().map((it) => [it.what, `${round(it.reachedAt)} ${it.unit}`, it.how, it.moves]),
  );

const quotaTable = (): string =>
  table(
    ['quota', 'value', 'source'],
    Object.entries(quotas).map(([name, value]) => [
      name,
      typeof value === 'number'
        ? round(value)
        : Object.entries(value)
            .map(([where, it]) => `${where}: ${round(it)}`)
            .join(', '),
      sources[name as keyof typeof quotas],
    ]),
  );

const dayTable = (): string => {
  const days = shownDays.map((plan) => ({ plan, day: simulateDay(plan) }));
  const row = (what: string, of: (it: { readonly plan: DayPlan; readonly day: Day }) => string) => [what, ...days.map(of)];
  const time = (minutes: number) => (minutes < 120 ? `${round(minutes)} min` : `${round(minutes / 60)} h`);
  return table(
    ['', ...days.map((_, at) => String.fromCharCode(65 + at))],
    [
      row('`sendsPerSecond`', ({ plan }) => round(plan.sendsPerSecond)),
      row('`enrolmentsAtOnce`', ({ plan }) => round(plan.enrolmentsAtOnce)),
      row('SES quota a day', ({ plan }) => round(plan.quota)),
      row('enrolment heeds the send queue', ({ plan }) => (plan.isPressedBack ? 'yes' : 'no')),
      row('sent', ({ day }) => round(day.sent)),
      row('left after a second day', ({ day }) => round(day.left)),
      row('oldest mail in the send queue', ({ day }) => time(day.worstAgeMinutes)),
      row('time that mail waited over 15 minutes', ({ day }) => time(day.minutesBehind)),
      row('longest wait to be enrolled', ({ day }) => time(day.longestEnrolMinutes)),
      row('most leads that waited to be enrolled', ({ day }) => round(day.enrolWaiting)),
      row('answers to Step Functions a second, at most', ({ day }) => round(day.peakAnswers)),
      row('DynamoDB write units a second, at most', ({ day }) => round(day.peakWriteUnits)),
      row('functions at once, at most', ({ day }) => round(day.functions)),
      row('dollars', ({ day }) => dollars(day.dollars)),
    ],
  );
};
