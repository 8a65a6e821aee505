import { createHash } from 'node:crypto';
import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import { type Compiled, compileSequence } from '#core/sequences/compile';
import type { CompiledEmail, Sequence, Step } from '#core/sequences/model';
import { createBehaviour } from '#local/behaviour';
import { usageOf } from '#local/meter';
import { createWorld } from '#local/world';

export const leadCount = 1000;
export const mailCount = 6;
export const begin: Instant = '2026-03-02T09:00:00.000Z';
const day = 86_400;

const steps: readonly Step[] = Array.from({ length: mailCount }, (_, at): readonly Step[] => [
  { kind: 'email', id: `mail-${at + 1}`, email: `mail-${at + 1}`, atOnce: at === 0 },
  ...(at + 1 < mailCount ? [{ kind: 'wait' as const, id: `pause-${at + 1}`, length: { seconds: 3 * day } }] : []),
]).flat();

const sequence: Sequence = {
  id: 'six-mails',
  owner: 'bench@example.com',
  topic: 'tips',
  lawfulBasis: 'consent',
  priority: 50,
  enter: { on: { event: 'trial.started' }, again: 'never' },
  exits: [{ event: 'subscription.started', as: 'goal' }],
  giveUpAfter: { seconds: 14 * day, deferrals: 10 },
  window: { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020, zone: 'lead' },
  steps,
};

export const content: CompiledEmail = {
  subject: 'A word',
  preheader: 'about something',
  html: '<p>Hello {{ lead.email }}</p><a href="https://example.com/more">more</a><a ses:no-track href="{{ unsubscribe-url }}">leave</a>',
  text: 'Hello {{ lead.email }}\n{{ unsubscribe-url }}',
};

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
export const compiledSixMails = (): Compiled =>
  compileSequence(sequence, Object.fromEntries(steps.filter((it) => it.kind === 'email').map((it) => [it.id, content])), digest);

/** Brand of the shipped marketing folder with a topic of our own; nobody qualifies, so that all six go. */
export const quiet = (live: LiveConfig): LiveConfig => ({
  ...live,
  brand: { ...live.brand, topics: { tips: { label: 'Tips', consent: 'opt-in' } } },
  scoring: { ...live.scoring, fit: [], qualified: { ...live.scoring.qualified, if: { kind: 'fit', atLeast: 1_000_000 } } },
});

/** What a thousand leads take, each with all six mails, people who read and click, and every event that SES tells. */
export const meterSixMails = async (live: LiveConfig) => {
  const people = createBehaviour('bench');
  const world = await createWorld({
    stack: 'memory',
    compiled: [compiledSixMails()],
    live: quiet(live),
    startAt: begin,
    seed: 'bench',
    // Nobody leaves, bounces or complains: the cost is that of six mails each.
    fate: (mail) => people.fateOf(mail).filter((it) => it.kind !== 'bounced' && it.kind !== 'complained'),
    // Every twelve hours: a recount walks at the one and replaces at the other, so that it is done every day.
    ticksSlowedBy: () => 48,
    hasBatchWindows: true,
  });
  const { ports } = world;
  const consent = { given: true, at: begin, source: 'bench' };
  for (let at = 0; at < leadCount; at++) {
    const email = `lead-${at}@example.com`;
    const leadId = ports.ids.leadId(email);
    await ports.leads.upsert({ leadId, email, fields: { country: 'IE' }, consents: { tips: consent } }, begin);
    await ports.eventQueue.push({ source: 'own', eventId: `trial-${at}`, name: 'trial.started', at: begin, leadId });
  }
  await world.runUntil(addSeconds(begin, 45 * day));
  const usage = usageOf(world.meter, {
    emails: world.mail.mails().length,
    transitions: world.runner.transitions().total,
    queueRequests: world.queues.counts.sends + world.queues.counts.receives + world.queues.counts.deletes,
    busEvents: 0,
  });
  await world.stop();
  return { usage, calls: world.meter.handlers };
};
