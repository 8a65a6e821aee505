import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Ports, SuppressionScope } from '#core/ports';
import { suppressPerson } from '#lambdas/aliases';

export type Leaving = {
  readonly leads: Pick<Ports['leads'], 'find' | 'setConsents'>;
  readonly suppressions: Pick<Ports['suppressions'], 'add'>;
  readonly consents: Pick<Ports['consents'], 'record'>;
  readonly aliases: Pick<Ports['aliases'], 'resolve'>;
  readonly wakeQueue: Ports['wakeQueue'];
};

/** `wasSaidAt`: news that comes late, and leaves alone what was agreed to after it. */
export type Leave = {
  readonly leadId: string;
  readonly scopes: readonly SuppressionScope[];
  readonly source: string;
  readonly at: Instant;
  readonly wasSaidAt?: Instant;
};

/**
 * The suppressions first: they hold by themselves, also for a lead that is gone or went into another. Then the profile and its ledger, then one wake
 * message, which ends the runs. All of it may be repeated.
 */
export const leaveScopes = async (use: Leaving, leave: Leave): Promise<void> => {
  const { leadId, scopes, at } = leave;
  let owner = leadId;
  for (const scope of scopes) owner = await suppressPerson(use, leadId, { scope, reason: 'unsubscribed', at });
  await withdraw(use, await use.leads.find(owner), leave);
  await use.wakeQueue.push({ leadId: owner });
};

const withdraw = async (use: Leaving, lead: Lead | undefined, { scopes, source, at, wasSaidAt }: Leave): Promise<void> => {
  if (!lead) return;
  const agreed = Object.entries(lead.consents).filter(([, it]) => it.given && (wasSaidAt === undefined || it.at <= wasSaidAt));
  const left = agreed.map(([topic]) => topic).filter((topic) => scopes.includes('ALL') || scopes.includes(`TOPIC#${topic}`));
  if (left.length === 0) return;
  const refusal = { given: false, at, source };
  for (const topic of left) await use.consents.record(lead.leadId, { topic, ...refusal });
  await use.leads.setConsents(lead.leadId, Object.fromEntries(left.map((topic) => [topic, refusal])));
};
