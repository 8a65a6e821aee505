import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { type LineNote, reportHeader, reportLine } from '#core/imports/report-line';

const Progress = z.strictObject({
  /** Of the file, the mode and where it goes: another of these is another import. */
  of: z.string(),
  rows: z.number(),
  counts: z.record(z.string(), z.number()),
  rejected: z.number(),
  warnings: z.number(),
  /** Rejections that may be people who must get no mail. */
  blocking: z.number(),
  reportBytes: z.number(),
});
export type Progress = z.output<typeof Progress>;

/** How far an import came, beside the file, and what was wrong with which row: `<file>.baton-state.json`, `<file>.report.csv`. */
export const openMemory = (file: string, sameAs: readonly string[]) => {
  const statePath = `${file}.baton-state.json`;
  const reportPath = `${file}.report.csv`;
  const { size, mtimeMs } = statSync(file);
  const of = createHash('sha256')
    .update(JSON.stringify([size, mtimeMs, ...sameAs]))
    .digest('hex')
    .slice(0, 16);
  const kept = readKept(statePath);
  let progress: Progress =
    kept?.of === of && existsSync(reportPath)
      ? kept
      : { of, rows: 0, counts: {}, rejected: 0, warnings: 0, blocking: 0, reportBytes: reportHeader.length };
  if (progress.rows === 0) writeFileSync(reportPath, reportHeader);
  // What was written after the last batch that is on record comes again.
  else truncateSync(reportPath, progress.reportBytes);
  return {
    reportPath,
    progress: () => progress,
    /** After a batch was answered: first the report, then how far we are. */
    record: (rows: number, counts: Progress['counts'], notes: readonly LineNote[]): void => {
      const text = notes.map(reportLine).join('');
      if (text !== '') appendFileSync(reportPath, text);
      const count = (kind: LineNote['kind']) => notes.filter((it) => it.kind === kind).length;
      progress = {
        of,
        rows: progress.rows + rows,
        counts: sum(progress.counts, counts),
        rejected: progress.rejected + count('rejected'),
        warnings: progress.warnings + count('warning'),
        blocking: progress.blocking + notes.filter((it) => it.kind === 'rejected' && it.column !== 'email').length,
        reportBytes: progress.reportBytes + Buffer.byteLength(text),
      };
      writeFileSync(`${statePath}.new`, JSON.stringify(progress));
      renameSync(`${statePath}.new`, statePath);
    },
    finish: (): void => {
      rmSync(statePath, { force: true });
      if (progress.rejected + progress.warnings === 0) rmSync(reportPath, { force: true });
    },
  };
};
export type Memory = ReturnType<typeof openMemory>;

const readKept = (path: string): Progress | undefined => {
  try {
    return Progress.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
};

const sum = (one: Progress['counts'], other: Progress['counts']): Progress['counts'] =>
  Object.fromEntries([...new Set([...Object.keys(one), ...Object.keys(other)])].map((key) => [key, (one[key] ?? 0) + (other[key] ?? 0)]));
