import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { duePk } from '#core/keys';
import { endSwitchedOff } from '#lambdas/ticks/end-switched-off';
import { anEnrolment } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

/** Runs in every shard, some of another sequence, and a watchdog that may die at any wake. */
const aFullHouse = async () => {
  const world = await aWorld();
  const { ports } = world;
  const at = world.clock.now();
  const inside: string[] = [];
  for (let number = 0; number < 40; number++) {
    const leadId = ports.ids.leadId(`lead-${number}@example.com`);
    const isOther = number % 4 === 0;
    const shard = String((leadId.charCodeAt(0) + leadId.charCodeAt(1)) % 8);
    const place = { gsi1pk: duePk(shard, 0), gsi1sk: addSeconds(at, 100 * 86_400 + number) };
    const run = { leadId, enrolmentId: `run-${number}`, sequence: isOther ? 'other' : 'nurture', ...place };
    await ports.enrolments.create(
      anEnrolment({ ...run, ...(number === 1 && { endedAt: at }), ...(number === 2 && { stop: { reason: 'goal', at } }) }),
    );
    if (!isOther && number !== 1 && number !== 2) inside.push(leadId);
  }
  const woken: string[] = [];
  const rules = {
    ...liveConfig,
    hash: 'one',
    brand: { ...liveConfig.brand, off: { nurture: 'exit', held: 'hold' } as Record<string, 'exit' | 'hold'> },
  };
  let dies = (_count: number) => false;
  let now = at;
  const push = async ({ leadId }: { leadId: string }) => {
    if (dies(woken.length)) throw new Error('died');
    woken.push(leadId);
  };
  const use = { ...ports, clock: { now: () => now }, config: { ...ports.config, live: async () => rules }, wakeQueue: { push } };
  const tick = async (limits = { pageSize: 2, most: 5 }) => {
    now = addSeconds(now, 900);
    await endSwitchedOff(use, addSeconds(now, 4), limits).catch((error: Error) => expect(error.message).toBe('died'));
  };
  return {
    tick,
    woken,
    inside: inside.sort(),
    rules,
    dying: (when: typeof dies) => (dies = when),
    toTomorrow: () => (now = addSeconds(now, 86_400)),
  };
};

describe('a sequence that is switched off with inside: exit', () => {
  it('has each lead in it woken once, so many a tick, and nobody of another sequence', async () => {
    const { tick, woken, inside } = await aFullHouse();
    await tick();
    expect(woken, 'functions have the rules first').toEqual([]);
    await tick();
    expect(woken.length).toBeGreaterThanOrEqual(5);
    expect(woken.length).toBeLessThan(5 + 2 * 3);
    for (let more = 0; more < 8; more++) await tick();
    expect(woken.toSorted()).toEqual(inside);
    await tick();
    expect(woken).toHaveLength(inside.length);
  });

  it('has nobody forgotten when the watchdog dies on the way, and at most a page woken twice', async () => {
    const { tick, woken, inside, dying } = await aFullHouse();
    const deaths = new Set([3, 11, 12, 20]);
    dying((count) => deaths.delete(count));
    for (let more = 0; more < 20; more++) await tick();
    expect([...new Set(woken)].sort()).toEqual(inside);
    expect(woken.length - inside.length).toBeLessThanOrEqual(4 * 2 * 3);
    expect(deaths.size).toBe(0);
  });

  it('is walked through anew the next day, and once it was on and is off again', async () => {
    const { tick, woken, inside, rules, toTomorrow } = await aFullHouse();
    const whole = { pageSize: 200, most: 1000 };
    for (let more = 0; more < 3; more++) await tick(whole);
    expect(woken).toHaveLength(inside.length);
    toTomorrow();
    for (let more = 0; more < 3; more++) await tick(whole);
    expect(woken).toHaveLength(2 * inside.length);
    delete rules.brand.off.nurture;
    await tick(whole);
    rules.brand.off.nurture = 'exit';
    for (let more = 0; more < 3; more++) await tick(whole);
    expect(woken).toHaveLength(3 * inside.length);
  });
});
