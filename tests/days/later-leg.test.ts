import { describe, expect, it } from 'vitest';
import { duePk, enrolmentSk, leadPk, shardOf } from '#core/keys';
import { compileSequence } from '#core/sequences/compile';
import type { Step } from '#core/sequences/model';
import { digest } from '#tests/helpers/chaos';
import { nurture, nurtureSequence } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

const content = Object.values(nurture().artifact.emails)[0]?.content;

/** The same sequence with another beginning. */
const beginningWith = (first: Partial<Step>) => {
  const steps = nurtureSequence.steps.map((it, at) => (at === 0 ? ({ ...it, ...first } as Step) : it));
  const names = ['welcome', 'power-tips', 'getting-started', 'case-story', 'book-a-call'];
  if (!content) throw new Error('the test sequence has no e-mail');
  return compileSequence({ ...nurtureSequence, steps }, Object.fromEntries(names.map((name) => [name, content])), digest);
};

/** A run whose leg begins at that step; what it entered and sent within a week. */
const aLegAt = async (compiled: ReturnType<typeof nurture>, startAt: string) => {
  const world = await aWorld({ compiled: [compiled] });
  const { ports, leadId, clock } = world;
  const enrolmentId = ports.ids.enrolmentId(leadId, 'nurture', 'of-old');
  const key = { leadId, sequence: 'nurture', enrolmentId };
  const { version, priority } = compiled.artifact;
  const arms = { proof: 'story' };
  const row = { leg: 1, version, enrolledAt: clock.now(), trigger: 'of-old', arms, priority, seen: {}, waitSeconds: 0 };
  await ports.enrolments.create({ ...key, ...row, gsi1pk: duePk(shardOf(leadId), 0), gsi1sk: clock.now() });
  const rowKey = { pk: leadPk(leadId), sk: enrolmentSk('nurture', enrolmentId) };
  await ports.machines.startLeg('nurture', version, { leadId, enrolmentId, leg: 1, ...rowKey, shard: shardOf(leadId), startAt, arms });
  await world.advance('7 days');
  const [execution] = world.runner.list({ stateMachine: 'nurture' });
  return { states: world.runner.history(execution?.executionArn ?? '').map((it) => it.state), sent: world.sent() };
};

describe.each([
  ['an e-mail at once', { atOnce: true }, 'welcome'],
  ['an e-mail in its window', { atOnce: false }, 'Plan welcome'],
] as const)('a later leg of a sequence that begins with %s', (_name, first, begins) => {
  it('goes to its step by Enter, and the first e-mail does not go again', async () => {
    const compiled = beginningWith(first);
    expect(compiled.asl.StartAt).toBe(begins);
    const { states, sent } = await aLegAt(compiled, 'breathe');
    expect(states.slice(0, 2)).toEqual([begins, 'Enter']);
    expect(states[2]).toMatch(/breathe/);
    expect(sent).not.toContain('welcome');
    expect(sent.length).toBeGreaterThan(0);
  });

  it('begins at the first step when it is to begin there, or at one that this version does not know', async () => {
    for (const startAt of ['', 'welcome', 'gone-since']) {
      const { states } = await aLegAt(beginningWith(first), startAt);
      expect(states[0]).toBe(begins);
      expect(states).not.toContain('Enter');
    }
  });
});

it('a machine that begins with a wait still looks first where to begin', async () => {
  const { asl } = compileSequence(
    { ...nurtureSequence, steps: nurtureSequence.steps.slice(1, 2).concat(nurtureSequence.steps.slice(0, 1)) },
    { welcome: content as never },
    digest,
  );
  expect(asl.StartAt).toBe('Enter');
});
