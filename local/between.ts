import type { SesEvent } from '#core/events';
import type { Instant } from '#core/instant';
import type { Clock, Ports } from '#core/ports';
import type { Invoked } from './meter.ts';
import type { QueueTrouble } from './queues.ts';
import type { Storage } from './storage.ts';

/** Whoever stands between the handlers and everything they touch: for fault injection (local/prove). */
export type Between = {
  /** Around each invocation of a handler. */
  readonly invocation: Invoked;
  /** What handlers read and write, and what machines write. */
  readonly storage: (storage: Storage) => Storage;
  /** All other ports. */
  readonly ports: (ports: Ports) => Ports;
  /** The clock as handlers see it. */
  readonly clock: (clock: Clock) => Clock;
  /** A machine's own call of a queue. */
  readonly machineSends: <T>(call: () => T) => T;
  /** What becomes of an event that SES puts on the bus: lost, or told twice. */
  readonly bus: (event: SesEvent) => readonly SesEvent[];
  readonly queues: QueueTrouble;
  /** When a schedule of EventBridge runs that was to run then: later, more than once, or not at all. */
  readonly timers: (name: string, at: Instant) => readonly Instant[];
};
