import { mapRow } from '#core/imports/map-row';
import { headerTrouble } from '#core/imports/mapping';
import type { LeadFields } from '#core/lead';
import { type RowNote, readImportRow } from '#core/lead-import';
import { type Importing, importRow, type Mapped, sequencesOf } from '#lambdas/api/import-row';

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

type Options = {
  readonly list: string;
  readonly needsConsent?: boolean;
  /** How the columns become fields; without it they are fields by their own names, and a person stands in a list once. */
  readonly mapped?: Mapped;
  readonly onLead?: (leadId: string, row: { readonly fields: LeadFields }) => void;
};

/** Takes in a list row by row; the same list again, or the rest of one that was cut off, does nothing twice (import-row.ts). */
export const importLeads =
  (use: Importing) =>
  async (rows: AsyncIterable<SourceRow>, { list, needsConsent = false, mapped, onLead }: Options): Promise<ImportReport> => {
    const now = use.clock.now();
    const { brand } = await use.config.live();
    const context = { topics: Object.keys(brand.topics), now, hashIp: use.ids.ipHash, needsConsent };
    const take = importRow(use, { brand, list, sequences: await sequencesOf(use, list), now, ...(mapped && { mapped }) });
    const mapping = mapped?.mapping;
    const counts = { rows: 0, created: 0, updated: 0, unchanged: 0, askedToConfirm: 0, tooOldToConfirm: 0 };
    const rejected: LineNote[] = [];
    const warnings: LineNote[] = [];
    const lineOf = new Map<string, number>();
    const read = (row: SourceRow) => {
      if ('problem' in row) return { rejected: { reason: row.problem } };
      if (!mapping) return readImportRow(row.cells, context);
      const trouble = headerTrouble(mapping, Object.keys(row.cells));
      return trouble === undefined ? mapRow(mapping, row.cells, context) : { rejected: { reason: trouble } };
    };
    for await (const row of rows) {
      const { line } = row;
      counts.rows++;
      const found = read(row);
      if ('rejected' in found) {
        rejected.push({ line, ...found.rejected });
        continue;
      }
      const earlier = mapping ? undefined : lineOf.get(found.email ?? '');
      if (earlier !== undefined) {
        rejected.push({ line, column: 'email', reason: `the same address as in line ${earlier}` });
        continue;
      }
      if (!mapping) lineOf.set(found.email ?? '', line);
      const done = await take(found);
      if ('rejected' in done) {
        rejected.push({ line, ...done.rejected });
        continue;
      }
      warnings.push(...done.warnings.map((it) => ({ line, ...it })));
      counts[done.result]++;
      counts.askedToConfirm += done.asked;
      counts.tooOldToConfirm += done.tooOld;
      onLead?.(done.leadId, found);
    }
    use.log.info('list imported', { list, ...counts, rejected: rejected.length });
    return { list, ...counts, rejected, warnings };
  };
