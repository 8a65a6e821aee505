import { ListServiceQuotasCommand, type ServiceQuota, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';

/** `isUsual`: what AWS gives by default, for nobody could be asked what this account has. */
export type Quota = { readonly value: number; readonly isUsual?: true };
export type QuotaName =
  | 'openExecutions'
  | 'startsPerSecond'
  | 'endsPerSecond'
  | 'schedules'
  | 'schedulesMadePerSecond'
  | 'schedulesRunPerSecond';
export type Quotas = { readonly [Name in QuotaName]: Quota };

/**
 * By name, for the codes of these are not documented. What AWS gives by default: `large` in the Regions that it names, `other` in the
 * others (docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html, docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html,
 * read 2026-11-29; how often schedules may run in smaller Regions is our reading of an older page).
 */
const known: {
  readonly [Name in QuotaName]: { readonly service: Service; readonly named: RegExp; readonly large: number; readonly other: number };
} = {
  openExecutions: { service: 'states', named: /open executions/i, large: 1_000_000, other: 1_000_000 },
  startsPerSecond: { service: 'states', named: /^StartExecution\b.*refill/i, large: 300, other: 150 },
  endsPerSecond: { service: 'states', named: /^SendTaskSuccess\b.*refill/i, large: 500, other: 300 },
  schedules: { service: 'scheduler', named: /^Number of schedules$/i, large: 10_000_000, other: 10_000_000 },
  schedulesMadePerSecond: { service: 'scheduler', named: /^CreateSchedule\b.*rate/i, large: 5000, other: 250 },
  schedulesRunPerSecond: { service: 'scheduler', named: /^Invocations\b/i, large: 1000, other: 500 },
};
type Service = 'states' | 'scheduler';

const largeFor: { readonly [service in Service]: readonly string[] } = {
  states: ['us-east-1', 'us-west-2', 'eu-west-1'],
  scheduler: [
    ...['us-east-1', 'us-east-2', 'us-west-2', 'ap-northeast-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
    ...['eu-central-1', 'eu-west-1', 'eu-west-2', 'sa-east-1'],
  ],
};

/** What AWS gives by default in this Region; where it is not known, what it gives in small ones. */
export const usualQuotas = (region: string): Quotas => quotasFrom(region, () => []);

/** Of this account and Region, as far as Service Quotas says so. A service that it does not tell of has what is usual. */
export const readQuotas = async (client: ServiceQuotasClient, region: string): Promise<Quotas> => {
  const of = { states: await listed(client, 'states'), scheduler: await listed(client, 'scheduler').catch(() => []) };
  return quotasFrom(region, (service) => of[service]);
};

const quotasFrom = (region: string, listedOf: (service: Service) => readonly ServiceQuota[]): Quotas =>
  Object.fromEntries(
    Object.entries(known).map(([name, { service, named, large, other }]): [string, Quota] => {
      const value = listedOf(service).find((it) => named.test(it.QuotaName ?? ''))?.Value;
      return [name, value === undefined ? { value: largeFor[service].includes(region) ? large : other, isUsual: true } : { value }];
    }),
  ) as Quotas;

const listed = async (client: ServiceQuotasClient, ServiceCode: Service): Promise<readonly ServiceQuota[]> =>
  (await client.send(new ListServiceQuotasCommand({ ServiceCode, MaxResults: 100 }))).Quotas ?? [];
