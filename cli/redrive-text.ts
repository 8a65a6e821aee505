import type { Discard } from '#adapters/stores/discards';
import type { Chosen, Moved, ShownLetter, ShownQueue } from '#cli/redrive/letters';
import type { Ids } from '#core/dead-letters';

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
  `    why: ${error === undefined ? 'no error is known' : `${error}${failedAt === undefined ? '' : ` at ${failedAt}`}${meaningOf(error)}`}`,
  `    ids: ${idsInWords(ids)}`,
];

const idsInWords = (ids: Ids): string =>
  Object.entries(ids)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'none that we know';

/** Logs keep the name of an error and never its words, for those may quote a lead: what each name stands for is said here. */
const meaningOf = (error: string): string => {
  const found = meanings.find(([names]) => names.test(error));
  return found === undefined ? '' : ` (${found[1]})`;
};
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^EventBridge: /, 'it never came as far as its queue'],
  [/ZodError$/, 'the message is not of the shape that the function takes: tried again it fails again, unless the function is mended'],
  [/^SyntaxError$/, 'it is no JSON, or what it points to is none'],
  [/Throttl|ProvisionedThroughput|TooManyRequests|SlowDown/, 'AWS had no room: it will pass'],
  [/Timeout|ECONN|ENOTFOUND|NetworkingError|ServiceUnavailable|InternalServerError|InternalFailure/, 'AWS was away: it will pass'],
  [/AccessDenied|NotAuthorized|Unauthorized/, 'the function may not do what it must: look at its role'],
  [/^NoSuch|NotFound|DoesNotExist/, 'what it points to is gone'],
  [/^ValidationException$/, 'AWS took a request for malformed: please report it'],
  [/^RetryableError$/, 'it may pass'],
  [/^PermanentError$/, 'tried again it fails again'],
  [/^(Error|TypeError|RangeError|ReferenceError)$/, 'a fault of the function: look at its log around then'],
];

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
