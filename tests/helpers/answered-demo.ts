import { createReadStream } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { fractionOf } from '#core/hash';
import { addSeconds } from '#core/instant';
import type { SalesTask, TaskAnswer } from '#core/sales-task';
import { importLeads } from '#lambdas/api/import-leads';
import { createBehaviour } from '#local/behaviour';
import { demoStart } from '#local/demo';
import { createWorld } from '#local/world';
import type { Person } from './naive-report.ts';

const day = 86_400;

/** The demo's leads through the whole of Baton on Maps, some of them by the API, and then a sales team that answers. */
export const answeredDemo = async ({ leads, days, seed }: { readonly leads: number; readonly days: number; readonly seed: string }) => {
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  const { live } = marketing;
  if (!live) throw new Error('marketing/ has errors');
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
  const tasks = world.queues.messagesIn('sales-tasks').map(({ body }) => answered(JSON.parse(body) as SalesTask, seed, now));
  for (const task of tasks) {
    for (const [at, it] of task.answers.entries()) {
      const to = ({ accept: 'sal', reject: 'lead', recycle: 'recycled', won: 'won', lost: 'lost' } as const)[it.answer];
      await world.ports.stages.record(task.leadId, {
        id: `${task.taskId}:${it.answer}`,
        at: it.at,
        from: at === 0 ? 'mql' : 'sal',
        to,
        by: 'sales',
        because: 'answered',
      });
    }
  }
  const people: Person[] = [];
  for (const leadId of [...new Set(leadIds)]) {
    const history = await world.ports.histories.ofLead(leadId);
    people.push({
      history,
      tasks: tasks.filter((it) => it.leadId === leadId),
      source: String(history.lead?.fields.source ?? 'list webinar'),
    });
  }
  await world.stop();
  return { people, tasks, live, now, since: demoStart.slice(0, 10), until: now.slice(0, 10) };
};

const answered = (task: SalesTask, seed: string, now: string): SalesTask => {
  const draw = (what: string) => fractionOf(`${seed} ${task.taskId} ${what}`);
  const at = addSeconds(task.createdAt, Math.floor(draw('at') * 12 * 3600));
  const first = { at, by: task.rep, via: 'page' as const };
  const verdict = draw('verdict');
  const answers: readonly TaskAnswer[] =
    verdict < 0.1
      ? []
      : verdict < 0.3
        ? [{ ...first, answer: 'reject', reason: draw('why') < 0.5 ? 'wrong-size' : 'student' }]
        : verdict < 0.4
          ? [{ ...first, answer: 'recycle', reason: 'wrong-time', until: addSeconds(at, 30 * day) }]
          : [
              { ...first, answer: 'accept' },
              ...(draw('outcome') < 0.6
                ? [
                    {
                      ...first,
                      at: addSeconds(at, Math.floor(draw('later') * 9 * day)),
                      answer: 'won' as const,
                      ...(draw('told') < 0.9 && {
                        amount: Math.round(draw('amount') * 1e6) / 100,
                        currency: draw('cur') < 0.7 ? 'EUR' : 'USD',
                      }),
                    },
                  ]
                : [{ ...first, at: addSeconds(at, Math.floor(draw('later') * 9 * day)), answer: 'lost' as const, reason: 'price' }]),
            ];
  const known = answers.filter((it) => it.at <= now);
  const last = known.at(-1)?.answer;
  const status =
    last === undefined
      ? 'open'
      : ({ accept: 'accepted', reject: 'rejected', recycle: 'recycled', won: 'won', lost: 'lost' } as const)[last];
  return { ...task, answers: known, status, acceptBy: addSeconds(task.createdAt, 6 * 3600) };
};
