import type { Discard } from '#adapters/stores/discards';
import type { Chosen, Moved, ShownQueue } from '#cli/redrive/letters';
import { type Ids, meaningOf, type ShownLetter } from '#core/dead-letters';

export const deadInWords = (shown: readonly ShownQueue[]): string =>
  shown.length === 0 ? 'No dead letters: every message was handled.' : shown.map(queueInWords).join('\n\n');

const queueInWords = ({ queue, count, handler, oldest, letters, notes }: ShownQueue): string =>
  [
    `${queue}: ${counted(count)}${oldest === undefined ? '' : `, the oldest sent at ${oldest}`}; handled by ${handler}`,
    ...letters.flatMap(letterInWords),
    ...notes.map((it) => `  note: ${it}`),
  ].join('\n');

const letterInWords = ({ messageId, sentAt, receives, ids, error, failedAt }: ShownLetter): readonly string[] => [
  `  ${messageId}  sent ${sentAt}, received ${receives} times`,
  `    why: ${error === undefined ? 'no error is known' : `${error}${failedAt === undefined ? '' : ` at ${failedAt}`}${meaningIn(meaningOf(error))}`}`,
  `    ids: ${idsInWords(ids)}`,
];

const meaningIn = (meaning: string | undefined): string => (meaning === undefined ? '' : ` (${meaning})`);

const idsInWords = (ids: Ids): string =>
  Object.entries(ids)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'none that we know';

export const wouldMoveInWords = (shown: readonly ShownQueue[]): string =>
  shown.length === 0
    ? 'Nothing would be moved.'
    : shown.map(({ queue, count }) => `Would go back to ${queue}: ${counted(count)}`).join('\n');

export const movedInWords = (moved: readonly (Moved & { readonly queue: string })[]): string =>
  moved.length === 0 ? 'There was nothing to move.' : moved.map(outcomeInWords).join('\n');

const outcomeInWords = ({ queue, outcome, count, note }: Moved & { readonly queue: string }): string => {
  switch (outcome) {
    case 'moved':
      return `${queue}: ${counted(count)} went back and are handled anew`;
    case 'under-way':
      return `${queue}: ${counted(count)} went back so far; SQS goes on by itself, also if you leave`;
    case 'none':
      return `${queue}: there was none`;
    case 'failed':
      return `${queue}: ${counted(count)} went back, then SQS stopped (${note ?? 'it did not say why'}); the rest lies where it was`;
  }
};

export const chosenInWords = ({ done, missing }: Chosen, verb: string): string =>
  [
    ...Object.entries(done).map(([messageId, queue]) => `${messageId} ${verb.replace('{queue}', queue)}`),
    ...missing.map((it) => `${it} is not there: it went back before, or somebody else holds it for the next two minutes`),
  ].join('\n');

export const discardsInWords = (discards: readonly Discard[]): string =>
  discards.length === 0 ? 'Nothing was ever thrown away.' : discards.map(discardInWords).join('\n');

const discardInWords = ({ messageId, queue, ids, error, at, who, why }: Discard): string =>
  [
    `${at}  ${queue} ${messageId}, by ${who}: ${why}`,
    `  ids: ${idsInWords(ids)}${error === undefined ? '' : `; it failed with ${error}`}`,
  ].join('\n');

export const counted = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;
