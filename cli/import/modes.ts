import { stat } from 'node:fs/promises';
import type { Answer, Post } from '#cli/import/api';
import { openMemory } from '#cli/import/memory';
import { openSource } from '#cli/import/source';
import { transfer } from '#cli/import/transfer';
import { consentUnits, leadUnits, mappedUnits, suppressionUnits, type Units } from '#cli/import/units';
import type { ExportOptions } from '#core/exports/format';
import type { Mapping } from '#core/imports/mapping';
import { toInstant } from '#core/instant';

export type Mode =
  | { readonly kind: 'leads'; readonly list: string; readonly mapping?: Mapping }
  | { readonly kind: 'consents'; readonly topic: string }
  | { readonly kind: 'suppressions' }
  | { readonly kind: 'declined'; readonly why: string };

export type FileReport = {
  readonly file: string;
  readonly format: string;
  readonly rows: number;
  readonly counts: { readonly [what: string]: number };
  readonly rejected: number;
  readonly warnings: number;
  /** CSV with line, column and what was wrong. */
  readonly report?: string;
};
/** `settled`: whether production may send now; undefined: this was not about suppressions. */
export type ImportResult = { readonly files: readonly FileReport[]; readonly settled?: boolean };

type Asked = { readonly list?: string; readonly consents?: true; readonly suppressions?: true | string; readonly topic?: string };
type Options = Asked & Pick<ExportOptions, 'source'> & { readonly type: ExportOptions['types']; readonly to: string };

export const modeOf = ({ list, consents, suppressions, topic }: Asked, mapping?: Mapping): Mode => {
  const asked = [list !== undefined || mapping !== undefined, consents === true, suppressions !== undefined].filter(Boolean).length;
  if (asked !== 1)
    throw new Error('say what the files are: one of --list, --map, --consents, --suppressions, or --no-suppressions "<why>"');
  if (mapping) return { kind: 'leads', list: list ?? mapping.list, mapping };
  if (list !== undefined) return { kind: 'leads', list };
  if (typeof suppressions === 'string') return { kind: 'declined', why: suppressions };
  if (suppressions) return { kind: 'suppressions' };
  if (topic === undefined) throw new Error('--consents needs --topic: what did these people agree to?');
  return { kind: 'consents', topic };
};

export const settleByHand = async (post: Post, why: string): Promise<ImportResult> => {
  await post('/suppressions', { declined: why });
  return { files: [], settled: true };
};

/** One file after the other; suppressions are settled when the last one is in and nothing that matters was refused. */
export const importFiles = async (
  files: readonly string[],
  mode: Mode,
  options: Options,
  post: Post,
  onBytes: (bytes: number) => void,
): Promise<ImportResult> => {
  const reports: FileReport[] = [];
  let blocking = 0;
  for (const file of files) {
    const imported = await importFile(file, mode, options, post, onBytes);
    blocking += imported.blocking;
    reports.push(imported.report);
  }
  if (mode.kind !== 'suppressions') return { files: reports };
  const accepted = reports.reduce((sum, it) => sum + (it.counts.accepted ?? 0), 0);
  const settled = accepted > 0 && blocking === 0;
  if (settled) await post('/suppressions', { completed: `${accepted} from ${reports.map((it) => it.format).join('; ')}`.slice(0, 200) });
  return { files: reports, settled };
};

const importFile = async (file: string, mode: Mode, options: Options, post: Post, onBytes: (bytes: number) => void) => {
  const { mtimeMs } = await stat(file);
  const source = await openSource(file, { isExport: mode.kind !== 'leads' || mode.mapping !== undefined, onBytes });
  const read: ExportOptions = {
    types: options.type,
    fileTime: toInstant(Math.min(Date.now(), mtimeMs)),
    ...(options.topic !== undefined && { topic: options.topic }),
    ...(options.source !== undefined && { source: options.source }),
  };
  let format = 'no rows';
  const tell = (name: string) => {
    format = name;
  };
  const memory = openMemory(file, [options.to, JSON.stringify(mode), JSON.stringify({ ...read, fileTime: '' })]);
  const units: Units =
    mode.kind === 'leads'
      ? mode.mapping
        ? mappedUnits(source, mode.mapping, tell)
        : leadUnits(source, tell)
      : mode.kind === 'consents'
        ? consentUnits(source, read, tell)
        : suppressionUnits(source, read, tell);
  await transfer(units, memory, (items) => sendAs(mode, items, post, format));
  const { rows, counts, rejected, warnings, blocking } = memory.progress();
  const hasNotes = rejected + warnings > 0;
  memory.finish();
  const report: FileReport = { file, format, rows, counts, rejected, warnings, ...(hasNotes && { report: memory.reportPath }) };
  return { report, blocking };
};

const sendAs = (mode: Mode, items: readonly object[], post: Post, format: string): Promise<Answer> => {
  switch (mode.kind) {
    case 'leads':
      return post('/leads', {
        list: mode.list,
        leads: items,
        ...(mode.mapping && { map: { name: mode.mapping.name, hash: mode.mapping.hash } }),
      });
    case 'consents':
      return post('/leads', { list: `consents-${mode.topic}`.slice(0, 80), leads: items, consents: 'required' });
    case 'suppressions':
      return post('/suppressions', { source: format, suppressions: items, more: true });
    case 'declined':
      throw new TypeError('a decline has no items');
  }
};
