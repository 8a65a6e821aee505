import { AsyncLocalStorage } from 'node:async_hooks';
import type { SesEvent } from '#core/events';
import { type HandlerName, handlers } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import type { Clock, Ports } from '#core/ports';
import type { Item, Key, Table } from '#core/table';
import type { Between } from '#local/between';
import type { Fault as MailFault } from '#local/ses/mail-service';
import type { Storage } from '#local/storage';
import type { Faults } from './faults.ts';
import { Crash, type Gate } from './gate.ts';

/** One invocation of a handler: a process of its own, which may die. */
type Invocation = {
  readonly id: string;
  readonly name: string;
  readonly startedAt: Instant;
  readonly skewSeconds: number;
  calls: number;
  died?: 'crash' | 'time-out';
};

/** A function has 30 seconds, and dies wherever it is then. */
const functionSeconds = 30;

/** What a write did, once it did. `item`: as the row is now; undefined: deleted. */
export type Written = (key: Key, item: Item | undefined) => void | Promise<void>;

/**
 * Every call of a port stops at the gate twice, before and after its effect; there its process may lose its turn for long, die, be
 * throttled, or be answered by a repeat. A process that died does nothing any more, whatever its code catches.
 */
export const createBetween = (use: {
  readonly gate: Gate;
  readonly faults: Faults;
  readonly now: () => Instant;
  readonly onWrite: Written;
}): Between & { readonly mailFaults: (call: number) => MailFault } => {
  const { gate, faults, now, onWrite } = use;
  const running = new AsyncLocalStorage<Invocation>();
  const counts = new Map<string, number>();
  const next = (name: string): number => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };

  const die = (it: Invocation, how: NonNullable<Invocation['died']>): never => {
    it.died = how;
    throw new Crash('the process died here');
  };
  const stop = async (it: Invocation): Promise<void> => {
    if (faults.isOn) await gate.linger();
    if (it.died) throw new Crash('the process is dead');
  };
  const pass = async <T>(
    what: string,
    effect: () => Promise<T>,
    more: { isTable?: true; isQuiet?: boolean; isSafe?: boolean } = {},
  ): Promise<T> => {
    const it = running.getStore();
    if (!it) return effect();
    if (it.died) throw new Crash('the process is dead');
    const place = `${it.id}/${it.calls++} ${what}`;
    const told = `${it.id} | ${what}`;
    if (more.isQuiet && faults.draw(`look ${place}`) > 0.1) return effect();
    await stop(it);
    if (faults.isOn && addSeconds(it.startedAt, functionSeconds) < now() && faults.happens('timed-out', place, told)) die(it, 'time-out');
    if (faults.happens('dies-before', place, told)) die(it, 'crash');
    if (!more.isSafe && faults.happens('throttled', place, told)) throw throttled(more.isTable === true);
    const first = await effect();
    const isRepeated = more.isTable === true && faults.happens('asked-twice', place, told);
    const result = isRepeated ? await effect() : first;
    await stop(it);
    if (faults.happens('dies-after', place, told)) die(it, 'crash');
    return result;
  };

  const storage = ({ table, updateItem, stop: end }: Storage): Storage => {
    const kindOf = ({ sk }: Key): string => sk.split('#', 1)[0] ?? '';
    const noted = async <T>(key: Key, write: Promise<T>): Promise<T> => {
      const result = await write;
      if (result !== 'refused') await onWrite(key, await table.get(key));
      return result;
    };
    const through: Table = {
      get: (key) => pass(`read ${kindOf(key)}`, () => table.get(key), { isTable: true }),
      put: (item, condition) => pass(`put ${kindOf(item)}`, () => noted(item, table.put(item, condition)), { isTable: true }),
      update: (key, update, condition) =>
        pass(`update ${kindOf(key)}`, () => noted(key, table.update(key, update, condition)), { isTable: true }),
      delete: (key) => pass(`delete ${kindOf(key)}`, () => noted(key, table.delete(key)), { isTable: true }),
      query: (pk, prefix, reading) => pass(`read rows ${prefix}`, () => table.query(pk, prefix, reading), { isTable: true }),
      // The many look-ups of recurring work are not worth a turn each; what it writes is.
      queryIndex: (index, pk, range) => pass(`query ${index}`, () => table.queryIndex(index, pk, range), { isTable: true, isQuiet: true }),
    };
    return {
      table: through,
      stop: end,
      updateItem: async (request) => {
        const place = `machine/${next('machine write')}`;
        if (faults.happens('throttled', place, 'a machine | its write'))
          throw named('ProvisionedThroughputExceededException', 'the table was throttled');
        const key = keyOf(request);
        const write = () => noted(key, updateItem(request));
        const first = await write();
        return faults.happens('asked-twice', place, 'a machine | its write') ? await write() : first;
      },
    };
  };

  /** Ports that are not on the table: each call is one of another service. Those that never throw tell of trouble by their answer. */
  const neverThrow: readonly string[] = ['mail', 'webhooks'];
  const gated = ['mail', 'machines', 'tokens', 'timers', 'webhooks', 'teamChat', 'salesEvents', 'replyMail', 'drops'] as const;
  const queues = ['enrolQueue', 'wakeQueue', 'eventQueue', 'salesQueue', 'answerQueue', 'noticeQueue', 'importQueue'] as const;
  const ports = (given: Ports): Ports => {
    const wrapped: Record<string, unknown> = { ...given };
    for (const name of [...gated, ...queues]) {
      const port = given[name] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
      wrapped[name] = Object.fromEntries(
        Object.entries(port).map(([method, call]) => [
          method,
          (...args: unknown[]) => pass(`${name}.${method}`, async () => call(...args), { isSafe: neverThrow.includes(name) }),
        ]),
      );
    }
    return wrapped as unknown as Ports;
  };

  return {
    storage,
    ports,
    clock: (clock: Clock) => ({ now: () => addSeconds(clock.now(), running.getStore()?.skewSeconds ?? 0) }),
    invocation: async (name, call) => {
      const id = `${name} ${next(name)}`;
      const isSkewed = faults.happens('clock-skew', id, `${id}`);
      const skewSeconds = isSkewed ? Math.floor(faults.draw(`skew ${id}`) * 9) - 4 : 0;
      const it: Invocation = { id, name, startedAt: now(), skewSeconds, calls: 0 };
      try {
        const result = await running.run(it, call);
        if (!it.died) return result;
      } catch (error) {
        if (!it.died) throw error;
      }
      throw asSeenOutside(it);
    },
    machineSends: (call) => {
      const place = `machine/${next('machine send')}`;
      if (faults.happens('throttled', place, 'a machine | its message')) throw named('AmazonSQSException', 'the queue was throttled');
      const first = call();
      return faults.happens('asked-twice', place, 'a machine | its message') ? call() : first;
    },
    bus: (event: SesEvent) => {
      const what = `${event.kind} of ${event.enrolmentId ?? ''} ${event.step ?? ''}`;
      if (faults.happens('event-lost', event.eventId, what)) return [];
      return faults.happens('event-twice', event.eventId, what) ? [event, event] : [event];
    },
    queues: {
      copies: (queue) => {
        const place = `${queue}/${next(`sent to ${queue}`)}`;
        const what = `message ${place}`;
        const late = faults.happens('queue-late', place, what) ? Math.floor(faults.draw(`late ${place}`) ** 3 * 900) : 0;
        return faults.happens('queue-twice', place, what) ? [late, Math.floor(faults.draw(`copy ${place}`) * 60)] : [late];
      },
      comesAgain: (queue) => {
        const place = `${queue}/${next(`handled of ${queue}`)}`;
        return faults.happens('handled-again', place, `message ${place}`);
      },
    },
    timers: (name, at) => {
      const what = `${name.slice(0, 40)} of ${at}`;
      if (faults.happens('timer-never', name, what)) return [];
      const late = faults.happens('timer-late', name, what) ? Math.floor(faults.draw(`timer ${name}`) ** 2 * 3 * 86_400) : 0;
      const first = addSeconds(at, late);
      return faults.happens('timer-twice', name, what)
        ? [first, addSeconds(first, Math.floor(faults.draw(`again ${name}`) * 600))]
        : [first];
    },
    mailFaults: (call) => {
      const it = running.getStore();
      const place = `SES ${call}`;
      const told = `${it?.id} | call ${call}`;
      if (faults.happens('ses-429', place, told)) return 'throttle';
      if (faults.happens('ses-500', place, told)) return 'error-before';
      if (faults.happens('ses-500-after', place, told)) return 'error-after-accept';
      return faults.happens('ses-timeout-after', place, told) ? 'timeout-after-accept' : undefined;
    },
  };
};

/** What Step Functions, SQS and a browser see of a process that died: an error that says nothing. */
const asSeenOutside = ({ name, died }: Invocation): Error => {
  if ('machine' in (handlers[name as HandlerName]?.trigger ?? {}))
    return named(died === 'time-out' ? 'Sandbox.Timedout' : 'Lambda.Unknown', 'the function died');
  return new Crash('the process died');
};

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const throttled = (isTable: boolean): Error =>
  named(isTable ? 'ProvisionedThroughputExceededException' : 'ThrottlingException', 'asked too often');

const keyOf = ({ Key }: Record<string, unknown>): Key => {
  const { pk, sk } = Key as { readonly pk: { readonly S: string }; readonly sk: { readonly S: string } };
  return { pk: pk.S, sk: sk.S };
};
