import type { SoftBounceRule } from './config.ts';
import type { EventRow, SesEvent } from './events.ts';
import { addSeconds, type Instant } from './instant.ts';
import { addressIdOf, type Lead } from './lead.ts';
import type { Trouble } from './ports.ts';
import type { SendRecord } from './sending.ts';

/**
 * What a bounce or a complaint says. `dead`: the address takes no mail, ever. `soft`: this mail did not arrive, the next one
 * may. `complaint`: its reader wants no mail at all. `trouble`: what the sequence's health counts it as.
 */
export type Feedback =
  | { readonly is: 'dead'; readonly reason: 'bounced' | 'on-account-suppression-list'; readonly trouble?: Trouble }
  | { readonly is: 'complaint'; readonly trouble: Trouble }
  | { readonly is: 'soft' };

/** SES did not even try these: an older bounce is to blame, not the sequence that met it. */
const knownToSes: readonly string[] = ['OnAccountSuppressionList', 'Suppressed'];

/** undefined: the event says nothing against the address. Pure. */
export const feedbackOf = ({ kind, bounceType, bounceSubType }: SesEvent): Feedback | undefined => {
  if (kind === 'complained') return { is: 'complaint', trouble: 'complained' };
  if (kind !== 'bounced') return undefined;
  if (bounceType !== 'Permanent') return { is: 'soft' };
  if (knownToSes.includes(bounceSubType ?? '')) return { is: 'dead', reason: 'on-account-suppression-list' };
  return { is: 'dead', reason: 'bounced', trouble: 'bounced' };
};

/** The address that the mail went to: the tag, or for older mails the address that the lead began with. */
export const addressOf = ({ addressId, leadId }: Pick<SesEvent, 'addressId' | 'leadId'>): string => addressId ?? leadId;

export const isPresentAddress = (event: Pick<SesEvent, 'addressId' | 'leadId'>, lead: Lead): boolean =>
  addressOf(event) === addressIdOf(lead);

/**
 * When bounces of this address passed by themselves, each moment once: a bounce told under two ids is one bounce. A mail that
 * arrived did not bounce: SES takes an absence note that goes to the envelope's sender for a bounce, and has told of the delivery.
 */
export const softBouncesOf = (rows: readonly EventRow[], addressId: string, arrived: (row: EventRow) => boolean): readonly Instant[] => [
  ...new Set(
    rows
      .filter((it) => it.name === 'bounced' && it.bounceType !== 'Permanent' && addressOf(it) === addressId && !arrived(it))
      .map((it) => it.at),
  ),
];

export const arrivedOf =
  (sends: readonly SendRecord[]) =>
  ({ enrolmentId, step, round }: EventRow): boolean =>
    sends.some((it) => it.enrolmentId === enrolmentId && it.step === step && it.round === (round ?? 1) && it.deliveredAt !== undefined);

/**
 * The last bounce by which there were too many within the rule's time; undefined: there never were. It depends on which
 * bounces there are, not on the order in which they are told, and with more bounces only ever moves later.
 */
export const tooManyAt = (bounces: readonly Instant[], { atMost, perSeconds }: SoftBounceRule): Instant | undefined =>
  bounces
    .filter((last) => {
      const from = addSeconds(last, -perSeconds);
      return bounces.filter((it) => it > from && it <= last).length >= atMost;
    })
    .toSorted()
    .at(-1);
