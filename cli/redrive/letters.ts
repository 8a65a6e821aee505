import type { Discards } from '#adapters/stores/discards';
import { type Failure, type Failures, handlerOf, type Letter, type ShownLetter, shownLetter } from '#core/dead-letters';
import type { Instant } from '#core/instant';

/** under-way: most of it is still to come. */
export type Moved = { readonly outcome: 'moved' | 'under-way' | 'none' | 'failed'; readonly count: number; readonly note?: string };

/** Dead letters, wherever they lie. */
export type DeadLetters = {
  /** Those that there are; without `-dead`. */
  readonly queues: () => Promise<readonly string[]>;
  readonly count: (queue: string) => Promise<number>;
  /** Some of them, at most so many. Every one of them stays. */
  readonly look: (queue: string, most: number) => Promise<readonly Letter[]>;
  readonly failures: (queue: string, letters: readonly Letter[]) => Promise<Failures>;
  readonly moveAll: (queue: string) => Promise<Moved>;
  /** Does `before` with each of these that it finds, and only then deletes it. Returns their ids. */
  readonly settle: (
    queue: string,
    messageIds: ReadonlySet<string>,
    before: (letter: Letter) => Promise<void>,
  ) => Promise<readonly string[]>;
  readonly send: (queue: string, body: string) => Promise<void>;
};

export type ShownQueue = {
  readonly queue: string;
  readonly count: number;
  readonly handler: string;
  readonly oldest?: Instant;
  readonly letters: readonly ShownLetter[];
  readonly notes: readonly string[];
};

/** Changes nothing. Queues without dead letters are left out. */
export const showDead = async (dead: DeadLetters, queues: readonly string[], most: number): Promise<readonly ShownQueue[]> => {
  const shown = await Promise.all(queues.map((queue) => showQueue(dead, queue, most)));
  return shown.filter((it) => it.count > 0);
};

const showQueue = async (dead: DeadLetters, queue: string, most: number): Promise<ShownQueue> => {
  const [about, letters] = [await dead.count(queue), await dead.look(queue, most)];
  const handler = handlerOf(queue);
  const count = Math.max(about, letters.length);
  if (count === 0) return { queue, count, handler, letters: [], notes: [] };
  const asked = letters.filter((it) => it.refused === undefined);
  const { of, isWhole, note } = asked.length === 0 ? { of: new Map<string, Failure>(), isWhole: true } : await dead.failures(queue, asked);
  const shown = letters
    .map((it) => shownLetter(queue, it, of.get(it.messageId)))
    .sort((one, other) => (one.sentAt < other.sentAt ? -1 : 1));
  const oldest = shown[0]?.sentAt;
  const isSilent = shown.some((it) => it.error === undefined);
  return {
    queue,
    count,
    handler,
    ...(oldest !== undefined && { oldest }),
    letters: shown,
    notes: [
      ...(note === undefined ? [] : [note]),
      ...(isSilent && isWhole ? [silence] : []),
      ...(count > letters.length
        ? [`${count - letters.length} more are not shown: there are many, or somebody else holds them just now`]
        : []),
    ],
  };
};

const silence =
  'where no error stands, the log has none: the message was put off each time, its function ran out of time or memory, or the log of then has gone';

/** Back to where they came from, each sent before it is deleted: a crash in between leaves two, and two are as good as one. */
export const moveChosen = async (dead: DeadLetters, queues: readonly string[], messageIds: ReadonlySet<string>): Promise<Chosen> =>
  settleIn(dead, queues, messageIds, (queue) => (letter) => dead.send(queue, letter.body));

/** Written down before it is deleted: a crash in between leaves the message, and whoever repeats it comes to the same end. */
export const discardOne = async (
  dead: DeadLetters,
  discards: Pick<Discards, 'note'>,
  queues: readonly string[],
  { messageId, ...word }: { readonly messageId: string; readonly why: string; readonly who: string; readonly at: Instant },
): Promise<Chosen> =>
  settleIn(dead, queues, new Set([messageId]), (queue) => async (letter) => {
    const { of } = await dead.failures(queue, [letter]);
    const { failedAt: _at, ...shown } = shownLetter(queue, letter, of.get(messageId));
    await discards.note({ ...shown, queue, ...word });
  });

/** `done`: queues, by message id. */
export type Chosen = { readonly done: { readonly [messageId: string]: string }; readonly missing: readonly string[] };

const settleIn = async (
  dead: DeadLetters,
  queues: readonly string[],
  messageIds: ReadonlySet<string>,
  beforeIn: (queue: string) => (letter: Letter) => Promise<void>,
): Promise<Chosen> => {
  const done: Record<string, string> = {};
  for (const queue of queues) {
    const rest = new Set([...messageIds].filter((it) => done[it] === undefined));
    if (rest.size === 0) break;
    for (const messageId of await dead.settle(queue, rest, beforeIn(queue))) done[messageId] = queue;
  }
  return { done, missing: [...messageIds].filter((it) => done[it] === undefined) };
};
