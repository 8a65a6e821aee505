import type { Instant } from '#core/instant';
import type { RowNote } from '#core/lead-import';
import type { SuppressionItem } from '#core/suppression-import';

/** One row of an export by its headers, in small letters. */
export type Cells = ReadonlyMap<string, string>;

export type ExportOptions = {
  /** Whoever left, left this topic only; or: whoever agreed, agreed to this topic. */
  readonly topic?: string;
  /** What a HubSpot subscription type is here: a topic, `all` or `none`. */
  readonly types: { readonly [type: string]: string };
  /** Where people agreed, when the file does not say. */
  readonly source?: string;
  /** When the file was made: the time of what has none of its own, so that the same file again says the same. */
  readonly fileTime: Instant;
};

/** No items: the row says of nobody that they must get no mail. */
export type SuppressionRow = { readonly items: readonly SuppressionItem[] } | { readonly rejected: RowNote };
/** The columns of core/consent-columns.ts, and `email`. */
export type ConsentRow = { readonly columns: Readonly<Record<string, string>> } | { readonly rejected: RowNote };

export type ExportFormat<Row> = { readonly name: string; readonly read: (cells: Cells, options: ExportOptions) => Row };
/** `problem`: why nothing can be read from a file with these headers. */
export type Recognised<Row> = ExportFormat<Row> | { readonly problem: string };

export const toCells = (row: Readonly<Record<string, string>>): Cells =>
  new Map(Object.entries(row).map(([header, value]) => [header.trim().toLowerCase(), value.trim()]));

export const cellOf = (cells: Cells, ...names: readonly string[]): string =>
  names.map((it) => cells.get(it) ?? '').find((it) => it !== '') ?? '';

export const isYes = (value: string): boolean => /^(true|yes|1)$/i.test(value);
