import type { LogLine } from '#adapters/memory/logs';
import type { Failure } from '#core/dead-letters';
import type { Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { DurableMap } from '#local/durable-map';

/** The last failure of a message, by its id: all that `baton dev` keeps of its log. */
export const failuresMap = 'dev-failures';

export const noteFailure = (failures: DurableMap<Failure>, { message, keys }: LogLine, at: Instant): void => {
  if (message === 'message failed' && keys) failures.set(String(keys.messageId), { at, error: String(keys.error) });
};

/** Dead letters, with what the log of this world said of them. */
export const withFailures = (queueStates: Ports['queueStates'], failures: DurableMap<Failure>): Ports['queueStates'] => ({
  ...queueStates,
  look: async (queue) => {
    const { letters } = await queueStates.look(queue);
    return {
      letters: letters.map((it) => {
        const failure = failures.get(it.messageId);
        return { ...it, ...(failure && { error: failure.error, failedAt: failure.at }) };
      }),
    };
  },
});
