import type { Failure } from '#core/dead-letters';
import type { Clock } from '#core/ports';
import { queueNames, queueSettings } from '#core/queues';
import { failuresMap } from '#local/dev/failures';
import type { Journal } from '#local/journal';
import { createQueues, type Message } from '#local/queues';
import type { DeadLetters } from './letters.ts';

/** Those of a `baton dev` that is stopped: what goes back is handled when it starts again. */
export const devDeadLetters = (journal: Journal, clock: Clock): DeadLetters => {
  const queues = createQueues({ clock, messages: journal.map<Message>('queues'), queues: queueSettings });
  const failures = journal.map<Failure>(failuresMap);
  const lettersOf = (queue: string) =>
    queues.messagesIn(`${queue}-dead`).map(({ id, sentAt, receives, body }) => ({ messageId: id, sentAt, receives, body }));
  return {
    queues: async () => queueNames,
    count: async (queue) => lettersOf(queue).length,
    look: async (queue, most) => lettersOf(queue).slice(0, most),
    failures: async () => ({ of: new Map(failures.entries()), isWhole: true }),
    moveAll: async (queue) => {
      const count = queues.redrive(queue);
      return { outcome: count === 0 ? 'none' : 'moved', count };
    },
    settle: async (queue, messageIds, before) => {
      const chosen = lettersOf(queue).filter((it) => messageIds.has(it.messageId));
      for (const letter of chosen) {
        await before(letter);
        queues.deleteMessage(`${queue}-dead`, letter.messageId);
      }
      return chosen.map((it) => it.messageId);
    },
    send: async (queue, body) => void queues.sendMessage(queue, body),
  };
};
