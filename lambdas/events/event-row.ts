import { agentOf } from '#core/agents';
import type { EventRow, LeadEvent, OwnEvent, SesEvent } from '#core/events';
import type { Instant } from '#core/instant';
import { withoutVisit } from '#core/visit-link';

/** Of these it must be known which address they were about. */
const againstAddress: readonly string[] = ['bounced', 'complained'];

const judged: readonly string[] = ['opened', 'clicked'];

/** What is kept of an event: no address, no token, no agent but its class. */
export const toRow = (event: LeadEvent, now: Instant): EventRow => (event.source === 'own' ? ofOwn(event, now) : ofMail(event, now));

type Row = { -readonly [field in keyof EventRow]: EventRow[field] };

const ofOwn = ({ eventId, leadId, at, name, path, reply, agent, amount, currency }: OwnEvent, notedAt: Instant): EventRow => {
  const row: Row = { eventId, leadId, at, notedAt, done: false, name };
  if (path !== undefined) row.path = path;
  if (agent) row.agent = agent;
  if (reply) row.reply = reply;
  if (amount !== undefined) row.amount = amount;
  if (currency !== undefined) row.currency = currency;
  return row;
};

const ofMail = (event: SesEvent, notedAt: Instant): EventRow => {
  const { eventId, leadId, at, kind, link, sequence, enrolmentId, step, round, bounceType, addressId, automated } = event;
  const row: Row = { eventId, leadId, at, notedAt, done: false, name: kind };
  if (link !== undefined) row.link = withoutVisit(link);
  if (sequence !== undefined) row.sequence = sequence;
  if (enrolmentId !== undefined) row.enrolmentId = enrolmentId;
  if (step !== undefined) row.step = step;
  if (round !== undefined) row.round = round;
  if (judged.includes(kind)) row.agent = agentOf(event.userAgent);
  if (automated) row.automated = automated;
  if (bounceType !== undefined) row.bounceType = bounceType;
  if (addressId !== undefined && againstAddress.includes(kind)) row.addressId = addressId;
  return row;
};
