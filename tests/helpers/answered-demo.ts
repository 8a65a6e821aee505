import { createReadStream } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { addSeconds } from '#core/instant';
import { importLeads } from '#lambdas/api/import-leads';
import { createBehaviour } from '#local/behaviour';
import { demoStart } from '#local/demo';
import { salesBehaviour } from '#local/sales-behaviour';
import { tasksIn } from '#local/tasks-in';
import { createWorld } from '#local/world';
import type { Person } from './naive-report.ts';

const day = 86_400;

/** The demo's leads through the whole of Baton on Maps, and a sales team that answers. */
export const answeredDemo = async ({ leads, days, seed }: { readonly leads: number; readonly days: number; readonly seed: string }) => {
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  // Somebody is late for some, so that this is seen too.
  const live = { ...marketing.live, sales: { ...marketing.live.sales, acceptWithinSeconds: 3 * 3600 } };
  const behaviour = createBehaviour(seed);
  const leadIds: string[] = [];
  const world = await createWorld({
    stack: 'memory',
    compiled: compiled.map((it) => it.compiled),
    live,
    startAt: demoStart,
    seed,
    ticksSlowedBy: () => 96,
    fate: behaviour.fateOf,
    reactTo: (event, mail) => behaviour.reactTo(event, mail),
    onBrief: salesBehaviour(seed, live.sales),
    onImport: async (action) => {
      const rows = async function* () {
        let count = 0;
        for await (const row of readCsv(createReadStream('examples/leads.csv'))) if (count++ < leads) yield row;
      };
      await importLeads(world.ports)(rows(), {
        list: 'webinar',
        onLead: (leadId, row) => {
          leadIds.push(leadId);
          for (const next of behaviour.onLead(leadId, row.fields, action.at)) world.actions.plan(next);
        },
      });
    },
  });
  world.actions.plan({ id: 'import', at: demoStart, leadId: '', do: 'import' });
  await world.runUntil(addSeconds(demoStart, days * day));
  const now = world.clock.now();
  const tasks = await tasksIn(world);
  const people: Person[] = [];
  for (const leadId of [...new Set(leadIds)]) {
    const history = await world.ports.histories.ofLead(leadId);
    people.push({
      history,
      tasks: tasks.filter((it) => it.leadId === leadId),
      source: String(history.lead?.fields.source ?? 'list webinar'),
    });
  }
  const { salesTasks } = world.ports;
  await world.stop();
  return { salesTasks, people, tasks, live, now, since: demoStart.slice(0, 10), until: now.slice(0, 10) };
};
