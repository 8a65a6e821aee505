import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { compileSequence } from '#core/sequences/compile';
import { nurture, nurtureSequence } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

it('a sequence may be called "handoff", and the handoff machine is another', async () => {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const [step] = nurtureSequence.steps;
  const content = nurture().artifact.emails.welcome?.content;
  if (step?.kind !== 'email' || !content) throw new Error('the sequence of the tests begins with its welcome');
  const compiled = compileSequence({ ...nurtureSequence, id: 'handoff', steps: [step] }, { welcome: content }, digest);
  const world = await aWorld({ compiled: [compiled] });
  await world.did('trial.started');
  expect(world.sent()).toEqual(['welcome']);
  expect((await world.run())?.ending).toBe('completed');
});
