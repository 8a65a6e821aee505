import { diagramView } from '#core/console/diagram-view';
import type { SimulationView } from '#core/console/views';
import { type Answer, type Asked, oneOf, Refusal } from './asked.ts';

export const simulationList = async ({ use }: Asked): Promise<Answer> => ({ json: { simulations: await use.simulations.list() } });

export const simulationView = async ({ use, params, query }: Asked): Promise<Answer> => {
  const file = await use.simulations.find(params.name ?? '');
  if (!file)
    throw new Refusal(
      404,
      'there is no such rehearsal: npx baton simulate with --console, or with --publish for what is deployed, keeps one',
    );
  const { versions, frames, ...about } = file;
  const sequence = oneOf(query('sequence'), about.sequences, about.sequences[0] ?? '');
  const artifact = await use.artifacts.get(sequence, versions[sequence] ?? '').catch(() => use.artifacts.newest(sequence));
  if (!artifact) throw new Refusal(404, `there is no sequence ${sequence} any more`);
  const view: SimulationView = {
    ...about,
    sequence,
    diagram: diagramView(artifact, undefined, () => undefined),
    frames: frames[sequence] ?? [],
  };
  return { json: view };
};
