import { fractionOf } from '#core/hash';
import { decoyPath } from '#core/humans';
import { addSeconds, type Instant } from '#core/instant';
import type { LeadFields } from '#core/lead';
import type { Action } from './actions.ts';
import type { PlannedEvent, StoredMail } from './ses/mail-service.ts';
import { confirmUrlIn, linksIn, unsubscribeUrlOf } from './simulate/links.ts';

/**
 * A seeded model of people, for the demo. Everything is drawn by hashing (seed, lead, what), never by the order of calls,
 * so that the same lead does the same things whatever happens to others, or to the process.
 */
type Persona = {
  readonly name: string;
  readonly share: number;
  readonly open: number;
  /** Of those who open. */
  readonly click: number;
  /** Of those who click. */
  readonly visitPrices: number;
  readonly startProject: number;
  readonly leave: number;
  readonly subscribe: number;
};

const personas: readonly Persona[] = [
  { name: 'keen', share: 16, open: 0.85, click: 0.5, visitPrices: 0.8, startProject: 0.8, leave: 0.002, subscribe: 0.1 },
  { name: 'curious', share: 34, open: 0.55, click: 0.16, visitPrices: 0.35, startProject: 0.4, leave: 0.008, subscribe: 0.03 },
  { name: 'quiet', share: 44, open: 0.24, click: 0.04, visitPrices: 0.1, startProject: 0.12, leave: 0.01, subscribe: 0.01 },
  { name: 'annoyed', share: 6, open: 0.4, click: 0.01, visitPrices: 0, startProject: 0.05, leave: 0.3, subscribe: 0 },
];

const hour = 3600;
const day = 24 * hour;
const bounceShare = 0.014;
/** Of those who are asked: most have just signed up, and look for the mail. */
const confirmShare = 0.7;
/** Below what mailbox providers bear with: a demo whose sequences pause themselves would show little else. */
const complaintShare = 0.0004;
/** Leads whose mailbox is full now and then, and how many of their mails meet it so. */
const fullMailboxShare = 0.02;
const whileFullShare = 0.12;

export const createBehaviour = (seed: string) => {
  const draw = (leadId: string, what: string) => fractionOf(`${seed} ${leadId} ${what}`);
  const personaOf = (leadId: string): Persona => {
    let at = draw(leadId, 'persona') * 100;
    for (const persona of personas) {
      at -= persona.share;
      if (at < 0) return persona;
    }
    return personas[0] as Persona;
  };
  const act = (leadId: string, at: Instant, name: string, id: string, path?: string): Action => ({
    id: `${leadId}-${id}`,
    at,
    leadId,
    do: 'own-event',
    name,
    ...(path !== undefined && { path }),
  });

  /** A trial begins, and what people do in it: projects, colleagues, looks at prices, now and then a purchase. */
  const trial = (leadId: string, from: Instant, persona: Persona): Action[] => {
    const start = addSeconds(from, Math.floor(draw(leadId, 'trial at') * 10 * day));
    const actions = [act(leadId, start, 'trial.started', 'trial')];
    if (draw(leadId, 'project') < persona.startProject) {
      const made = addSeconds(start, Math.floor(draw(leadId, 'project at') ** 2 * 9 * day) + hour);
      actions.push(act(leadId, made, 'project.created', 'project'));
      if (draw(leadId, 'invite') < 0.4)
        actions.push(act(leadId, addSeconds(made, Math.floor(draw(leadId, 'invite at') * 3 * day) + 600), 'teammate.invited', 'invite'));
    }
    if (draw(leadId, 'buys') < persona.subscribe) {
      actions.push(act(leadId, addSeconds(start, Math.floor((8 + draw(leadId, 'buys at') * 20) * day)), 'subscription.started', 'buys'));
    }
    return actions;
  };

  return {
    /** What a lead does on its own account after the import. */
    onLead: (leadId: string, fields: LeadFields, importedAt: Instant): readonly Action[] =>
      fields.source === 'trial' ? trial(leadId, importedAt, personaOf(leadId)) : [],

    /** What SES will tell of a mail: decided when it is accepted. */
    fateOf: (mail: Omit<StoredMail, 'due'>): readonly PlannedEvent[] => {
      const { lead: leadId = '', step = '', sequence = '' } = mail.tags;
      const about = `${sequence}/${step}`;
      const persona = personaOf(leadId);
      const after = (seconds: number) => addSeconds(mail.at, Math.max(1, Math.floor(seconds)));
      const sent: PlannedEvent = { at: after(1), kind: 'sent' };
      if (draw(leadId, 'bad address') < bounceShare) {
        return [sent, { at: after(40), kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'General' }];
      }
      if (draw(leadId, 'full mailbox') < fullMailboxShare && draw(leadId, `is full ${about}`) < whileFullShare) {
        return [sent, { at: after(90), kind: 'bounced', bounceType: 'Transient', bounceSubType: 'MailboxFull' }];
      }
      const arrived: PlannedEvent[] = [sent, { at: after(3 + draw(leadId, `arrives ${about}`) * 60), kind: 'delivered' }];
      if (draw(leadId, `complains ${about}`) < complaintShare) return [...arrived, { at: after(5 * hour), kind: 'complained' }];
      if (draw(leadId, 'guarded') < guardedShare) arrived.push(...scanOf(mail, arrived[1]?.at ?? mail.at));
      if (draw(leadId, `opens ${about}`) >= persona.open) return arrived;
      const openedAfter = 120 + draw(leadId, `opens at ${about}`) ** 3 * 2 * day;
      const userAgent = draw(leadId, 'mailbox') < gmailShare ? gmailProxy : undefined;
      const opened: PlannedEvent = { at: after(openedAfter), kind: 'opened', ...(userAgent !== undefined && { userAgent }) };
      if (draw(leadId, `clicks ${about}`) >= persona.click) return [...arrived, opened];
      const link = linksIn(mail.html).find((it) => !isDecoy(it)) ?? '';
      return [...arrived, opened, { at: after(openedAfter + 20 + draw(leadId, `clicks at ${about}`) * 300), kind: 'clicked', link }];
    },

    /** What people do because of a mail, told by the event that SES reports. */
    reactTo: (event: { readonly eventId: string; readonly kind: string; readonly at: Instant }, mail: StoredMail): readonly Action[] => {
      if (event.eventId.includes(scanMark)) return [];
      const { lead: leadId = '', step = '', sequence = '' } = mail.tags;
      const persona = personaOf(leadId);
      const about = `${sequence}/${step}`;
      const confirmUrl = confirmUrlIn(mail.html);
      if (confirmUrl !== undefined) {
        const confirms = event.kind === 'delivered' && draw(leadId, `confirms ${about}`) < confirmShare;
        const pressedAt = addSeconds(event.at, 60 + Math.floor(draw(leadId, `confirms at ${about}`) ** 2 * 2 * day));
        return confirms ? [{ id: `${leadId}-confirm-${sequence}`, at: pressedAt, leadId, do: 'press', url: confirmUrl }] : [];
      }
      if (event.kind === 'opened' && draw(leadId, `leaves ${about}`) < persona.leave) {
        const url = unsubscribeUrlOf(mail);
        return url === undefined ? [] : [{ id: `${leadId}-leave-${sequence}`, at: addSeconds(event.at, 45), leadId, do: 'press', url }];
      }
      if (event.kind !== 'clicked') return [];
      const visits: Action[] = [act(leadId, addSeconds(event.at, 30), 'visited', `docs-${about}`, '/docs/start')];
      if (draw(leadId, `prices ${about}`) < persona.visitPrices) {
        const times = 1 + Math.floor(draw(leadId, `prices times ${about}`) * 3);
        for (let time = 0; time < times; time++) {
          visits.push(act(leadId, addSeconds(event.at, 300 + time * 700), 'visited', `prices-${about}-${time}`, '/pricing'));
        }
      }
      if (draw(leadId, `customers ${about}`) < 0.3)
        visits.push(act(leadId, addSeconds(event.at, 200), 'visited', `customers-${about}`, '/customers/stories'));
      const isFresh = sequence === 'webinar-follow-up' && draw(leadId, 'tries') < persona.startProject;
      return isFresh ? [...visits, ...trial(leadId, addSeconds(event.at, hour), persona)] : visits;
    },
  };
};

/** Companies whose mail security opens every mail and follows its links as it comes in, under the name of a browser. */
const guardedShare = 0.12;
const gmailShare = 0.3;
const gmailProxy = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
const scannersBrowser = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const scanMark = '-scan-';

const scanOf = (mail: Omit<StoredMail, 'due'>, deliveredAt: Instant): readonly PlannedEvent[] => {
  const seen = {
    at: addSeconds(deliveredAt, 1),
    kind: 'opened',
    userAgent: scannersBrowser,
    id: `${mail.messageId}${scanMark}open`,
  } as const;
  const links = linksIn(mail.html);
  const followed = [...links.filter((it) => !isDecoy(it)).slice(0, 5), ...links.filter(isDecoy)].map(
    (link, at) =>
      ({
        at: addSeconds(deliveredAt, 1 + at / 2),
        kind: 'clicked',
        link,
        userAgent: scannersBrowser,
        id: `${mail.messageId}${scanMark}${at}`,
      }) as const,
  );
  return [seen, ...followed];
};

/** Nobody sees it, but a scanner does. */
const isDecoy = (link: string): boolean => new URL(link).pathname === decoyPath;
