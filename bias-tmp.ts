import { runBlock } from '#local/simulate/block';
import { blocksOf } from '#local/simulate/plan';
import { simulationReport } from '#local/simulate/report';
import { addAll, type Tally } from '#local/simulate/tally';
import { aPlan, shippedVersion } from '#tests/helpers/simulation';
import { usualBehaviour } from '#core/behaviour/model';
const shipped = await shippedVersion();
for (const atMostPerDay of [2, 4]) for (const blockSize of [1000, 250]) {
  const version = { ...shipped, live: { ...shipped.live, sales: { ...shipped.live.sales, atMostPerDay } } };
  const plan = aPlan({ leads: 1000, blockSize, days: 60, overDays: 30, behaviour: usualBehaviour(['trial.started']) });
  const tally: Tally = new Map();
  const c = process.cpuUsage();
  for (let index = 0; index < blocksOf(plan); index++) addAll(tally, (await runBlock(plan, version, { index, from: index * blockSize, size: blockSize }, { clients: 'direct' })).tally);
  const { handoffs: h, emails } = simulationReport(plan, version, { leads: 1000, tallies: [tally], pauses: [[]] });
  console.log(JSON.stringify({ atMostPerDay, blockSize, tasks: h.tasks, held: h.held, heldAtEnd: h.heldAtEnd, heldDays: h.perDay.reduce((s, it) => s + it.held, 0), daysHeldWithRoom: h.daysHeldWithRoom, busiest: Math.max(...h.perDay.map((it) => it.together)), accepted: h.answers.accept, late: h.lateTasks, emails, cpu: Math.round(process.cpuUsage(c).user / 1e6) }));
}
