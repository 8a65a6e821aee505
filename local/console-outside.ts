import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nobodyAtTheConsole } from '#adapters/memory/nobody-at-the-console';
import type { SimulationFile } from '#core/console/outside';
import { shownLetter } from '#core/dead-letters';
import { toEpoch } from '#core/instant';
import type { Clock, Ports } from '#core/ports';
import { queueNames } from '#core/queues';
import type { Queues } from './queues.ts';

type Outside = Pick<Ports, 'signIn' | 'consoleFiles' | 'simulations' | 'checked' | 'queueStates' | 'alarmStates'>;

/** Where `baton simulate --console` keeps rehearsals for the console of `baton dev`. */
export const simulationsFolder = '.baton/simulations';

/** What the console asks of what stands around it, on this machine: nobody signs in, and nothing rings. */
export const consoleOutside = ({ clock, queues }: { readonly clock: Clock; readonly queues: Queues }): Outside => ({
  ...nobodyAtTheConsole(),
  simulations: keptSimulations(simulationsFolder),
  queueStates: {
    all: async () =>
      queueNames.map((queue) => {
        const waiting = queues.messagesIn(queue);
        const now = clock.now();
        const ready = waiting.filter((it) => it.visibleAt <= now);
        const oldest = ready.map((it) => it.sentAt).sort()[0];
        return {
          queue,
          waiting: ready.length,
          inFlight: 0,
          delayed: waiting.length - ready.length,
          dead: queues.messagesIn(`${queue}-dead`).length,
          ...(oldest !== undefined && { oldestSeconds: Math.max(0, Math.round((toEpoch(now) - toEpoch(oldest)) / 1000)) }),
        };
      }),
    look: async (queue) => ({
      letters: queues
        .messagesIn(`${queue}-dead`)
        .slice(0, 10)
        .map(({ id, sentAt, receives, body }) => shownLetter(queue, { messageId: id, sentAt, receives, body }, undefined)),
    }),
    redrive: async (queue) => (queues.redrive(queue) > 0 ? 'begun' : 'none'),
    redriveOne: async (queue, messageId) => (queues.redrive(queue, messageId) > 0 ? 'begun' : 'none'),
  },
});

const name = /^[\w-]{1,80}$/;

const keptSimulations = (folder: string): Ports['simulations'] => {
  const find = async (wanted: string): Promise<SimulationFile | undefined> => {
    if (!name.test(wanted)) return undefined;
    const text = await readFile(join(folder, `${wanted}.json`), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as SimulationFile);
  };
  return {
    find,
    list: async () => {
      const files = await readdir(folder).catch(() => []);
      const found = await Promise.all(files.filter((it) => it.endsWith('.json')).map((it) => find(it.slice(0, -'.json'.length))));
      return found
        .flatMap((it) => (it ? [{ name: it.name, at: it.at, leads: it.leads, days: it.days, sequences: it.sequences }] : []))
        .toSorted((one, other) => (one.at < other.at ? 1 : -1));
    },
  };
};
