import * as z from 'zod';
import { ReplyNote } from './replies/reply.ts';

/** What kind of program asked for a picture or a link, by what it called itself. `bare`: `Mozilla/5.0` and no more. */
export const agentKinds = ['browser', 'mail-program', 'image-proxy', 'privacy-relay', 'scanner', 'bot', 'bare', 'none'] as const;
export type AgentKind = (typeof agentKinds)[number];

/** What SES tells us, after the input transformer: our tags and no address. */
export const sesKinds = [
  'sent',
  'delivered',
  'bounced',
  'complained',
  'rejected',
  'opened',
  'clicked',
  'rendering-failed',
  'delayed',
  'subscription',
] as const;

const Id = z.string().min(1).max(200);
const At = z.iso.datetime();
/** A field that is missing comes as empty text where EventBridge fills a template. What cannot be read is no reason to lose an event. */
const blankIsMissing = (it: unknown) => (it === '' || it === null ? undefined : it);
const Tag = z.preprocess(blankIsMissing, Id.optional());
const Words = (length: number) =>
  z
    .unknown()
    .transform((it) => (typeof it === 'string' && it !== '' ? it.slice(0, length) : undefined))
    .optional();
const Flag = z
  .unknown()
  .transform((it) => (it === true || (typeof it === 'string' && /true/i.test(it)) ? true : undefined))
  .optional();

/** SES event, stripped. `eventId` comes from the EventBridge event id. `sendId` = `<enrolmentId>_<step>_<round>` tag. */
export const SesEvent = z.object({
  source: z.literal('ses'),
  eventId: Id,
  kind: z.enum(sesKinds),
  at: At,
  messageId: Id,
  leadId: Id,
  sequence: Tag,
  enrolmentId: Tag,
  step: Tag,
  round: z.preprocess(blankIsMissing, z.coerce.number().int().min(1).optional()),
  /** clicked: the link's URL. */
  link: Words(2048),
  /** opened, clicked: what the program called itself. Only its class is kept (core/agents.ts). */
  userAgent: Words(512),
  /** opened, clicked: SES itself says that no person did it. */
  automated: Flag,
  /** bounced. */
  bounceType: Words(64),
  bounceSubType: Words(64),
  /** Id of the address that the mail went to; a lead's address may have changed since. */
  addressId: Tag,
});
export type SesEvent = z.output<typeof SesEvent>;

/** A product or web event of our own. `name` is `visited` (with `path`) or any dotted event name, e.g. `project.created`. */
export const OwnEvent = z.strictObject({
  source: z.literal('own'),
  eventId: Id,
  name: z.string().regex(/^[a-z][a-z0-9._-]{0,63}$/),
  at: At,
  leadId: Id,
  path: z.string().max(1024).optional(),
  /** visited: of whom the page was asked. Never from outside. */
  agent: z.enum(agentKinds).optional(),
  /** `replied`, `auto-replied`: what the reply was. Never from outside (POST /events). */
  reply: ReplyNote.optional(),
  /** What it was worth, if it won the lead: in whole units of the currency (ISO 4217). */
  amount: z.number().min(0).max(1e12).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
});
export type OwnEvent = z.output<typeof OwnEvent>;

export const LeadEvent = z.discriminatedUnion('source', [SesEvent, OwnEvent]);
export type LeadEvent = z.output<typeof LeadEvent>;

/** A row that came over from a former lead: what it did there is done again for the lead that has it now. */
const RepeatedEvent = z.strictObject({ source: z.literal('again'), eventId: Id, leadId: Id });
export const QueuedEvent = z.discriminatedUnion('source', [SesEvent, OwnEvent, RepeatedEvent]);
export type QueuedEvent = z.output<typeof QueuedEvent>;

/** The row EVENT#<eventId>: what happened, in the words conditions use. `done` is written last. */
export type EventRow = {
  readonly eventId: string;
  readonly leadId: string;
  readonly name: string;
  readonly at: string;
  readonly path?: string;
  readonly link?: string;
  readonly sequence?: string;
  readonly enrolmentId?: string;
  readonly step?: string;
  readonly round?: number;
  /** opened, clicked: of whom the picture or the link was asked. */
  readonly agent?: AgentKind;
  readonly automated?: true;
  /** replied, auto-replied: what the reply was, without its words. */
  readonly reply?: ReplyNote;
  readonly amount?: number;
  readonly currency?: string;
  /** bounced: Permanent, Transient or Undetermined. */
  readonly bounceType?: string;
  /** bounced, complained: the address that the mail went to. */
  readonly addressId?: string;
  /** When we heard of it first. */
  readonly notedAt?: string;
  readonly done: boolean;
};
