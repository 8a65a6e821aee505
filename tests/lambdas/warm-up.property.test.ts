import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinks } from '#adapters/crypto/links';
import { liquidTemplates } from '#adapters/email/liquid';
import { silentLog } from '#adapters/memory/logs';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import type { Brand, LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import type { SendMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { Artifact } from '#core/sequences/model';
import { ceilingAt } from '#core/warm-up';
import { sendEmail } from '#lambdas/steps/send-email';
import { aLead, anEnrolment } from '#tests/helpers/builders';
import { createChaosMail, createGate, randomOf, throughGate } from '#tests/helpers/chaos';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

/** An hour before midnight in Dublin, on the day before clocks go forward. */
const start = '2026-03-28T23:00:00.000Z';
const { artifact: consented } = nurture();
const awaited: Artifact = { ...consented, sequence: 'receipts', lawfulBasis: 'contract' };
const warmUp = { start: '2026-03-28', perDay: [2, 3, 5] };
const withCeiling: LiveConfig = { ...liveConfig, brand: { ...liveConfig.brand, warmUp } };

type Scenario = {
  readonly seed: number;
  readonly leads: number;
  readonly exempt: number;
  readonly crashes: number;
  readonly trouble: number;
};

/** Several senders at once on one table, every port call a place where their turns may change or one may die. */
const run = async ({ seed, leads, exempt, crashes, trouble }: Scenario) => {
  const random = randomOf(seed);
  let now: Instant = start;
  const gate = createGate(random, { left: crashes, rate: 0.03 });
  const accepted: { readonly at: Instant; readonly lead: string; readonly sequence: string }[] = [];
  const table = memoryTable();
  const bare = {
    ...stores(table, async () => []),
    clock: { now: () => now },
    artifacts: memoryArtifacts([consented, awaited]),
    config: memoryConfig(withCeiling),
    mail: createChaosMail(random, ({ tags }) => accepted.push({ at: now, lead: tags.lead ?? '', sequence: tags.sequence ?? '' }), trouble),
    templates: liquidTemplates(),
    links: createLinks({ current: 'k1', k1: 'a link key for tests only, 32+ characters' }),
    tokens: {
      succeed: async () => 'told' as const,
      fail: async () => 'told' as const,
    },
    log: silentLog(),
  };
  const ports = throughGate({ ...unused, ...bare } as unknown as Ports, gate, () => undefined);
  const messages: SendMessage[] = [];
  for (let at = 0; at < leads + exempt; at++) {
    const { sequence, version } = at < leads ? consented : awaited;
    const lead = aLead({ leadId: `lead-${at}`, email: `lead-${at}@example.com` });
    await bare.leads.upsert({ ...lead, consents: lead.consents }, start);
    await bare.enrolments.create(anEnrolment({ leadId: lead.leadId, enrolmentId: `e-${at}`, sequence, version, enrolledAt: start }));
    messages.push({
      leadId: lead.leadId,
      enrolmentId: `e-${at}`,
      leg: 1,
      sequence,
      version,
      step: 'welcome',
      round: 1,
      token: `t-${at}`,
      enteredAt: start,
      notAfterSeconds: 40 * 86_400,
    });
  }
  const failures: Error[] = [];
  // Each round: every message, as its machine sends it anew, that has no answer yet, some twice, all at once; then the clock moves on, over midnight now and then.
  let open = messages;
  for (let round = 0; round < 14; round++) {
    let busy = 0;
    const deliver = (message: SendMessage) => {
      busy++;
      void sendEmail(ports)(message)
        .catch((error: Error) => error.name !== 'Crash' && failures.push(error))
        .finally(() => busy--);
    };
    for (const message of open) for (let copy = random() < 0.3 ? 2 : 1; copy > 0; copy--) deliver({ ...message, enteredAt: now });
    while (busy > 0) await gate.letOneGo();
    now = addSeconds(now, 300 + Math.floor(random() * 40_000));
    const records = await Promise.all(open.map((it) => bare.sends.find(it)));
    open = open.filter((_, at) => !['SENT', 'UNKNOWN', 'FAILED', 'SKIPPED'].includes(records[at]?.state ?? ''));
  }
  if (failures[0]) throw failures[0];
  const takenOn = (day: string) => bare.line.takenOn(day);
  return { accepted, records: await Promise.all(messages.map((it) => bare.sends.find(it))), takenOn };
};

/** `throughGate` wraps every port; those that a sender does not have do nothing. */
const unused: object = { salesTasks: {}, machines: {}, enrolQueue: {}, wakeQueue: {}, eventQueue: {}, salesQueue: {}, noticeQueue: {} };

const dayOf = (brand: Pick<Brand, 'timeZone'>, at: Instant) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: brand.timeZone, dateStyle: 'short' }).format(new Date(at));

describe('a warm-up under any concurrency', () => {
  it('lets no more go on a local day than its ceiling, each e-mail at most once, and what somebody waits for always', async () => {
    const seen = { full: 0, exempt: 0 };
    const scenario = fc.record({
      seed: fc.integer(),
      leads: fc.integer({ min: 1, max: 14 }),
      exempt: fc.integer({ min: 0, max: 3 }),
      crashes: fc.integer({ min: 0, max: 4 }),
      trouble: fc.constantFrom(0, 0.3),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const { accepted, records } = await run(drawn);
        const perDay = new Map<string, number>();
        for (const { at, sequence } of accepted) {
          if (sequence !== consented.sequence) seen.exempt++;
          else perDay.set(dayOf(liveConfig.brand, at), (perDay.get(dayOf(liveConfig.brand, at)) ?? 0) + 1);
        }
        for (const [day, count] of perDay) {
          const most = ceilingAt({ ...liveConfig.brand, warmUp }, `${day}T12:00:00.000Z`)?.most ?? Number.POSITIVE_INFINITY;
          expect(count, day).toBeLessThanOrEqual(most);
          if (count === most) seen.full++;
        }
        expect(new Set(accepted.map((it) => it.lead)).size, 'each once').toBe(accepted.length);
        for (const record of records) expect(record?.deferrals ?? 0, 'no deferral is used up').toBe(0);
        if (drawn.crashes === 0 && drawn.trouble === 0)
          expect(accepted.filter((it) => it.sequence === 'receipts')).toHaveLength(drawn.exempt);
      }),
      { numRuns: 120 },
    );
    expect(Math.min(seen.full, seen.exempt), 'ceilings were reached and exemptions used').toBeGreaterThan(10);
  });

  it('counts every e-mail that went, exempt or not, and one that SES throttled no more than once', async () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const trouble of [0, 0.9]) {
        const { accepted, records, takenOn } = await run({ seed, leads: 3, exempt: 2, crashes: 0, trouble });
        for (const { day, of } of ['2026-03-28', '2026-03-29', '2026-03-30'].map((day) => ({
          day,
          of: dayOf(liveConfig.brand, `${day}T12:00:00.000Z`),
        }))) {
          const went = accepted.filter((it) => dayOf(liveConfig.brand, it.at) === of).length;
          const taken = await takenOn(day);
          expect(taken).toBeGreaterThanOrEqual(went);
          if (trouble === 0) expect(taken).toBe(went);
          expect(taken).toBeLessThanOrEqual(records.length);
        }
      }
    }
  });
});
