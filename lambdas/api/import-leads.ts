import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import { type ImportRow, type RowNote, readImportRow } from '#core/lead-import';
import { askToConfirm } from '#lambdas/api/ask-to-confirm';

/** What both handlers that take leads in may use. */
type Importing = Pick<
  Use<'collect'>,
  'leads' | 'consents' | 'suppressions' | 'aliases' | 'ids' | 'artifacts' | 'config' | 'enrolQueue' | 'clock' | 'log'
>;

/** A row as a reader of files gives it: cells by header, or what is wrong with the row. */
export type SourceRow =
  | { readonly line: number; readonly cells: Readonly<Record<string, string>> }
  | { readonly line: number; readonly problem: string };

export type LineNote = RowNote & { readonly line: number };
/** What became of a list. Notes name lines and columns, never an address. */
export type ImportReport = {
  readonly list: string;
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Consents whose owners are sent a mail to confirm them, and those that are too old to ask about. */
  readonly askedToConfirm: number;
  readonly tooOldToConfirm: number;
  readonly rejected: readonly LineNote[];
  readonly warnings: readonly LineNote[];
};

/**
 * Takes in a list row by row: what was agreed to goes to the ledger, then the lead, then its way into every sequence that this
 * list opens. Every effect has a deterministic key, so the same list again, or the rest of one that was cut off, does nothing twice.
 */
export const importLeads =
  (use: Importing) =>
  async (
    rows: AsyncIterable<SourceRow>,
    {
      list,
      needsConsent = false,
      onLead,
    }: { readonly list: string; readonly needsConsent?: boolean; readonly onLead?: (leadId: string, row: ImportRow) => void },
  ): Promise<ImportReport> => {
    const now = use.clock.now();
    const sequences = await sequencesOf(use, list);
    const { brand } = await use.config.live();
    const context = { topics: Object.keys(brand.topics), now, hashIp: use.ids.ipHash, needsConsent };
    const counts = { rows: 0, created: 0, updated: 0, unchanged: 0, askedToConfirm: 0, tooOldToConfirm: 0 };
    const rejected: LineNote[] = [];
    const warnings: LineNote[] = [];
    const lineOf = new Map<string, number>();
    for await (const row of rows) {
      const { line } = row;
      counts.rows++;
      const read = 'problem' in row ? { rejected: { reason: row.problem } } : readImportRow(row.cells, context);
      if ('rejected' in read) {
        rejected.push({ line, ...read.rejected });
        continue;
      }
      const addressId = use.ids.leadId(read.email);
      const earlier = lineOf.get(addressId);
      if (earlier !== undefined) {
        rejected.push({ line, column: 'email', reason: `the same address as in line ${earlier}` });
        continue;
      }
      lineOf.set(addressId, line);
      // An address that a lead had before, or has now, is that lead.
      const leadId = await use.aliases.resolve(addressId);
      warnings.push(...read.warnings.map((it) => ({ line, ...it })));
      counts[await store(use, leadId, read, now)]++;
      const asked = await askToConfirm(use, { leadId, ...read }, brand, now);
      counts.askedToConfirm += asked.asked;
      counts.tooOldToConfirm += asked.tooOld;
      for (const sequence of sequences) await use.enrolQueue.push({ leadId, sequence, trigger: `imported:${list}` });
      onLead?.(leadId, read);
    }
    use.log.info('list imported', { list, ...counts, rejected: rejected.length });
    return { list, ...counts, rejected, warnings };
  };

const sequencesOf = async (use: Importing, list: string): Promise<readonly string[]> =>
  (await use.artifacts.current()).filter((it) => 'imported' in it.enter.on && it.enter.on.imported === list).map((it) => it.sequence);

/** The ledger first: no profile says more than can be proved. */
const store = async (use: Importing, leadId: string, { email, fields, consents }: ImportRow, now: Instant) => {
  for (const [topic, consent] of Object.entries(consents)) await use.consents.record(leadId, { topic, ...consent });
  return use.leads.upsert({ leadId, email, fields, consents }, now);
};
