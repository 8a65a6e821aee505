import { type Draw, drawsOf, openChance, openedAt, personaOf } from '#core/behaviour/draws';
import type { Behaviour, BehaviourEvent, Persona } from '#core/behaviour/model';
import { decoyPath } from '#core/humans';
import { addSeconds, type Instant } from '#core/instant';
import type { Action } from '#local/actions';
import type { PlannedEvent, StoredMail } from '#local/ses/mail-service';
import { confirmUrlIn, linksIn, unsubscribeUrlOf } from './links.ts';

/** What the engine asks of people: the same answers whenever it asks, and whoever else there is. */
export type People = {
  /** What they do because they came in. */
  onArrival(leadId: string, at: Instant): readonly Action[];
  /** What SES will tell of a mail, decided when it takes it. `position`: of this mail among the lead's, from 1. */
  fateOf(mail: Mail, position: number): readonly PlannedEvent[];
  /** What they do when SES tells this of a mail. */
  onMailEvent(event: MailEvent, mail: StoredMail): readonly Action[];
};

export type Mail = Omit<StoredMail, 'due'>;
export type MailEvent = { readonly eventId: string; readonly kind: string; readonly at: Instant };

/** `zoneOf`: of a lead, by its id. */
export const modelledPeople = (behaviour: Behaviour, seed: string, zoneOf: (leadId: string) => string): People => {
  const draw = drawsOf(seed);
  const who = (leadId: string): Persona => personaOf(behaviour, draw, leadId);
  const following = (leadId: string, cause: Cause, at: Instant): readonly Action[] => eventsAfter(draw, leadId, who(leadId), cause, at);
  return {
    onArrival: (leadId, at) => following(leadId, { on: 'arrive', occasion: 'arrive' }, at),

    fateOf: (mail, position) => {
      const { lead: leadId = '' } = mail.tags;
      const about = occasionOf(mail);
      const chance = (what: string) => draw(leadId, `${what} ${about}`);
      const { bounces, scanners } = behaviour;
      const persona = who(leadId);
      if (draw(leadId, 'bad address') < bounces.dead) return [bounce(mail, 40, 'Permanent', 'General')];
      if (draw(leadId, 'full mailbox') < bounces.full && chance('is full') < bounces.whileFull)
        return [bounce(mail, 90, 'Transient', 'MailboxFull')];
      const arrivedAt = addSeconds(mail.at, 3 + Math.floor(chance('arrives') * 60));
      const arrived: PlannedEvent[] = [{ at: arrivedAt, kind: 'delivered' }];
      if (chance('complains') < persona.complains) return [...arrived, { at: addSeconds(arrivedAt, 5 * 3600), kind: 'complained' }];
      if (draw(leadId, 'guarded') < scanners.share) arrived.push(...scanOf(mail, arrivedAt, scanners));
      if (chance('opens') >= openChance(behaviour, persona, position)) return arrived;
      const readAt = openedAt(behaviour, (occasion) => chance(occasion), arrivedAt, zoneOf(leadId));
      const userAgent = draw(leadId, 'mailbox') < behaviour.imageProxy ? imageProxy : undefined;
      arrived.push({ at: readAt, kind: 'opened', ...(userAgent !== undefined && { userAgent }) });
      if (chance('clicks') >= persona.clicks) return arrived;
      const link = linksIn(mail.html).find((it) => !isDecoy(it));
      if (link !== undefined) arrived.push({ at: addSeconds(readAt, 20 + Math.floor(chance('clicks at') * 300)), kind: 'clicked', link });
      return arrived;
    },

    onMailEvent: ({ eventId, kind, at }, mail) => {
      if (eventId.includes(scanMark)) return [];
      const { lead: leadId = '' } = mail.tags;
      const about = occasionOf(mail);
      const chance = (what: string) => draw(leadId, `${what} ${about}`);
      const persona = who(leadId);
      const url = confirmUrlIn(mail.html);
      if (url !== undefined) {
        if (kind !== 'delivered' || chance('confirms') >= behaviour.confirms) return [];
        return [press(`${leadId}-confirm-${about}`, addSeconds(at, 60 + Math.floor(chance('confirms at') ** 2 * 2 * 86_400)), leadId, url)];
      }
      if (kind === 'opened') {
        const email = mail.tags.step ?? '';
        const events = following(leadId, { on: 'open', email, occasion: `open ${about}` }, at);
        if (chance('leaves') < persona.unsubscribes) {
          const leave = unsubscribeUrlOf(mail);
          return leave === undefined ? events : [...events, press(`${leadId}-leave-${about}`, addSeconds(at, 45), leadId, leave)];
        }
        return chance('replies') < persona.replies ? [...events, replyTo(mail, leadId, about, addSeconds(at, 1800))] : events;
      }
      if (kind !== 'clicked') return [];
      return [
        ...visitsAfter(chance, leadId, persona, about, at),
        ...following(leadId, { on: 'click', email: mail.tags.step ?? '', occasion: `click ${about}` }, at),
      ];
    },
  };
};

/** Draws go by it: a mail keeps its own whatever else a version changes around it. */
const occasionOf = ({ tags }: Pick<Mail, 'tags'>): string => `${tags.sequence}/${tags.step}/${tags.round ?? '1'}`;

type Cause = { readonly on: string; readonly email?: string; readonly occasion: string };

/** The events that follow from a cause, and those that follow from them in turn. */
const eventsAfter = (draw: Draw, leadId: string, persona: Persona, cause: Cause, at: Instant): readonly Action[] =>
  persona.events.flatMap((it, index) => {
    if (!isCausedBy(it, cause)) return [];
    const occasion = `${it.name} ${index} ${cause.occasion}`;
    if (draw(leadId, occasion) >= it.chance) return [];
    const seconds = it.afterSeconds + 1 + Math.floor(draw(leadId, `${occasion} at`) * it.withinSeconds);
    const then = addSeconds(at, seconds);
    return [ownEvent(leadId, then, it.name, occasion), ...eventsAfter(draw, leadId, persona, { on: it.name, occasion }, then)];
  });

const isCausedBy = ({ on, email }: BehaviourEvent, cause: Cause): boolean =>
  on === cause.on && (email === undefined || email === cause.email);

const visitsAfter = (chance: (what: string) => number, leadId: string, persona: Persona, about: string, at: Instant): readonly Action[] => {
  let after = 30;
  return persona.visits.flatMap(({ path, chance: share, times }) => {
    if (chance(`visits ${path}`) >= share) return [];
    const count = 1 + Math.floor(chance(`visits ${path} times`) * times);
    return Array.from({ length: count }, (_, time) => {
      after += 60 + Math.floor(chance(`visits ${path} ${time}`) * 400);
      return { ...ownEvent(leadId, addSeconds(at, after), 'visited', `${about} ${path} ${time}`), path };
    });
  });
};

const ownEvent = (leadId: string, at: Instant, name: string, occasion: string): Action => ({
  id: `${leadId}-${name}-${occasion.replaceAll(/[^\w.-]+/g, '-')}`,
  at,
  leadId,
  do: 'own-event',
  name,
});
const press = (id: string, at: Instant, leadId: string, url: string): Action => ({ id, at, leadId, do: 'press', url });
const replyTo = (mail: StoredMail, leadId: string, about: string, at: Instant): Action => ({
  id: `${leadId}-reply-${about}`,
  at,
  leadId,
  do: 'reply',
  reply: {
    from: mail.to,
    to: mail.replyTo[0] ?? mail.from,
    subject: `Re: ${mail.subject}`,
    text: 'Thank you, could you call me about this?',
  },
});

const bounce = (mail: Mail, seconds: number, bounceType: string, bounceSubType: string): PlannedEvent => ({
  at: addSeconds(mail.at, seconds),
  kind: 'bounced',
  bounceType,
  bounceSubType,
});

const scanMark = '-scan-';
const imageProxy = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
const scannersBrowser = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

const scanOf = (mail: Mail, arrivedAt: Instant, { links, decoy }: Behaviour['scanners']): readonly PlannedEvent[] => {
  const found = linksIn(mail.html);
  const followed = [...found.filter((it) => !isDecoy(it)).slice(0, links), ...(decoy ? found.filter(isDecoy) : [])];
  const common = { userAgent: scannersBrowser };
  return [
    { ...common, at: addSeconds(arrivedAt, 1), kind: 'opened', id: `${mail.messageId}${scanMark}open` },
    ...followed.map(
      (link, at) =>
        ({ ...common, at: addSeconds(arrivedAt, 1 + at / 2), kind: 'clicked', link, id: `${mail.messageId}${scanMark}${at}` }) as const,
    ),
  ];
};

const isDecoy = (link: string): boolean => {
  const path = /^https?:\/\/[^/?#]+([^?#]*)/.exec(link)?.[1];
  return path === decoyPath;
};
