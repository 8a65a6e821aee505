import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import { permissionFor } from '#core/consent';
import type { Enrolment } from '#core/enrolment';
import type { Instant } from '#core/instant';
import type { SendRecord } from '#core/sending';
import type { CompiledSequence } from '#core/sequences/model';
import type { Item, Key, Table } from '#core/table';

/** A mail that SES took. `order`: of all effects of the run. `claimed`: by which claim, and whether mail was allowed as it was made. */
export type Sent = {
  readonly key: string;
  readonly leadId: string;
  readonly sequence: string;
  readonly topic: string;
  readonly at: Instant;
  readonly order: number;
  readonly claimed: Claim | undefined;
};
type Claim = { readonly order: number; readonly forbidden?: string };
export type Left = { readonly leadId: string; readonly topic: string; readonly order: number; readonly at: Instant };

export const keyOfSend = ({ enrolmentId, step, round }: Pick<SendRecord, 'enrolmentId' | 'step' | 'round'>): string =>
  `${enrolmentId}/${step}/${round}`;

/** Notes effects in the order in which they became durable, and what held at each claim: by the rows alone, read past the gate. */
export const createWatch = (compiled: readonly CompiledSequence[], live: LiveConfig) => {
  const artifacts = new Map(compiled.map(({ artifact }) => [`${artifact.sequence}@${artifact.version}`, artifact]));
  const topics = new Map(compiled.map(({ artifact }) => [artifact.sequence, artifact.topic]));
  const claims = new Map<string, Claim>();
  const sent: Sent[] = [];
  const left: Left[] = [];
  const confirmed: { readonly leadId: string; readonly order: number }[] = [];
  let order = 0;
  let rows: ReturnType<typeof stores> | undefined;

  /** What the rows say at this moment of mail for this send; undefined: it may go. */
  const whyForbidden = async ({ leadId, enrolmentId, sequence, version }: SendRecord): Promise<string | undefined> => {
    if (!rows) return undefined;
    const { lead, enrolments, mergedInto } = await rows.histories.ofLead(leadId);
    const closed = await rows.suppressions.ofLead(leadId);
    if (mergedInto !== undefined) return undefined;
    if (!lead) return 'the lead was erased';
    const run: Enrolment | undefined = enrolments.find((it) => it.enrolmentId === enrolmentId);
    if (run?.stop) return `the run had a stop (${run.stop.reason})`;
    const artifact = artifacts.get(`${sequence}@${version}`);
    const permission = artifact && permissionFor(lead, closed, artifact, live.brand);
    return permission && !permission.may ? `there was no permission (${permission.because})` : undefined;
  };

  return {
    sent: sent as readonly Sent[],
    left: left as readonly Left[],
    /** Buttons of confirmation mails that were pressed, and answered. */
    confirmed: confirmed as readonly { readonly leadId: string; readonly order: number }[],
    begin: (table: Table): void => {
      rows = stores(table, async () => []);
    },
    onWrite: async (key: Key, item: Item | undefined): Promise<void> => {
      order++;
      if (!key.sk.startsWith('SEND#') || item?.state !== 'CLAIMED') return;
      const record = item as unknown as SendRecord;
      const forbidden = await whyForbidden(record);
      claims.set(keyOfSend(record), { order, ...(forbidden !== undefined && { forbidden }) });
    },
    onMail: (tags: Readonly<Record<string, string>>, at: Instant): void => {
      order++;
      const { enrolment, step = '', round = '1', lead: leadId = '', sequence = '' } = tags;
      if (enrolment === undefined) return;
      const key = `${enrolment}/${step}/${round}`;
      sent.push({ key, leadId, sequence, topic: topics.get(sequence) ?? '', at, order, claimed: claims.get(key) });
    },
    /** Somebody was told that they get no more of it. */
    onLeft: (leadId: string, topic: string, at: Instant): void => {
      left.push({ leadId, topic, order: ++order, at });
    },
    onConfirmed: (leadId: string): void => {
      confirmed.push({ leadId, order: ++order });
    },
  };
};
export type Watch = ReturnType<typeof createWatch>;
