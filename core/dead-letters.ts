import { type HandlerName, handlers } from './handlers.ts';
import type { Instant } from './instant.ts';

export type Ids = { readonly [name: string]: string | number };

/** Known ids of a message and nothing else: never an address, a token, or what somebody wrote. */
export const idsIn = (queue: string, body: string): Ids => {
  const message = parsed(body);
  const names = queue === 'replies' ? [...idNames, 'key'] : idNames;
  return Object.fromEntries(
    names.map((name) => [name, message[name]] as const).filter((it): it is [string, string | number] => isId(it[1])),
  );
};
const idNames = [
  ...['kind', 'source', 'type', 'leadId', 'enrolmentId', 'leg', 'sequence', 'version', 'step', 'round', 'taskId'],
  ...['trigger', 'eventId', 'messageId', 'etag', 'at'],
];
const isId = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'string' && /^[\w.:#/"+=-]{1,160}$/.test(value));

const parsed = (body: string): { readonly [name: string]: unknown } => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** A message as it lies among dead letters. Its body stays in here: a page or a list shows `ids` of it. */
export type Letter = {
  readonly messageId: string;
  readonly sentAt: Instant;
  /** Also by who looked at it here. */
  readonly receives: number;
  readonly body: string;
  /** What kept it from ever reaching its queue, if it was that: EventBridge's word. */
  readonly refused?: string;
};
export type Failure = { readonly at: Instant; readonly error: string };
/** `isWhole`: the log was there, and read to its end. */
export type Failures = { readonly of: ReadonlyMap<string, Failure>; readonly isWhole: boolean; readonly note?: string };
/** By ids alone. */
export type ShownLetter = Omit<Letter, 'body' | 'refused'> & {
  readonly ids: Ids;
  readonly error?: string;
  readonly failedAt?: Instant;
};

/** With why it failed, as far as that is known. */
export const shownLetter = (
  queue: string,
  { messageId, sentAt, receives, body, refused }: Letter,
  failure: Failure | undefined,
): ShownLetter => ({
  messageId,
  sentAt,
  receives,
  ids: idsIn(queue, body),
  ...(refused !== undefined ? { error: refused } : failure && { error: failure.error, failedAt: failure.at }),
});

/** What works a queue off: a function, or the pipe to a CRM. */
export const handlerOf = (queue: string): string =>
  (Object.keys(handlers) as HandlerName[]).find((name) => {
    const { trigger } = handlers[name];
    return 'queue' in trigger && trigger.queue === queue;
  }) ?? `the pipe ${queue.replace(/^crm-/, '')}`;

/** Logs keep the name of an error and never its words, for those may quote a lead: what each name stands for is said here. */
export const meaningOf = (error: string): string | undefined => meanings.find(([names]) => names.test(error))?.[1];
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
