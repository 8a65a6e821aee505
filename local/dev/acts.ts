import { normaliseEmail } from '#core/address';
import { addSeconds, type Instant } from '#core/instant';
import type { Consent } from '#core/lead';
import { readField } from '#core/lead-import';
import { listsOf } from '#core/sequences/enter';
import { importRow } from '#lambdas/api/import-row';
import type { LeadAct, MailAct, NewLead } from './api.ts';
import { type DevWorld, handId } from './dev-world.ts';
import { leaveUrl } from './mail-views.ts';

/** What went wrong, in words for the page; undefined: it was taken in. */
type Refusal = string | undefined;

const source = 'baton dev, by hand';

/** What a recipient does with a mail, told by the mail service as it would tell of a real one. */
export const actOnMail = async ({ world, eventsOf }: DevWorld, messageId: string, act: MailAct): Promise<Refusal> => {
  const mail = world.mail.find(messageId);
  if (!mail?.tags.lead) return 'there is no such mail to a lead';
  await takeAMoment(world, [mail.at, ...eventsOf(messageId).map((it) => it.at)]);
  const at = world.clock.now();
  const id = handId();
  const tell = (event: Parameters<typeof world.mail.plan>[1]): Refusal => void world.mail.plan(messageId, event);
  switch (act.do) {
    case 'open':
      return tell({ id, at, kind: 'opened' });
    case 'click':
      return act.link === undefined ? 'which link?' : tell({ id, at, kind: 'clicked', link: act.link });
    case 'complain':
      return tell({ id, at, kind: 'complained' });
    case 'bounce':
      return tell({ id, at, kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'General' });
    case 'unsubscribe': {
      const url = leaveUrl(mail);
      if (url === undefined) return 'this mail cannot be left';
      return void world.actions.plan({ id: `hand-${messageId}-leave`, at, leadId: mail.tags.lead, do: 'press', url });
    }
  }
};

/** Longer than it takes a mail scanner: what comes at once, or all at once, no person did. */
const momentSeconds = 15;

const takeAMoment = async (world: DevWorld['world'], since: readonly Instant[]): Promise<void> => {
  const soonest = addSeconds(since.toSorted().at(-1) ?? world.clock.now(), momentSeconds);
  if (world.clock.now() < soonest) await world.runUntil(soonest);
};

/** A visit or product event of a lead, now. */
export const actAsLead = ({ world, leads }: DevWorld, leadId: string, act: LeadAct): Refusal => {
  if (!leads.get(leadId)) return 'there is no such lead';
  const common = { id: handId(), at: world.clock.now(), leadId, do: 'own-event' } as const;
  if ('visit' in act) world.actions.plan({ ...common, name: 'visited', path: act.visit });
  else world.actions.plan({ ...common, name: act.event });
  return undefined;
};

/** A lead as a form or an import would bring it, played by hand from then on. */
export const addLead = async ({ world, live }: DevWorld, { email: given, fields: typed, topics, start }: NewLead): Promise<Refusal> => {
  const email = normaliseEmail(given);
  if (email === undefined) return 'this is not an e-mail address';
  const fields: Record<string, string | number> = {};
  for (const [name, text] of Object.entries(typed).filter(([, it]) => it !== '')) {
    const read = readField(name, text);
    if (typeof read === 'object') return `${name}: ${read.reason.replace(/(;| and) (it )?was left out$/, '')}`;
    fields[name] = read;
  }
  const { ports } = world;
  const now = world.clock.now();
  const agreed: Consent = { given: true, at: now, source };
  const consents = Object.fromEntries(topics.map((it) => [it, agreed]));
  const taken = await importRow(ports, { brand: live.brand, list: source, sequences: [], now })({ email, fields, consents, warnings: [] });
  if ('rejected' in taken) return taken.rejected.reason;
  const { leadId } = taken;
  if (start && 'event' in start) world.actions.plan({ id: handId(), at: now, leadId, do: 'own-event', name: start.event });
  if (start && 'imported' in start) await enrolByList(ports, leadId, start.imported);
  return undefined;
};

const enrolByList = async (ports: DevWorld['world']['ports'], leadId: string, list: string): Promise<void> => {
  for (const { sequence, enter } of await ports.artifacts.current()) {
    if (listsOf(enter).includes(list)) await ports.enrolQueue.push({ leadId, sequence, trigger: `imported:${list}` });
  }
};
