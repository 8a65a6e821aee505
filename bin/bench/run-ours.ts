import { memoryMap } from '#local/durable-map';
import { createStatesRunner } from '#local/states/runner';
import { machineInput, machineLength, sharedMachine, transitionsOfRun } from './machine.ts';

export type Measured = { readonly transitions: number; readonly perSecond: number; readonly perCpuSecond: number };

/** Transitions a second of the States runner, counted by itself. */
export const measureOurs = async (runs: number): Promise<Measured> => {
  const refuse = async () => {
    throw new Error('this machine sends and stores nothing');
  };
  const runner = createStatesRunner({
    clock: { now: () => '2026-03-02T09:00:00.000Z' },
    executions: memoryMap(),
    seed: 'bench',
    invoke: async () => ({ outcome: 'planned' }),
    sendMessage: refuse,
    updateItem: refuse,
  });
  runner.deploy('bench', sharedMachine(machineLength), {});
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  for (let at = 0; at < runs; at++)
    runner.startExecution({ stateMachine: 'bench', name: `run-${at}`, input: JSON.stringify(machineInput) });
  while (runner.peek() !== undefined) await runner.runNext();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const transitions = runner.transitions().total;
  const failed = runner.list().filter((it) => it.status !== 'SUCCEEDED').length;
  if (failed > 0 || transitions !== runs * transitionsOfRun)
    throw new Error(`${failed} runs failed, ${transitions} transitions were counted`);
  return { transitions, perSecond: Math.round(transitions / seconds), perCpuSecond: Math.round((transitions * 1e6) / (user + system)) };
};

// In a process of its own, on the Node that it is given.
if (process.argv[1]?.endsWith('run-ours.ts')) {
  await measureOurs(50);
  process.stdout.write(JSON.stringify({ node: process.version, ...(await measureOurs(Number(process.argv[2] ?? 1000))) }));
}
