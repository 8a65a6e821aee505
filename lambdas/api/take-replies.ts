import * as z from 'zod';
import { normaliseEmail } from '#core/address';
import { OwnEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant, toInstant } from '#core/instant';
import { classifyReply } from '#core/replies/classify-reply';
import { type ReplyKind, type ReplyVerdict, replyKinds } from '#core/replies/reply';
import { tellReply } from '#lambdas/tell-reply';

type Taking = Pick<Use<'ingest'>, 'leads' | 'suppressions' | 'consents' | 'aliases' | 'wakeQueue' | 'eventQueue' | 'ids' | 'clock' | 'log'>;
type Answer = { readonly status: 202 | 207 | 400; readonly body: object };

const maxItems = 100;
/** Clocks differ; a reply from further ahead than this is a mistake of whoever sends it. */
const aheadSeconds = 300;

const Body = z.strictObject({ replies: z.array(z.unknown()).min(1).max(maxItems) });
/** `kind`: whoever sends it knows better than we could tell. `topic`: of the mail that was answered, for who wants out. */
const Item = z
  .strictObject({
    id: z.string().min(1).max(150),
    at: z.iso.datetime({ offset: true }),
    email: z.string().max(320).optional(),
    'lead-id': OwnEvent.shape.leadId.optional(),
    topic: z.string().min(1).max(80).optional(),
    subject: z.string().max(2000).optional(),
    text: z.string().max(200_000).optional(),
    headers: z.record(z.string().max(200), z.string().max(10_000)).optional(),
    kind: z.enum(replyKinds).optional(),
    'back-on': z.iso.date().optional(),
  })
  .refine((it) => (it.email === undefined) !== (it['lead-id'] === undefined), 'exactly one of "email" and "lead-id"');
type Item = z.output<typeof Item>;

/**
 * POST /replies: answers that came in elsewhere, in a help desk or a mailbox. Each is judged at once and its words go no further;
 * per-item problems stop no other item. Repeats change nothing.
 */
export const takeReplies =
  (use: Taking) =>
  async (given: unknown): Promise<Answer> => {
    const read = Body.safeParse(given);
    if (!read.success)
      return { status: 400, body: { error: `a body is {"replies": [1 to ${maxItems} of {"id", "at", "email" or "lead-id", …}]}` } };
    const taken: { readonly index: number; readonly kind: ReplyKind; readonly 'back-on'?: string }[] = [];
    const rejected: { readonly index: number; readonly reason: string }[] = [];
    for (const [index, item] of read.data.replies.entries()) {
      const done = await takeOne(use, item);
      if ('reason' in done) rejected.push({ index, reason: done.reason });
      else taken.push({ index, kind: done.kind, ...(done.backOn !== undefined && { 'back-on': done.backOn }) });
    }
    use.log.info('replies taken in', { accepted: taken.length, rejected: rejected.length });
    const status = rejected.length === 0 ? 202 : taken.length === 0 ? 400 : 207;
    return { status, body: { accepted: taken.length, taken, rejected } };
  };

const takeOne = async (use: Taking, given: unknown): Promise<ReplyVerdict | { readonly reason: string }> => {
  const read = Item.safeParse(given);
  if (!read.success) return { reason: z.prettifyError(read.error) };
  const item = read.data;
  const at = toInstant(Date.parse(item.at));
  if (at > addSeconds(use.clock.now(), aheadSeconds)) return { reason: '"at" is in the future' };
  const address = item.email === undefined ? undefined : normaliseEmail(item.email);
  const addressId = address === undefined ? undefined : use.ids.leadId(address);
  const leadId = addressId ?? item['lead-id'];
  if (leadId === undefined) return { reason: '"email" is not an e-mail address' };
  const verdict = judge(item, at);
  await tellReply(use, {
    leadId,
    eventId: `reply-${item.id}`,
    at,
    verdict,
    ...(addressId !== undefined && { addressId }),
    ...(item.topic !== undefined && { topic: item.topic }),
    about: {},
  });
  return verdict;
};

/** Who names a reply and says nothing of it speaks of a person. */
const judge = ({ kind, subject, text, headers, 'back-on': backOn }: Item, at: Instant): ReplyVerdict => {
  const named = kind ?? (subject === undefined && text === undefined && headers === undefined ? 'human' : undefined);
  if (named !== undefined) return { kind: named, confidence: 1, reasons: ['said-so'], ...(backOn !== undefined && { backOn }) };
  const read = classifyReply(
    {
      subject: subject ?? '',
      text: text ?? '',
      headers: Object.entries(headers ?? {}).map(([name, value]) => ({ name: name.toLowerCase(), value })),
    },
    at.slice(0, 10),
  );
  return backOn === undefined ? read : { ...read, backOn };
};
