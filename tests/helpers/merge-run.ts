import type { LeadEvent, QueuedEvent } from '#core/events';
import type { Instant } from '#core/instant';
import type { Consent } from '#core/lead';
import type { SendMessage } from '#core/messages';
import type { OutgoingEmail, Ports, SuppressionScope } from '#core/ports';
import type { SendRecord } from '#core/sending';
import { suppressPerson } from '#lambdas/aliases';
import { type Changed, changeAddress } from '#lambdas/api/change-addresses';
import { askToErase, removeLead } from '#lambdas/erase-lead';
import { processEvent } from '#lambdas/events/process-events';
import { sendEmail } from '#lambdas/steps/send-email';
import { createGate, randomOf } from '#local/prove/gate';
import { throughGate } from './chaos.ts';
import { aWorld, start } from './world.ts';

/** Somebody who is a lead at the start. */
export type Person = {
  readonly email: string;
  readonly consent?: Consent;
  readonly suppression?: SuppressionScope;
};
export type Act =
  | { readonly do: 'change'; readonly from: string; readonly to: string }
  | { readonly do: 'leave'; readonly email: string }
  | { readonly do: 'visit'; readonly email: string }
  | { readonly do: 'import'; readonly email: string }
  | { readonly do: 'send'; readonly email: string }
  | { readonly do: 'erase'; readonly email: string };
export type MergeRun = {
  readonly seed: number;
  readonly people: readonly Person[];
  /** Done one after the other, before all else. */
  readonly first?: readonly (Act & { readonly do: 'change' })[];
  readonly acts: readonly Act[];
  readonly crashes: number;
};

/** What became durable, and when; `order` counts every effect of the run, and every act that was answered. */
export type MergeTrace = {
  readonly answered: { readonly act: Act; readonly order: number; readonly result: unknown }[];
  readonly accepted: { readonly leadId: string; readonly to: string; readonly claimedAt: number }[];
};

const mostTries = 60;
const latestStart = 150;
const topic = 'tips';
const at: Instant = start;

/** Real handlers and stores, one effect at a time in a random order, processes dying anywhere; each act is repeated until it is done. */
export const runMerges = async ({ seed, people, first = [], acts, crashes }: MergeRun) => {
  const world = await aWorld();
  const queued: QueuedEvent[] = [];
  const bare: Ports = { ...world.ports, eventQueue: { push: async (event) => void queued.push(event) } };
  const random = randomOf(seed);
  const budget = { left: crashes, rate: 0.05 };
  const gate = createGate(random, budget);
  const trace: MergeTrace = { answered: [], accepted: [] };
  const claims = new Map<string, number>();
  let order = 0;
  const idOf = (email: string) => bare.ids.leadId(email);
  const runOf = (email: string) => ({
    leadId: idOf(email),
    sequence: 'nurture',
    enrolmentId: bare.ids.enrolmentId(idOf(email), 'nurture', 't'),
  });

  const ports = throughGate(bare, gate, (port, method, args, result) => {
    order++;
    const record = args[0] as SendRecord;
    if (port === 'sends' && method === 'write' && result === 'written' && record.state === 'CLAIMED') claims.set(record.enrolmentId, order);
    if (port !== 'mail') return;
    const { tags, to } = args[0] as OutgoingEmail;
    trace.accepted.push({ leadId: String(tags.lead), to, claimedAt: claims.get(String(tags.enrolment)) ?? -1 });
  });

  for (const person of people) await bringIn(bare, person, runOf(person.email), world.compiled.artifact.version);

  for (const act of first) await changeAddress(bare)(act);

  const messageOf = (email: string): SendMessage => ({
    ...runOf(email),
    leg: 1,
    version: world.compiled.artifact.version,
    step: 'welcome',
    round: 1,
    token: `token-${email}`,
    enteredAt: at,
    notAfterSeconds: 3600,
  });
  const visitOf = (email: string): LeadEvent => ({
    source: 'own',
    eventId: `visit-${email}`,
    name: 'visited',
    path: '/pricing',
    at,
    leadId: idOf(email),
  });
  const perform = async (act: Act): Promise<Changed | string | undefined> => {
    switch (act.do) {
      case 'change':
        return changeAddress(ports)(act);
      case 'leave': {
        const leadId = await suppressPerson(ports, idOf(act.email), { scope: `TOPIC#${topic}`, reason: 'unsubscribed', at });
        await ports.leads.setConsents(leadId, { [topic]: { given: false, at, source: 'unsubscribe-link' } });
        return undefined;
      }
      case 'visit':
        await processEvent(ports)(visitOf(act.email));
        return undefined;
      case 'import': {
        const leadId = await ports.aliases.resolve(idOf(act.email));
        return ports.leads.upsert({ leadId, email: act.email, fields: { [act.email.replace(/\W/g, '-')]: 'came' }, consents: {} }, at);
      }
      case 'erase': {
        const erasure = await askToErase(ports, idOf(act.email), 'asked');
        if (erasure !== 'unknown' && erasure.looks === 0) await removeLead(ports, erasure);
        return undefined;
      }
      case 'send':
        return sendEmail(ports)(messageOf(act.email));
    }
  };
  const failures: Error[] = [];
  let actors = 0;
  const until = async (act: Act) => {
    // They begin anywhere: before another act, in the midst of it, or after.
    for (let left = Math.floor(random() * latestStart); left > 0; left--) await gate.linger();
    for (let tries = 0; tries < mostTries; tries++) {
      try {
        const result = await perform(act);
        // Time stands still, so the lease of a sender that died never lapses.
        if (result === 'later' && tries < 3) continue;
        return void trace.answered.push({ act, order: ++order, result });
      } catch (error) {
        if (!['Crash', 'RetryableError'].includes((error as Error).name)) throw error;
      }
    }
    throw new Error(`${act.do} never came to an end`);
  };
  for (const act of acts) {
    actors++;
    void until(act)
      .catch((error: unknown) => failures.push(error as Error))
      .finally(() => actors--);
  }
  for (let turn = 0; actors > 0 && failures.length === 0; turn++) {
    if (turn > 100_000) throw new Error('this takes for ever');
    await gate.letOneGo(0.8);
  }
  if (failures[0]) throw failures[0];
  for (let event = queued.shift(); event; event = queued.shift()) await processEvent(bare)(event);
  return { trace, table: world.table, clock: world.clock, ports: bare, idOf, runOf, crashesUsed: crashes - budget.left };
};

const bringIn = async (
  ports: Ports,
  { email, consent, suppression }: Person,
  run: { readonly leadId: string; readonly sequence: string; readonly enrolmentId: string },
  version: string,
): Promise<void> => {
  const { leadId } = run;
  await ports.leads.upsert({ leadId, email, fields: { [`of-${email}`]: 'known' }, consents: {} }, at);
  if (consent) await ports.leads.setConsents(leadId, { [topic]: consent });
  if (suppression) await ports.suppressions.add(leadId, { scope: suppression, reason: 'imported', at });
  await ports.events.put({ eventId: `first-${email}`, leadId, name: 'visited', at, path: '/', done: true });
  await ports.enrolments.create({ ...run, leg: 1, version, enrolledAt: at, trigger: 't', arms: {}, seen: {} });
};
