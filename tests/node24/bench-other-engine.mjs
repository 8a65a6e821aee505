// Runs a machine given on stdin so many times through aws-local-stepfunctions; writes how long that took to stdout.
import { text } from 'node:stream/consumers';
import { StateMachine } from 'aws-local-stepfunctions';

const { asl, input, runs, warmUp } = JSON.parse(await text(process.stdin));
const handle = async () => ({ ExecutedVersion: '$LATEST', Payload: { outcome: 'planned' }, StatusCode: 200 });
const tasks = Object.entries(asl.States).filter(([, state]) => state.Type === 'Task');
const overrides = { taskResourceLocalHandlers: Object.fromEntries(tasks.map(([name]) => [name, handle])) };
const machine = new StateMachine(asl);
const once = () => machine.run(input, { overrides }).result;

for (let at = 0; at < warmUp; at++) await once();
const timed = async (work) => {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 };
};
const alone = await timed(async () => {
  for (let at = 0; at < runs; at++) await once();
});
const together = await timed(() => Promise.all(Array.from({ length: runs }, once)));
process.stdout.write(JSON.stringify({ node: process.version, alone, together }));
