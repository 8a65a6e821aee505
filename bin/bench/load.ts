import type { LiveConfig } from '#core/config';
import { addSeconds } from '#core/instant';
import { queueNames } from '#core/queues';
import { begin, compiledNurture, daysOf, quiet } from '#local/plain-nurture';
import { createWorld, type World } from '#local/world';
import { number, type Part } from './row.ts';

const mails = 2;
/** SES refuses each so-manieth call for its rate: what is refused must go later, once. */
const refusesEvery = 50;

/** So many leads at once through the whole embedded stack; every lead must get each mail once, and nothing may be left anywhere. */
export const loadPart = async (live: LiveConfig, leads: number): Promise<Part> => {
  const world = await createWorld({
    stack: 'embedded',
    compiled: [compiledNurture(mails)],
    live: quiet(live),
    startAt: begin,
    seed: 'load',
    hasBatchWindows: true,
    ticksSlowedBy: () => 96,
    mailFaults: (call) => (call % refusesEvery === 0 ? 'throttle' : undefined),
    fate: (mail) => [{ kind: 'delivered' as const, at: addSeconds(mail.at, 2) }],
  });
  try {
    return await measured(world, leads);
  } finally {
    await world.stop();
  }
};

const measured = async (world: World, leads: number): Promise<Part> => {
  const begun = performance.now();
  const leadIds = await letIn(world, leads);
  const letInAfter = performance.now();
  /** Since all leads were in: how long a first mail waited for its turn behind the others, by this machine's clock. */
  const waits: number[] = [];
  let most = 0;
  await world.runUntil(addSeconds(begin, daysOf(mails) * 86_400), () => {
    const sent = world.mail.mails().length;
    while (waits.length < Math.min(sent, leads)) waits.push((performance.now() - letInAfter) / 1000);
    most = Math.max(most, ...queueNames.map((it) => world.queues.messagesIn(it).length));
    return undefined;
  });
  const seconds = (performance.now() - begun) / 1000;
  const { lost, twice } = countOf(world, leadIds);
  const left = queueNames.reduce((sum, it) => sum + world.queues.messagesIn(it).length + world.queues.messagesIn(`${it}-dead`).length, 0);
  const sent = world.mail.mails().length;
  const at = (part: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? 0;
  const none = (count: number) => ({ value: String(count), target: { words: 'none', isMet: count === 0 } });
  return {
    title: 'Load: the embedded stack, all leads at once',
    rows: [
      { what: 'leads, with two mails each', value: number(leads) },
      { what: 'mails that SES refused for its rate at first', value: number(Math.floor(sent / (refusesEvery - 1))) },
      { what: 'mails a second', value: number(sent / seconds) },
      {
        what: 'first mail: half of the leads, nineteen of twenty, the last waited',
        value: `${number(at(0.5))} s, ${number(at(0.95))} s, ${number(at(1))} s`,
      },
      { what: 'longest queue', value: number(most) },
      { what: 'mails lost', ...none(lost) },
      { what: 'mails sent twice', ...none(twice) },
      { what: 'messages left in queues or dead letters', ...none(left) },
    ],
    figures: { leads, sent, seconds, waitedSeconds: { half: at(0.5), most: at(1) }, longestQueue: most, lost, twice, left },
  };
};

const letIn = async ({ ports }: World, leads: number): Promise<readonly string[]> => {
  const consent = { given: true, at: begin, source: 'bench' };
  const leadIds: string[] = [];
  for (let at = 0; at < leads; at++) {
    const email = `lead-${at}@example.com`;
    const leadId = ports.ids.leadId(email);
    await ports.leads.upsert({ leadId, email, fields: { country: 'IE' }, consents: { tips: consent } }, begin);
    await ports.eventQueue.push({ source: 'own', eventId: `trial-${at}`, name: 'trial.started', at: begin, leadId });
    leadIds.push(leadId);
  }
  return leadIds;
};

const countOf = (world: World, leadIds: readonly string[]): { readonly lost: number; readonly twice: number } => {
  const counts = new Map<string, number>();
  for (const { tags } of world.mail.mails()) counts.set(`${tags.lead} ${tags.step}`, (counts.get(`${tags.lead} ${tags.step}`) ?? 0) + 1);
  return { lost: leadIds.length * mails - counts.size, twice: [...counts.values()].filter((it) => it > 1).length };
};
