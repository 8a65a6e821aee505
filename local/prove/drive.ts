import { addSeconds, type Instant } from '#core/instant';
import type { World } from '#local/world';
import type { Faults } from './faults.ts';
import type { Gate, Random } from './gate.ts';
import type { Input } from './inputs.ts';

type Driving = {
  readonly world: World;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly random: Random;
  readonly inputs: readonly Input[];
  readonly until: Instant;
};

const mostAtWork = 6;
const mostTurns = 400_000;
/** Those of which two pieces may be under way at once: each takes another execution or message. */
const sideBySide = ['machines', 'queues'];

/**
 * Runs the world until then, everything that is due beside everything else, one effect at a time in an order that the seed decides; then
 * lets everybody finish, without faults. false: it does not come to rest.
 */
export const drive = async ({ world, gate, faults, random, inputs, until }: Driving): Promise<boolean> => {
  const waiting = [...inputs];
  const busy = new Set<string>();
  let atWork = 0;
  let turn = 0;
  const act = (name: string, work: () => Promise<unknown>): void => {
    atWork++;
    if (!sideBySide.includes(name)) busy.add(name);
    // Whatever it was, who asked for it asks again: a queue, a machine, a schedule, a person.
    void work()
      .catch(() => undefined)
      .finally(() => {
        atWork--;
        busy.delete(name);
      });
  };
  const due = () => world.sources.filter((it) => !busy.has(it.name) && (it.peek() ?? '~') <= world.clock.now());
  const startOne = (): boolean => {
    const input = waiting[0];
    if (input && input.at <= world.clock.now()) {
      waiting.shift();
      act(input.what, async () => {
        if ((await input.run(world).catch(() => 'again')) === 'again') waiting.unshift({ ...input, at: addSeconds(world.clock.now(), 5) });
      });
      return true;
    }
    const ready = due();
    const source = ready[Math.floor(random() * ready.length)];
    if (source) act(source.name, () => source.runNext());
    return source !== undefined;
  };
  const mayStart = () => faults.isOn && atWork < mostAtWork && (gate.waiting === 0 || random() < 0.4);
  for (; turn < mostTurns; turn++) {
    if (mayStart() && startOne()) {
      await settled();
      continue;
    }
    if (gate.waiting > 0) {
      if (faults.happens('clock-forward', `turn ${turn}`, `turn ${turn}`)) jump(world, random);
      await gate.letOneGo();
      continue;
    }
    await settled();
    if (gate.waiting > 0) continue;
    if (atWork > 0) {
      // A real service takes its time.
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    if (!faults.isOn) {
      for (const it of waiting) await it.run(world);
      return true;
    }
    const next = [...world.sources.map((it) => it.peek()), waiting[0]?.at].flatMap((it) => it ?? []).sort()[0];
    if (next === undefined || next > until) {
      if (waiting.length > 0 || next !== undefined) world.clock.set(until);
      faults.end();
      continue;
    }
    world.clock.set(next);
  }
  return false;
};

/** Mostly some seconds, now and then so long that leases and visibility lapse. */
const jump = (world: World, random: Random): void => {
  const seconds = random() < 0.7 ? 1 + random() * 25 : 60 + random() * 540;
  world.clock.set(addSeconds(world.clock.now(), Math.floor(seconds)));
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
