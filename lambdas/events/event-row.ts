import { agentOf } from '#core/agents';
import type { EventRow, LeadEvent } from '#core/events';
import type { Instant } from '#core/instant';
import { withoutVisit } from '#core/visit-link';

/** Of these it must be known which address they were about. */
const againstAddress: readonly string[] = ['bounced', 'complained'];

const judged: readonly string[] = ['opened', 'clicked'];

/** What is kept of an event: no address, no token, no agent but its class. */
export const toRow = (event: LeadEvent, now: Instant): EventRow => {
  const common = { eventId: event.eventId, leadId: event.leadId, at: event.at, notedAt: now, done: false };
  if (event.source === 'own') {
    const { name, path, reply, agent, amount, currency } = event;
    return {
      ...common,
      name,
      ...(path !== undefined && { path }),
      ...(agent && { agent }),
      ...(reply && { reply }),
      ...(amount !== undefined && { amount }),
      ...(currency !== undefined && { currency }),
    };
  }
  const { link, sequence, enrolmentId, step, round, bounceType, addressId, automated, userAgent } = event;
  return {
    ...common,
    name: event.kind,
    ...(link !== undefined && { link: withoutVisit(link) }),
    ...(sequence !== undefined && { sequence }),
    ...(enrolmentId !== undefined && { enrolmentId }),
    ...(step !== undefined && { step }),
    ...(round !== undefined && { round }),
    ...(judged.includes(event.kind) && { agent: agentOf(userAgent) }),
    ...(automated && { automated }),
    ...(bounceType !== undefined && { bounceType }),
    ...(addressId !== undefined && againstAddress.includes(event.kind) && { addressId }),
  };
};
