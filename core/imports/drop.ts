import * as z from 'zod';
import type { Instant } from '#core/instant';
import { idPattern } from '#core/sequences/steps/step-kind';

/** A file that was put into the drop folder, told of by the bucket. `sequencer`: which time it was put there. */
export const DropMessage = z.strictObject({
  key: z.string().min(1).max(1024),
  etag: z.string().min(1).max(200),
  sequencer: z.string().max(200).optional(),
});
export type DropMessage = z.output<typeof DropMessage>;

/** Where a table goes on: how it is written, and the byte and the line that the next row begins at. */
export const CsvPlace = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  recordDelimiter: z.string().optional(),
  headers: z.array(z.string()),
  offset: z.number(),
  /** The last line that was read. */
  line: z.number(),
});
export type CsvPlace = z.output<typeof CsvPlace>;

type RowThere =
  | { readonly line: number; readonly cells: Readonly<Record<string, string>> }
  | { readonly line: number; readonly problem: string };
/** A row and where the next one begins; without `next` nothing can be read after it. */
export type PlacedRow = RowThere & { readonly next?: CsvPlace };

/** How far an import came. done: to its end; refused: the file as a whole cannot be read, or is not there any more. */
export type DropState = {
  readonly state: 'working' | 'done' | 'refused';
  /** The time that the whole import goes by, so that a part that is done again says the same. */
  readonly startedAt: Instant;
  /** Counts who works on it: only the last one may record. */
  readonly claims: number;
  readonly place?: CsvPlace;
  readonly rows: number;
  readonly taken: number;
  readonly rejected: number;
  readonly warnings: number;
  /** Files of the report: how many, and how much of the last one counts. */
  readonly reports: number;
  readonly reportBytes: number;
};

/** The mapping that `leads/<mapping>/<file>` is read by; undefined: the file does not lie where lists do. */
export const mappingOfKey = (key: string): string | undefined => {
  const [, name = ''] = /^leads\/([^/]+)\/.*[^/]$/.exec(key) ?? [];
  return name.length <= 32 && idPattern.test(name) ? name : undefined;
};

/** The n-th file of its report, and the summary. `dropId` keeps a file apart from one of the same name that was put there before. */
export const reportKey = (key: string, dropId: string, number: number): string =>
  `reports/${key}.${dropId.slice(0, 8)}${number > 1 ? `-${number}` : ''}.csv`;
export const summaryKey = (key: string, dropId: string): string => `reports/${key}.${dropId.slice(0, 8)}.json`;
