import { createHash } from 'node:crypto';
import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import { type Compiled, compileSequence } from '#core/sequences/compile';
import type { CompiledEmail, Sequence, Step } from '#core/sequences/model';
import { createBehaviour } from '#local/behaviour';
import { usageOf } from '#local/meter';
import { createWorld } from '#local/world';

export const begin: Instant = '2026-03-02T09:00:00.000Z';
const day = 86_400;

const stepsOf = (mails: number): readonly Step[] =>
  Array.from({ length: mails }, (_, at): readonly Step[] => [
    { kind: 'email', id: `mail-${at + 1}`, email: `mail-${at + 1}`, atOnce: at === 0 },
    ...(at + 1 < mails ? [{ kind: 'wait' as const, id: `pause-${at + 1}`, length: { seconds: 3 * day } }] : []),
  ]).flat();

const sequenceOf = (mails: number): Sequence => ({
  id: 'plain-nurture',
  owner: 'bench@example.com',
  topic: 'tips',
  lawfulBasis: 'consent',
  priority: 50,
  enter: { on: { event: 'trial.started' }, again: 'never' },
  exits: [{ event: 'subscription.started', as: 'goal' }],
  giveUpAfter: { seconds: 14 * day, deferrals: 10 },
  window: { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020, zone: 'lead' },
  steps: stepsOf(mails),
});

export const content: CompiledEmail = {
  subject: 'A word',
  preheader: 'about something',
  html: '<p>Hello {{ lead.email }}</p><a href="https://example.com/more">more</a><a ses:no-track href="{{ unsubscribe-url }}">leave</a>',
  text: 'Hello {{ lead.email }}\n{{ unsubscribe-url }}',
};

export const digest = (text: string) => createHash('sha256').update(text).digest('hex');
export const compiledNurture = (mails: number): Compiled =>
  compileSequence(sequenceOf(mails), Object.fromEntries(Array.from({ length: mails }, (_, at) => [`mail-${at + 1}`, content])), digest);

/** Brand of the shipped marketing folder with a topic of our own; nobody qualifies, so that all go. */
export const quiet = ({ sales: { digest: _digest, ...sales }, ...live }: LiveConfig): LiveConfig => ({
  ...live,
  sales,
  brand: { ...live.brand, topics: { tips: { label: 'Tips', consent: 'opt-in' } } },
  scoring: { ...live.scoring, fit: [], qualified: { ...live.scoring.qualified, if: { kind: 'fit', atLeast: 1_000_000 } } },
});

/** Days in which so many mails go, with their pauses, week-ends and hours. */
export const daysOf = (mails: number): number => 15 + 5 * mails;

export type Nurture = {
  readonly leads: number;
  readonly mails: number;
  readonly stack?: 'memory' | 'embedded';
  readonly hasConsole?: boolean;
};

/** What so many leads take, each with all its mails, people who read and click, and every event that SES tells. */
export const meterNurture = async (live: LiveConfig, { leads, mails, stack = 'memory', hasConsole = false }: Nurture) => {
  const people = createBehaviour('bench');
  const world = await createWorld({
    stack,
    compiled: [compiledNurture(mails)],
    live: quiet(live),
    startAt: begin,
    seed: 'bench',
    // Nobody leaves, bounces or complains: the cost is that of six mails each.
    fate: (mail) => people.fateOf(mail).filter((it) => it.kind !== 'bounced' && it.kind !== 'complained'),
    // Every twelve hours: a recount walks at the one and replaces at the other, so that it is done every day.
    ticksSlowedBy: () => 48,
    hasBatchWindows: true,
    hasConsole,
  });
  const { ports } = world;
  const consent = { given: true, at: begin, source: 'bench' };
  for (let at = 0; at < leads; at++) {
    const email = `lead-${at}@example.com`;
    const leadId = ports.ids.leadId(email);
    await ports.leads.upsert({ leadId, email, fields: { country: 'IE' }, consents: { tips: consent } }, begin);
    await ports.eventQueue.push({ source: 'own', eventId: `trial-${at}`, name: 'trial.started', at: begin, leadId });
  }
  await world.runUntil(addSeconds(begin, daysOf(mails) * day));
  const usage = usageOf(world.meter, {
    emails: world.mail.mails().length,
    transitions: world.runner.transitions().total,
    queueRequests: world.queues.counts.sends + world.queues.counts.receives + world.queues.counts.deletes,
    busEvents: 0,
  });
  await world.stop();
  return { usage, calls: world.meter.handlers };
};
