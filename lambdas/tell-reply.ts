import type { Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { ReplyNote, ReplyVerdict } from '#core/replies/reply';
import { type Leaving, leaveScopes } from '#lambdas/leave-scopes';

type Telling = Leaving & { readonly eventQueue: Ports['eventQueue'] } & Pick<Ports, 'log'>;

export type JudgedReply = {
  /** Of the lead, or of an address that a lead has or had. */
  readonly leadId: string;
  readonly eventId: string;
  readonly at: Instant;
  readonly verdict: ReplyVerdict;
  /** Of the address that answered, where that is known. */
  readonly addressId?: string;
  /** Of the mail that was answered, where that is known. */
  readonly topic?: string;
  readonly about: Pick<ReplyNote, 'mail' | 'sequence' | 'step'>;
};

/** An address is closed for good, so this must be said by a robot that is known as one. */
const sureThatLeft = 0.9;

/**
 * What a reply leads to: whoever wants out is out at once, of the topic of the mail or, where that is not known, of all; anything
 * else is an event of the lead. May be repeated: its id and its time are the reply's.
 */
export const tellReply = async (use: Telling, { leadId, eventId, at, verdict, addressId, topic, about }: JudgedReply): Promise<void> => {
  const { kind, backOn, confidence } = verdict;
  use.log.info('reply taken in', { leadId, kind, confidence });
  if (kind === 'unsubscribe-request') {
    const scopes = [topic === undefined ? ('ALL' as const) : (`TOPIC#${topic}` as const)];
    return leaveScopes(use, { leadId, scopes, source: 'reply', at, wasSaidAt: at });
  }
  const isGone = kind === 'left-company' && confidence >= sureThatLeft;
  await use.eventQueue.push({
    source: 'own',
    eventId,
    name: kind === 'human' ? 'replied' : 'auto-replied',
    at,
    leadId,
    reply: {
      kind,
      ...about,
      ...(backOn !== undefined && { backOn }),
      ...(isGone && addressId !== undefined && { addressId }),
    },
  });
};
