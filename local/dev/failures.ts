import type { LogLine } from '#adapters/memory/logs';
import type { Instant } from '#core/instant';
import type { DurableMap } from '#local/durable-map';

/** The last failure of a message, by its id: all that `baton dev` keeps of its log. */
export type Failure = { readonly at: Instant; readonly error: string };
export const failuresMap = 'dev-failures';

export const noteFailure = (failures: DurableMap<Failure>, { message, keys }: LogLine, at: Instant): void => {
  if (message === 'message failed' && keys) failures.set(String(keys.messageId), { at, error: String(keys.error) });
};
