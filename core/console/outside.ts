import type { ShownLetter } from '#core/dead-letters';
import type { Instant } from '#core/instant';
import type { QueueName } from '#core/queues';
import type { Group, SimulationFrame, SimulationRow } from './views.ts';

/** What the console asks of what stands around Baton. */

/** Seconds from now on that the id token is good for. */
export type Session = { readonly idToken: string; readonly refreshToken?: string; readonly expiresInSeconds: number };
/** `id`: never another one's, whatever becomes of name and address. */
export type Person = { readonly id: string; readonly name: string; readonly email: string; readonly groups: readonly Group[] };

/** `isForever`: its name has its content in it. `body`: compressed by Brotli. */
export type ConsoleFile = { readonly body: Uint8Array; readonly type: string; readonly etag: string; readonly isForever: boolean };

/** Frames by sequence; `versions`: of the artifact that the diagram is made of. */
export type SimulationFile = SimulationRow & {
  readonly versions: { readonly [sequence: string]: string };
  readonly frames: { readonly [sequence: string]: readonly SimulationFrame[] };
};

export type QueueState = {
  readonly queue: QueueName;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly dead: number;
  readonly oldestSeconds?: number;
};
/** Messages that could not be handled; of their content only ids. `note`: why it is not known of all of them why they failed. */
export type DeadLook = { readonly letters: readonly ShownLetter[]; readonly note?: string };
/** `name`: of core/alarms.ts, or of a queue's own. */
export type AlarmState = {
  readonly name: string;
  readonly state: 'ok' | 'alarm' | 'no-data';
  readonly means: string;
  readonly since?: Instant;
};
