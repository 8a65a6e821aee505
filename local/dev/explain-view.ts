import { normaliseEmail } from '#core/address';
import type { Explanation } from '#core/explain/explanation';
import { explainLead, mustBeFound } from '#lambdas/explain-lead';
import type { DevWorld } from './dev-world.ts';

/** As `baton explain` answers on AWS. Throws, in words, when there is nothing to explain. */
export const explainInDev = async (
  { world, live, sequences }: Pick<DevWorld, 'world' | 'live' | 'sequences'>,
  named: string,
  what: { readonly sequence?: string; readonly day?: string },
): Promise<Explanation> => {
  const { ports, clock } = world;
  const email = normaliseEmail(named);
  const explained = await explainLead(ports, {
    ...what,
    leadId: email === undefined ? named : ports.ids.leadId(email),
    now: clock.now(),
    live,
    versions: sequences.map(({ sequence, compiled: { artifact } }) => ({ sequence, artifact })),
    taskId: ports.ids.taskId,
  });
  return mustBeFound(named, explained);
};
