import { createLinks } from '#adapters/crypto/links';
import { liquidTemplates } from '#adapters/email/liquid';
import { silentLog } from '#adapters/memory/logs';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import { memoryTable } from '#adapters/memory/memory-table';
import { lineStore } from '#adapters/stores/line';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import type { NoticeMessage, SendMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { Artifact } from '#core/sequences/model';
import { sendEmail } from '#lambdas/steps/send-email';
import { createGate, randomOf } from '#local/prove/gate';
import { aLead, anEnrolment } from '#tests/helpers/builders';
import { createChaosMail, throughGate } from '#tests/helpers/chaos';
import { nurture } from '#tests/helpers/protocol-sequence';

export const { artifact: consented } = nurture();
/** What somebody waits for. */
export const awaited: Artifact = { ...consented, sequence: 'receipts', lawfulBasis: 'contract' };

export type SenderRun = {
  readonly seed: number;
  readonly live: LiveConfig;
  readonly start: Instant;
  readonly leads: number;
  readonly exempt: number;
  readonly crashes: number;
  readonly trouble: number;
  readonly rounds: number;
  /** How far the clock moves between rounds. */
  readonly stepSeconds: (random: () => number) => number;
};

/**
 * Several senders at once on one table, as functions of their own, every port call a place where their turns may change or one may
 * die. Each round: every message, as its machine sends it anew, that has no answer yet, some twice, all at once; then the clock moves.
 */
export const runSenders = async ({ seed, live, start, leads, exempt, crashes, trouble, rounds, stepSeconds }: SenderRun) => {
  const random = randomOf(seed);
  let now: Instant = start;
  const gate = createGate(random, { left: crashes, rate: 0.03 });
  const accepted: { readonly at: Instant; readonly lead: string; readonly sequence: string }[] = [];
  const notices: NoticeMessage[] = [];
  const table = memoryTable();
  const bare = {
    ...stores(table, async () => []),
    clock: { now: () => now },
    artifacts: memoryArtifacts([consented, awaited]),
    config: memoryConfig(live),
    mail: createChaosMail(random, ({ tags }) => accepted.push({ at: now, lead: tags.lead ?? '', sequence: tags.sequence ?? '' }), trouble),
    templates: liquidTemplates(),
    links: createLinks({ current: 'k1', k1: 'a link key for tests only, 32+ characters' }, { now: () => now }),
    noticeQueue: { push: async (notice: NoticeMessage) => void notices.push(notice) },
    tokens: {
      succeed: async () => 'told' as const,
      fail: async () => 'told' as const,
    },
    timers: { set: async () => undefined },
    metrics: memoryMetrics(),
    log: silentLog(),
  };
  const aFunction = () => throughGate({ ...unused, ...bare, line: lineStore(table) } as unknown as Ports, gate, () => undefined);
  const functions = Array.from({ length: 3 }, aFunction);
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
  let open = messages;
  for (let round = 0; round < rounds; round++) {
    let busy = 0;
    const deliver = (message: SendMessage) => {
      busy++;
      const at = Math.floor(random() * functions.length);
      void sendEmail(functions[at] as Ports)(message)
        .catch((error: Error) => {
          if (error.name !== 'Crash') failures.push(error);
          // What it had in memory is gone.
          functions[at] = aFunction();
        })
        .finally(() => busy--);
    };
    for (const message of open) for (let copy = random() < 0.3 ? 2 : 1; copy > 0; copy--) deliver({ ...message, enteredAt: now });
    while (busy > 0) await gate.letOneGo();
    now = addSeconds(now, stepSeconds(random));
    const records = await Promise.all(open.map((it) => bare.sends.find(it)));
    open = open.filter((_, at) => !['SENT', 'UNKNOWN', 'FAILED', 'SKIPPED'].includes(records[at]?.state ?? ''));
  }
  if (failures[0]) throw failures[0];
  return { accepted, notices, line: bare.line, records: await Promise.all(messages.map((it) => bare.sends.find(it))) };
};

/** `throughGate` wraps every port; those that a sender does not have do nothing. */
const unused: object = {
  replyMail: {},
  erasures: {},
  salesTasks: {},
  machines: {},
  enrolQueue: {},
  wakeQueue: {},
  eventQueue: {},
  salesQueue: {},
};
