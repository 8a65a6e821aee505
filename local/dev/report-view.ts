import { type Asked, saidOf, windowOf } from '#core/report/ask';
import { gather } from '#core/report/gather';
import { reportOf } from '#core/report/report';
import type { DevWorld } from './dev-world.ts';

/** The page that `baton report --html` writes, of the last thirteen weeks of this world. */
export const reportInDev = async ({ world, live, leads }: Pick<DevWorld, 'world' | 'live' | 'leads'>): Promise<string> => {
  const { ports, clock } = world;
  const asked: Asked = { ...windowOf({}, clock.now()), now: clock.now(), weeksAhead: 8 };
  const histories = async function* () {
    for (const [leadId] of leads.entries()) yield { ...(await ports.histories.ofLead(leadId)), leadId };
  };
  const { cells, leads: leadsRead } = await gather(histories(), asked, { salesTasks: ports.salesTasks, live, now: asked.now });
  const report = { ...reportOf({ cells, ...asked, asOf: asked.now }), leadsRead };
  const { reportPage } = await import('#local/report/report-page');
  return reportPage(saidOf(report, live));
};
