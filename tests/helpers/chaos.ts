import { createHash } from 'node:crypto';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import { EnrolMessage, SendMessage, WakeMessage } from '#core/messages';
import type { MailResult, OutgoingEmail, Ports } from '#core/ports';
import type { Gate, Random } from '#local/prove/gate';

const gated = [
  'leads',
  'enrolments',
  'sends',
  'countedMails',
  'events',
  'stages',
  'histories',
  'decisions',
  'suppressions',
  'salesTasks',
  'desks',
  'mail',
  'machines',
  'tokens',
  'timers',
  'enrolQueue',
  'wakeQueue',
  'eventQueue',
  'salesQueue',
  'noticeQueue',
  'consents',
  'aliases',
  'formerLeads',
  'erasures',
  'replyMail',
  'line',
  'health',
] as const;

/** The same ports, each call a place where the schedule may turn or the process die; `saw` is told of effects done. */
export const throughGate = (
  ports: Ports,
  gate: Gate,
  saw: (port: string, method: string, args: readonly unknown[], result: unknown) => void | Promise<void>,
): Ports => {
  const wrapped: Record<string, unknown> = { ...ports };
  for (const name of gated) {
    const port = ports[name] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>> | undefined;
    // A run may be given only what it works with.
    if (port === undefined) continue;
    wrapped[name] = Object.fromEntries(
      Object.entries(port).map(([method, call]) => [
        method,
        (...args: unknown[]) =>
          gate.pass(async () => {
            const result = await call(...args);
            await saw(name, method, args, result);
            return result;
          }),
      ]),
    );
  }
  return wrapped as unknown as Ports;
};

export const digest = (text: string) => createHash('sha256').update(text).digest('hex');

export type Delivery = { readonly queue: string; readonly id: number; readonly body: string; visibleAt: Instant; receives: number };

/** A standard queue at its worst: at least once, any order, the same message to two consumers at once. */
export const createChaosQueues = (random: Random, now: () => Instant, visibilitySeconds: number) => {
  const messages: Delivery[] = [];
  let count = 0;
  const push = (queue: string, body: unknown) => {
    const copies = random() < 0.1 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      messages.push({
        queue,
        id: count++,
        body: JSON.stringify(body),
        visibleAt: addSeconds(now(), Math.floor(random() * 3)),
        receives: 0,
      });
    }
  };
  return {
    push,
    get size() {
      return messages.length;
    },
    /** One visible message, hidden from others (mostly) while it is worked on. */
    receive: (): Delivery | undefined => {
      const visible = messages.filter((it) => it.visibleAt <= now());
      const chosen = visible[Math.floor(random() * visible.length)];
      if (!chosen) return undefined;
      chosen.receives++;
      chosen.visibleAt = addSeconds(now(), random() < 0.05 ? 1 : visibilitySeconds);
      return chosen;
    },
    remove: (message: Delivery) => {
      const at = messages.indexOf(message);
      if (at >= 0) messages.splice(at, 1);
    },
    peek: (): Instant | undefined => messages.map((it) => it.visibleAt).sort()[0],
  };
};

/** A mail service that sometimes takes a mail and loses the answer, refuses for now, or cannot be reached. */
export const createChaosMail = (random: Random, accepted: (email: OutgoingEmail, messageId: string) => void, trouble: number) => {
  let count = 0;
  return {
    send: async (email: OutgoingEmail): Promise<MailResult> => {
      const draw = random();
      if (draw < trouble * 0.3) return { result: 'throttled', reason: 'rate' };
      if (draw < trouble * 0.6) return { result: 'unknown', reason: 'timeout' };
      const messageId = `m${count++}`;
      accepted(email, messageId);
      if (draw < trouble) return { result: 'unknown', reason: 'timeout' };
      return { result: 'accepted', messageId };
    },
  };
};

export const schemas = { send: SendMessage, enrol: EnrolMessage, wake: WakeMessage };
export const hoursBetween = (from: Instant, to: Instant) => (toEpoch(to) - toEpoch(from)) / 3_600_000;
