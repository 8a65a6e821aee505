import { describe, expect, it } from 'vitest';
import { leadPk, suppressionPk } from '#core/keys';
import { runBlock } from '#local/simulate/block';
import type { Plan, Version } from '#local/simulate/plan';
import type { World, WorldOptions } from '#local/world';
import { aPlan, shippedVersion } from '#tests/helpers/simulation';

/** BATON_SIMULATE_LEADS=1000 for the whole comparison. */
const leads = Number(process.env.BATON_SIMULATE_LEADS ?? 48);
const onDynamo = Number(process.env.BATON_SIMULATE_EMBEDDED ?? 3);

/** All that happened to each lead: its rows, its mail, its tasks, and every state that its machines entered, with its time. */
type Life = { rows: unknown; suppressions: unknown; mails: unknown; tasks: unknown; executions: unknown };

const livesIn = async (world: World, leadIds: readonly string[], lives: Map<string, Life>): Promise<void> => {
  const executions = world.runner
    .list()
    .map((it) => ({ ...world.runner.describe(it.executionArn), states: world.runner.history(it.executionArn) }));
  for (const leadId of leadIds) {
    const rows = await world.table.query(leadPk(leadId), '');
    lives.set(leadId, {
      rows: [...rows].sort((one, other) => (String(one.sk) < String(other.sk) ? -1 : 1)),
      suppressions: await world.table.query(suppressionPk(leadId), ''),
      mails: world.mail
        .mails()
        .filter((it) => it.tags.lead === leadId)
        .map(({ order: _order, due, ...it }) => ({ ...it, due })),
      tasks: world.queues
        .messagesIn('sales-tasks')
        .map((it) => JSON.parse(it.body) as { leadId: string })
        .filter((it) => it.leadId === leadId),
      executions: executions
        .filter((it) => it.input.includes(leadId))
        .sort((one, other) => (one.executionArn < other.executionArn ? -1 : 1)),
    });
  }
};

const live = async (
  plan: Plan,
  version: Version,
  seams: Pick<WorldOptions, 'stack'> & { clients?: 'direct' },
): Promise<Map<string, Life>> => {
  const lives = new Map<string, Life>();
  for (let from = 0, index = 0; from < plan.leads; from += plan.blockSize, index++) {
    const block = { index, from, size: Math.min(plan.blockSize, plan.leads - from) };
    await runBlock(plan, version, block, { clients: undefined, ...seams, onEnd: (world, leadIds) => livesIn(world, leadIds, lives) });
  }
  return lives;
};

/** Without what crosses leads by rule (docs/decisions/0041): what sales has room for, who takes over
 * from a rep that is late (that goes by all desks), and so much bounced mail that sequences pause. */
const apart = async (): Promise<Version> => {
  const version = await shippedVersion();
  const { atMostPerDay: _perDay, onBreach: _breach, acceptWithinSeconds: _within, ...sales } = version.live.sales;
  const team = sales.team.map(({ atMostOpen: _open, ...rep }) => rep);
  return { ...version, live: { ...version.live, sales: { ...sales, team } } };
};
const calm = (plan: Plan): Plan =>
  plan.leads <= 100 ? plan : { ...plan, behaviour: { ...plan.behaviour, bounces: { dead: 0.008, full: 0.1, whileFull: 0.3 } } };

describe('the simulator beside the durable runtime', () => {
  it(`gives ${leads} leads the same life, event by event, in blocks of their own as all together through the SDK's clients`, async () => {
    const version = await apart();
    const plan = calm(aPlan({ leads }));
    const durable = await live({ ...plan, blockSize: leads }, version, { stack: 'memory' });
    const simulated = await live({ ...plan, blockSize: Math.ceil(leads / 4) }, version, { stack: 'memory', clients: 'direct' });
    expect(durable.size).toBe(leads);
    expect([...simulated.keys()].sort()).toEqual([...durable.keys()].sort());
    for (const [leadId, life] of durable) expect(simulated.get(leadId)).toEqual(life);
    const all = [...durable.values()];
    const texts = JSON.stringify(all);
    // Otherwise little would be compared.
    for (const word of ['"complained"|"bounced"', '"replied"', '"clicked"', '"qualified"', 'STAGE#', 'CONSENT#', 'DECISION#'])
      expect(texts).toMatch(new RegExp(word));
  }, 900_000);

  it(`gives ${onDynamo} leads the same life as on a DynamoDB`, async () => {
    const version = await apart();
    const plan = aPlan({ leads: onDynamo, days: 10 });
    const durable = await live(plan, version, { stack: 'embedded' });
    const simulated = await live({ ...plan, blockSize: Math.ceil(onDynamo / 2) }, version, { stack: 'memory', clients: 'direct' });
    for (const [leadId, life] of durable) expect(simulated.get(leadId)).toEqual(life);
  }, 900_000);
});
