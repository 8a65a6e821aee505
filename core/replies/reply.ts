import * as z from 'zod';

/**
 * What an answer to one of our mails is. `human`: somebody wrote. `out-of-office`: away for a while. `automatic`: a robot, a
 * ticket system, a bounce, a list. `unsubscribe-request`: somebody wrote nothing but that they want out. `left-company`: a robot
 * says that this person works there no longer.
 */
export const replyKinds = ['human', 'out-of-office', 'automatic', 'unsubscribe-request', 'left-company'] as const;
export type ReplyKind = (typeof replyKinds)[number];

/** In the order in which they stand; names in lower case. */
export type Header = { readonly name: string; readonly value: string };
export type IncomingReply = { readonly headers: readonly Header[]; readonly subject: string; readonly text: string };

export type ReplyVerdict = {
  readonly kind: ReplyKind;
  /** 0 to 1: how sure that it is this and not a human, or a human and not this. */
  readonly confidence: number;
  /** Codes of what spoke for it, strongest first; no word of the mail. */
  readonly reasons: readonly string[];
  /** out-of-office: the first day (YYYY-MM-DD) on which mail is read again, when it says so. */
  readonly backOn?: string;
};

const Id = z.string().min(1).max(200);
/** What an event says of a reply: never a word of it. `mail`: where it is kept. `addressId`: of the address that answered. */
export const ReplyNote = z.strictObject({
  kind: z.enum(replyKinds),
  backOn: z.iso.date().optional(),
  mail: Id.optional(),
  addressId: Id.optional(),
  sequence: Id.optional(),
  step: Id.optional(),
});
export type ReplyNote = z.output<typeof ReplyNote>;

export const headersOf = (headers: readonly Header[], name: string): readonly string[] =>
  headers.filter((it) => it.name === name).map((it) => it.value.trim());

/** The topmost one: what the last mail server wrote stands above what the sender wrote. */
export const headerOf = (headers: readonly Header[], name: string): string | undefined => headersOf(headers, name)[0];
