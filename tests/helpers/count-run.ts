import { stores } from '#adapters/stores/stores';
import type { StageRule } from '#core/config';
import { cellOf, cellText } from '#core/counters';
import { countsOf } from '#core/counts-of';
import type { QueuedEvent } from '#core/events';
import { addSeconds, type Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { Table } from '#core/table';
import { recount } from '#lambdas/ticks/recount';
import { aSendRecord, now } from './builders.ts';
import { aFeedbackWorld } from './feedback-world.ts';
import { liveConfig } from './protocol-sequence.ts';

export const day = 86_400;
export const leads = ['lead-a', 'lead-b', 'lead-c', 'lead-d', 'lead-e'];
export const steps = ['welcome', 'power-tips'];
/** All events were told by then; half past two at night. */
export const night = addSeconds(`${now.slice(0, 10)}T02:30:00.000Z`, 26 * day);

const stages: readonly StageRule[] = [
  { id: 'stage:0', from: ['lead'], to: 'engaged', because: 'is active', when: { kind: 'engagement', atLeast: 30 } },
  { id: 'stage:1', from: ['engaged'], to: 'lead', because: 'is quiet', when: { kind: 'engagement', atMost: 10 } },
  { id: 'stage:2', from: ['lead', 'engaged'], to: 'won', because: 'pays', on: 'deal.won' },
];
export const live = {
  ...liveConfig,
  scoring: {
    ...liveConfig.scoring,
    stages,
    qualified: { if: { kind: 'engagement' as const, atLeast: 1000 }, holdSeconds: 1800, hysteresis: 0 },
  },
};

/** Leads with two mails each, and a clock that can be set. */
export const aCountWorld = async () => {
  const world = aFeedbackWorld({ live });
  const clock = { at: addSeconds(night, -day / 2) };
  world.ports.clock = { now: () => clock.at };
  for (const leadId of leads) {
    await world.addLead({ leadId });
    for (const step of steps) await world.ports.sends.write(mailOf(leadId, step));
  }
  return { ...world, clock };
};
export type CountWorld = Awaited<ReturnType<typeof aCountWorld>>;

export const mailOf = (leadId: string, step: string) => ({
  ...aSendRecord({
    leadId,
    step,
    enrolmentId: `run-${leadId}`,
    round: 2,
    state: 'SENT',
    arm: leadId > 'lead-c' ? 'proof=story' : 'proof=nothing',
    topic: 'tips',
  }),
  sentAt: addSeconds(now, steps.indexOf(step) * 3 * day),
});

/** The same ports on another view of the same table. */
export const portsOver = (world: CountWorld, table: Table): Ports => ({ ...world.ports, ...stores(table, async () => []) });

type Counts = { readonly [cell: string]: number };

/** What the leads' own rows say. */
export const truth = async ({ ports, clock }: CountWorld): Promise<Counts> => {
  const sums: Record<string, number> = {};
  for (const leadId of leads) {
    for (const it of countsOf({ history: await ports.histories.ofLead(leadId), live, now: clock.at }))
      sums[cellText(it)] = (sums[cellText(it)] ?? 0) + it.count;
  }
  return sums;
};

/** What the counters say, of what is anything. */
export const cached = async ({ ports }: CountWorld): Promise<Counts> => {
  const { sums } = await ports.counters.of('nurture', undefined, { from: now.slice(0, 10), upTo: night.slice(0, 10) });
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count !== 0));
};

/** Without days: an event may be known after a later one of the same mail was counted. */
export const withoutDays = (counts: Counts): Counts => {
  const sums: Record<string, number> = {};
  for (const [text, count] of Object.entries(counts)) {
    const { step, arm, metric } = cellOf(text);
    sums[`${step} ${arm} ${metric}`] = (sums[`${step} ${arm} ${metric}`] ?? 0) + count;
  }
  return sums;
};

/** Ticks until the recount has come to its end; returns how many it took. */
export const recountAll = async (ports: Ports, setClock: (seconds: number) => void, leadsAtOnce = 2): Promise<number> => {
  const before = (await ports.recounts.state())?.asOf;
  for (let ticks = 1; ticks < 400; ticks++) {
    await recount(ports, { leads: leadsAtOnce, seconds: 15 })();
    const state = await ports.recounts.state();
    if (state?.phase === 'done' && state.asOf !== before) return ticks;
    setClock(90);
  }
  throw new Error('the recount came to no end');
};

export type Told = { readonly name: string; readonly lead: number; readonly step: number; readonly slot: number; readonly flag: boolean };

/** Far enough apart that nobody is taken for a machine for what others did. */
export const eventsOf = (drawn: readonly Told[]): readonly Extract<QueuedEvent, { at: Instant }>[] =>
  drawn
    .map(({ name, lead, step, slot, flag }, number): Extract<QueuedEvent, { at: Instant }> => {
      const leadId = leads[lead % leads.length] ?? '';
      const sentAt = mailOf(leadId, steps[step % steps.length] ?? '').sentAt;
      const at = name === 'delivered' ? addSeconds(sentAt, 2) : addSeconds(now, slot * 3600 + number * 41);
      const common = { eventId: `e-${number}`, leadId, at };
      if (name === 'deal.won' || name === 'replied' || name === 'visited')
        return { source: 'own', name, path: '/pricing', ...common, ...(name === 'deal.won' && flag && { amount: 99.9, currency: 'EUR' }) };
      return {
        source: 'ses',
        kind: name as 'opened',
        messageId: 'm',
        enrolmentId: `run-${leadId}`,
        sequence: 'nurture',
        step: steps[step % steps.length] ?? '',
        round: 2,
        ...common,
        ...(name === 'bounced' && { bounceType: 'Permanent' }),
        ...((name === 'opened' || name === 'clicked') && { userAgent: 'Mozilla/5.0 (Macintosh) Safari/605', link: 'https://a.example' }),
        ...(flag && (name === 'opened' || name === 'clicked') && { automated: true }),
      };
    })
    .toSorted((one, other) => (one.at < other.at ? -1 : 1));
