import { createIds } from '#adapters/crypto/ids';
import { type LogLine, logTo } from '#adapters/memory/logs';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import { memoryTable } from '#adapters/memory/memory-table';
import { stageIndex } from '#adapters/stores/items';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import type { SesEvent } from '#core/events';
import { leadPk, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { NoticeMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { Item } from '#core/table';
import { processEvent } from '#lambdas/events/process-events';
import { aLead, anEnrolment, aSendRecord, aSesEvent, now } from './builders.ts';
import { liveConfig, nurture } from './protocol-sequence.ts';

/** What process-events works on, in memory, with all that it told others. */
export const aFeedbackWorld = (
  given: { readonly brand?: Partial<LiveConfig['brand']>; readonly at?: string; readonly live?: LiveConfig } = {},
) => {
  const table = memoryTable();
  const notices: NoticeMessage[] = [];
  const lines: LogLine[] = [];
  const told: string[] = [];
  const compiled = nurture();
  const base = given.live ?? liveConfig;
  const live = { ...base, brand: { ...base.brand, ...given.brand } };
  const ports = {
    ...stores(table, async () => []),
    clock: { now: () => given.at ?? now },
    ids: createIds('an identity key for tests only, 32+ characters'),
    artifacts: memoryArtifacts([compiled.artifact]),
    config: memoryConfig(live),
    metrics: memoryMetrics(),
    noticeQueue: { push: async (notice: NoticeMessage) => void notices.push(notice) },
    salesQueue: { push: async () => undefined },
    enrolQueue: { push: async () => undefined },
    machines: { startHandoff: async () => undefined },
    tokens: {
      succeed: async () => 'told' as const,
      fail: async (token: string) => {
        told.push(token);
        return 'told' as const;
      },
    },
    log: logTo((line) => lines.push(line)),
  } as unknown as Ports;
  const { version } = compiled.artifact;
  return {
    table,
    live,
    ports,
    notices,
    told,
    logged: (message: string) => lines.filter((it) => it.message === message),
    /** A lead in the middle of the sequence, with its first mail sent. */
    addLead: async (more: Partial<Lead> = {}) => {
      const lead = aLead(more);
      const { leadId } = lead;
      await table.put({ pk: leadPk(leadId), sk: profileSk, ...(lead as unknown as Item), ...stageIndex(lead) });
      await ports.enrolments.create({ ...anEnrolment({ leadId, version }), token: `token of ${leadId}` });
      await ports.sends.write(aSendRecord({ leadId, state: 'SENT' }));
      return lead;
    },
    /** Told one after the other, each a batch of its own. */
    tell: async (...events: readonly Partial<SesEvent>[]) => {
      for (const event of events) {
        const handle = processEvent(ports);
        await handle(aSesEvent(event));
        await handle.flush?.();
      }
    },
  };
};
