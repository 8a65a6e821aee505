import { inBase36 } from '#core/base36';
import type { SesEvent } from '#core/events';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import type { Clock } from '#core/ports';
import { sesEventRules } from '#core/ses-event-rules';
import type { Source } from '#local/agenda';
import type { DurableMap } from '#local/durable-map';
import { type BusEvent, readBack, toMessage } from './transform.ts';

/** One e-mail as SES v2 takes it: Simple content. */
export type SendRequest = {
  readonly FromEmailAddress?: string;
  readonly ReplyToAddresses?: readonly string[];
  readonly Destination?: { readonly ToAddresses?: readonly string[] };
  readonly Content?: {
    readonly Simple?: {
      readonly Subject?: { readonly Data?: string };
      readonly Body?: { readonly Html?: { readonly Data?: string }; readonly Text?: { readonly Data?: string } };
      readonly Headers?: readonly { readonly Name?: string; readonly Value?: string }[];
    };
  };
  readonly EmailTags?: readonly { readonly Name?: string; readonly Value?: string }[];
  readonly ConfigurationSetName?: string;
};

/** What stands in the inbox; `due`: the events that SES was to tell of when it took the mail. */
export type StoredMail = {
  readonly messageId: string;
  readonly at: Instant;
  readonly from: string;
  readonly replyTo: readonly string[];
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly order: number;
  readonly due: readonly PlannedEvent[];
};

export type PlannedEvent = {
  /** Tells two events of one kind and moment apart. */
  readonly id?: string;
  readonly at: Instant;
  readonly kind: SesEvent['kind'];
  readonly link?: string;
  /** opened, clicked: a browser's, if left out. */
  readonly userAgent?: string;
  readonly bounceType?: string;
  readonly bounceSubType?: string;
};

/** What becomes of a mail, decided when it is accepted and kept with it in one record. */
export type Fate = (mail: Omit<StoredMail, 'due'>) => readonly PlannedEvent[];
/** For tests: how the n-th call fails. After acceptance the caller cannot know that the mail went. */
export type Fault = 'throttle' | 'error-before' | 'error-after-accept' | 'timeout-after-accept' | undefined;

export type MailServiceUse = {
  readonly clock: Clock;
  readonly inbox: DurableMap<StoredMail>;
  /** What is still to be told of a mail, once that differs from what it came with: a mail is written once. */
  readonly due: DurableMap<readonly PlannedEvent[]>;
  readonly fate: Fate;
  /** `message`: the event as the queue gets it. `mail`: that it is about. */
  readonly emit: (event: SesEvent, message: string, mail: StoredMail) => Promise<void>;
  readonly maxSendRate?: number;
  readonly max24HourSend?: number;
  readonly faults?: (call: number) => Fault;
  readonly messageIdOf?: (tags: StoredMail['tags'], order: number) => string;
};

/** A small SES v2: the rules that Baton relies on, an inbox, and events on a bus that pass our input transformer. */
export const createMailService = (use: MailServiceUse) => {
  const { clock, inbox } = use;
  const agenda: { at: Instant; order: number; messageId: string }[] = [];
  const recent: Instant[] = [];
  let order = 0;
  let calls = 0;
  const dueOf = (mail: StoredMail): readonly PlannedEvent[] => use.due.get(mail.messageId) ?? mail.due;
  const schedule = (mail: StoredMail) => {
    const [first] = dueOf(mail);
    if (first) insert(agenda, { at: first.at, order: mail.order, messageId: mail.messageId });
  };
  for (const [, mail] of inbox.entries()) {
    order = Math.max(order, mail.order);
    if (clock.now() < addSeconds(mail.at, daySeconds)) recent.push(mail.at);
    schedule(mail);
  }
  recent.sort();

  const isLimited = use.max24HourSend !== undefined || use.maxSendRate !== undefined;
  const checkQuota = () => {
    const now = clock.now();
    while (recent[0] !== undefined && addSeconds(recent[0], daySeconds) <= now) recent.shift();
    if (recent.length >= (use.max24HourSend ?? Number.POSITIVE_INFINITY))
      throw fault('TooManyRequestsException', 429, 'Daily message quota exceeded.');
    const rate = use.maxSendRate ?? Number.POSITIVE_INFINITY;
    const aSecondAgo = recent[recent.length - rate];
    if (aSecondAgo !== undefined && toEpoch(now) - toEpoch(aSecondAgo) < 1000)
      throw fault('TooManyRequestsException', 429, 'Maximum sending rate exceeded.');
  };

  const tellFirst = async (mail: StoredMail) => {
    const due = dueOf(mail);
    const [event] = due;
    const message = event && toMessage(busEvent(mail, event));
    if (message !== undefined) await use.emit(readBack(message), message, mail);
    use.due.set(mail.messageId, due.slice(1));
  };

  return {
    /** Throws an error with `name`, `status` as SES answers; returns the message id. */
    send: (request: SendRequest): { MessageId: string } => {
      const trouble = use.faults?.(calls++);
      if (trouble === 'throttle') throw fault('TooManyRequestsException', 429, 'Maximum sending rate exceeded.');
      if (trouble === 'error-before') throw fault('InternalServiceErrorException', 500, 'An internal error occurred.');
      const content = checked(request);
      if (isLimited) checkQuota();
      order++;
      const messageId = use.messageIdOf?.(content.tags, order) ?? `local-${String(order).padStart(8, '0')}`;
      const accepted = { messageId, at: clock.now(), order, ...content };
      const mail: StoredMail = { due: inTimeOrder(use.fate(accepted)), ...accepted };
      inbox.set(messageId, mail);
      if (isLimited) recent.push(mail.at);
      schedule(mail);
      if (trouble === 'error-after-accept') throw fault('InternalServiceErrorException', 500, 'An internal error occurred.');
      if (trouble === 'timeout-after-accept') throw fault('TimeoutError', 0, 'The connection was reset.');
      return { MessageId: messageId };
    },
    /** Tells of the earliest event that is due. Told first, then struck off: a crash between tells it twice, as SES may. */
    source: {
      name: 'mail events',
      peek: () => agenda[0]?.at,
      runNext: async () => {
        const next = agenda[0];
        if (!next) return;
        const mail = inbox.get(next.messageId);
        // What was planned in front of another event leaves that one's entry behind, too early: it has its own as well.
        const isDue = mail !== undefined && (dueOf(mail)[0]?.at ?? '~') <= next.at;
        if (isDue) await tellFirst(mail);
        agenda.splice(agenda[0] === next ? 0 : agenda.indexOf(next), 1);
        if (isDue) schedule(mail);
      },
    } satisfies Source,
    count: (): number => inbox.size,
    find: (messageId: string): StoredMail | undefined => inbox.get(messageId),
    /** What the recipient does beside what was planned when the mail was accepted. */
    plan: (messageId: string, event: PlannedEvent): void => {
      const mail = inbox.get(messageId);
      if (!mail) return;
      use.due.set(messageId, inTimeOrder([...dueOf(mail), event]));
      schedule(mail);
    },
    mails: (): readonly StoredMail[] => [...inbox.entries()].map(([, mail]) => mail).sort((one, other) => one.order - other.order),
  };
};

export type MailService = ReturnType<typeof createMailService>;

const daySeconds = 86_400;
const inTimeOrder = (events: readonly PlannedEvent[]) =>
  events.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
const fault = (name: string, status: number, message: string) => Object.assign(new Error(message), { name, status });
const bad = (message: string) => fault('BadRequestException', 400, message);

const tagForm = /^[A-Za-z0-9_-]{1,256}$/;
/** SES's own tags have a colon. */
const tagName = /^(?:ses:feedback-id-[ab]|[A-Za-z0-9_-]{1,256})$/;
const maxHeaders = 15;

/** SES's own limits, so that what passes here passes there. */
const checked = (request: SendRequest): Omit<StoredMail, 'messageId' | 'at' | 'order' | 'due'> => {
  const simple = request.Content?.Simple;
  const to = request.Destination?.ToAddresses?.[0];
  if (!request.FromEmailAddress) throw bad('The FromEmailAddress is missing.');
  if (!to) throw bad('The Destination is missing.');
  if (simple?.Subject?.Data === undefined) throw bad('The Subject is missing.');
  if (/[\r\n]/.test(`${simple.Subject.Data}${to}${request.FromEmailAddress}`)) throw bad('A header must not contain line ends.');
  const headers = (simple.Headers ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
  if (headers.length > maxHeaders) throw bad(`At most ${maxHeaders} headers are allowed.`);
  for (const { name, value } of headers) {
    if (!/^[!-9;-~]{1,126}$/.test(name) || !/^[ -~]{1,995}$/.test(value)) throw bad(`The header ${name} is not valid.`);
  }
  const tags: Record<string, string> = {};
  for (const { Name = '', Value = '' } of request.EmailTags ?? []) {
    if (!tagName.test(Name) || !tagForm.test(Value)) throw bad(`The tag ${Name} is not valid.`);
    tags[Name] = Value;
  }
  return {
    from: request.FromEmailAddress,
    replyTo: request.ReplyToAddresses ?? [],
    to,
    subject: simple.Subject.Data,
    html: simple.Body?.Html?.Data ?? '',
    text: simple.Body?.Text?.Data ?? '',
    headers,
    tags,
  };
};

/** As EventBridge would carry it: addresses and subject included, which the transformer leaves behind. */
const busEvent = (mail: StoredMail, event: PlannedEvent): BusEvent => ({
  id: event.id ?? `${mail.messageId}-${event.kind}-${inBase36(toEpoch(event.at))}`,
  source: 'aws.ses',
  'detail-type': detailTypes.get(event.kind) ?? event.kind,
  time: event.at,
  detail: {
    mail: {
      messageId: mail.messageId,
      timestamp: mail.at,
      destination: [mail.to],
      commonHeaders: { subject: mail.subject },
      tags: listsOf(mail.tags),
    },
    ...ownPart(event),
  },
});

const detailTypes: ReadonlyMap<string, string> = new Map(sesEventRules.map((it) => [it.kind, it.detailType]));

/** Every event of a mail brings its tags along. */
const listsOf = (tags: StoredMail['tags']): Readonly<Record<string, readonly string[]>> => {
  const lists: Record<string, readonly string[]> = {};
  for (const name in tags) lists[name] = [tags[name] as string];
  return lists;
};

const someBrowser = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';

/** What SES tells beside the mail itself: a part named after the kind of event, with its own time. */
const ownPart = ({ kind, at: timestamp, ...event }: PlannedEvent): Partial<BusEvent['detail']> => {
  switch (kind) {
    case 'delivered':
      return { delivery: { timestamp } };
    case 'opened':
      return { open: { timestamp, userAgent: event.userAgent ?? someBrowser } };
    case 'complained':
      return { complaint: { timestamp } };
    case 'clicked':
      return { click: { link: event.link ?? '', timestamp, userAgent: event.userAgent ?? someBrowser } };
    case 'bounced':
      return { bounce: { bounceType: event.bounceType ?? 'Undetermined', bounceSubType: event.bounceSubType ?? 'General', timestamp } };
    case 'sent':
    case 'rejected':
    case 'rendering-failed':
    case 'delayed':
    case 'subscription':
      return {};
  }
};

type Entry = { readonly at: Instant; readonly order: number };
const insert = <T extends Entry>(list: T[], entry: T): void => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = list[middle] as T;
    if (other.at < entry.at || (other.at === entry.at && other.order < entry.order)) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, entry);
};
