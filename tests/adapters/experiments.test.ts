import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experimentStore } from '#adapters/stores/experiments';
import type { Asked, Figures } from '#core/experiments/rows';
import { addSeconds } from '#core/instant';
import { now } from '#tests/helpers/builders';
import { type OpenTable, tableKinds } from '#tests/helpers/tables';

const asked = (design: string): Asked => ({
  design,
  rule: { by: 'goal', leadsPerArm: 50, notBeforeSeconds: 86_400, withinSeconds: 86_400, confidence: 95, mode: 'automatic' },
  arms: [
    { name: 'a', share: 50, holdout: false },
    { name: 'b', share: 50, holdout: false },
  ],
});
const figures = (asOf: string, leads: number): Figures => ({ asOf, trial: { a: { leads, conversions: 1, open: 0 } }, after: {} });
const later = (seconds: number) => addSeconds(now, seconds);

describe.each(tableKinds)('experiments on $kind', ({ open }) => {
  let opened: OpenTable;
  beforeAll(async () => {
    opened = await open();
  }, 120_000);
  afterAll(() => opened.close());

  let sequences = 0;
  const begin = async () => {
    const key = { sequence: `sequence-${sequences++}`, split: 'proof', design: 'd1' };
    const experiments = experimentStore(opened.table);
    await experiments.ask(key.sequence, 'proof', asked('d1'), now);
    const state = async () => (await experiments.of(key.sequence))[0];
    return { key, experiments, state };
  };

  it('remember when a design was asked for first, also when it comes back', async () => {
    const { key, experiments, state } = await begin();
    await experiments.ask(key.sequence, 'proof', asked('d2'), later(10));
    expect(await state()).toMatchObject({ design: 'd2', verdict: { since: later(10) } });
    await experiments.ask(key.sequence, 'proof', asked('d1'), later(20));
    expect(await state()).toMatchObject({ ...key, design: 'd1', verdict: { since: now }, arms: asked('d1').arms });
    await experiments.ask(key.sequence, 'proof', undefined, later(30));
    expect(await experiments.of(key.sequence)).toEqual([]);
  });

  it('keep the newest figures, whoever writes last', async () => {
    const { key, experiments, state } = await begin();
    expect(await experiments.putFigures(key, figures(later(20), 2))).toBe('written');
    expect(await experiments.putFigures(key, figures(later(10), 1))).toBe('refused');
    expect((await state())?.figures).toMatchObject(figures(later(20), 2));
  });

  it('publish by their figures once, and of many at one moment one', async () => {
    const { key, experiments, state } = await begin();
    const tries = ['a', 'b', 'a', 'b'].map((arm) => experiments.publish(key, { arm, at: later(1), by: 'rule' }));
    expect((await Promise.all(tries)).filter((it) => it === 'published')).toHaveLength(1);
    const { published } = (await state())?.verdict ?? {};
    expect(await experiments.publish(key, { arm: 'a', at: later(2), by: 'rule' })).toBe('refused');
    expect((await state())?.verdict?.published).toEqual(published);
    expect(await experiments.advise(key, 'b', later(3))).toBe('refused');
    expect(await experiments.winners(key.sequence)).toEqual({ 'proof#d1': published?.arm });
  });

  it('do as a hand says, and from then on nothing by themselves', async () => {
    const { key, experiments, state } = await begin();
    expect(await experiments.advise(key, 'a', now)).toBe('advised');
    await experiments.publish(key, { arm: 'a', at: later(1), by: 'rule' });
    await experiments.publish(key, { arm: 'b', at: later(2), by: 'hand' });
    expect((await state())?.verdict?.published).toEqual({ arm: 'b', at: later(2), by: 'hand' });
    expect(await experiments.withdraw(key, later(3))).toBe('withdrawn');
    expect(await experiments.withdraw(key, later(4))).toBe('was-none');
    expect((await state())?.verdict).toMatchObject({ withdrawnAt: later(3) });
    expect(await experiments.winners(key.sequence)).toEqual({});
    expect(await experiments.publish(key, { arm: 'a', at: later(5), by: 'rule' })).toBe('refused');
    expect(await experiments.publish(key, { arm: 'a', at: later(6), by: 'hand' })).toBe('published');
    expect((await state())?.verdict).not.toHaveProperty('withdrawnAt');
  });

  it('know winners of every design, so that one that comes back has its own', async () => {
    const { key, experiments, state } = await begin();
    await experiments.publish(key, { arm: 'a', at: now, by: 'rule' });
    await experiments.ask(key.sequence, 'proof', asked('d2'), later(10));
    await experiments.publish({ ...key, design: 'd2' }, { arm: 'b', at: now, by: 'rule' });
    expect(await experiments.winners(key.sequence)).toEqual({ 'proof#d1': 'a', 'proof#d2': 'b' });
    expect((await state())?.verdict?.published?.arm).toBe('b');
  });
});
