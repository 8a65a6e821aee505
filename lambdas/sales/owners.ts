import type { LiveConfig } from '#core/config';
import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { domainOf } from '#core/stop-list';

type Asking = {
  readonly ids: Pick<Ports['ids'], 'taskId' | 'externalId'>;
  readonly salesTasks: Pick<Ports['salesTasks'], 'find'>;
  readonly desks: Pick<Ports['desks'], 'companyRep'>;
};

/** Nobody asks for a rep of long ago. */
const tasksBack = 3;

/** Who had the lead before, and who has its company; as far as sales.yaml asks for either. */
export const ownersOf = async (
  use: Asking,
  lead: Lead,
  task: Pick<SalesTask, 'taskId'>,
  live: LiveConfig,
): Promise<{ readonly lastRep?: string; readonly companyRep?: string }> => {
  const { route } = live.sales;
  const lastRep = route.includes('existing-owner') ? await lastRepOf(use, lead, task.taskId) : undefined;
  const company = companyOf(use, lead, live);
  const companyRep = company === undefined ? undefined : await use.desks.companyRep(company);
  return { ...(lastRep !== undefined && { lastRep }), ...(companyRep !== undefined && { companyRep }) };
};

/** The company is its rep's from now on; one whose rep has left the team gets another. */
export const keepOwner = async (
  use: Pick<Asking, 'ids'> & { readonly desks: Pick<Ports['desks'], 'companyRep' | 'keepCompany'> },
  lead: Lead,
  { rep }: Pick<SalesTask, 'rep'>,
  live: LiveConfig,
): Promise<void> => {
  const company = companyOf(use, lead, live);
  if (company === undefined) return;
  const standing = await use.desks.companyRep(company);
  if (standing === undefined) await use.desks.keepCompany(company, rep);
  else if (!live.sales.team.some((it) => it.rep === standing)) await use.desks.keepCompany(company, rep, standing);
};

const lastRepOf = async (use: Asking, { leadId, handoffs }: Lead, taskId: string): Promise<string | undefined> => {
  for (let number = handoffs + 1; number > 0 && number > handoffs - tasksBack; number--) {
    const earlier = use.ids.taskId(leadId, number);
    if (earlier === taskId) continue;
    const rep = (await use.salesTasks.find(earlier))?.rep ?? '';
    if (rep !== '') return rep;
  }
  return undefined;
};

/** A hash of the domain; undefined: half the world has an address there, or nobody asks. */
const companyOf = (use: Pick<Asking, 'ids'>, { email }: Lead, { sales, scoring }: LiveConfig): string | undefined => {
  if (!sales.route.includes('company-owner')) return undefined;
  const domain = domainOf(email);
  return scoring.lists['free-mail']?.includes(domain) ? undefined : use.ids.externalId('company', domain);
};
