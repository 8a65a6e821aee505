import type { CsvPlace, PlacedRow } from '#core/imports/drop';
import { type MappedRow, mapRow } from '#core/imports/map-row';
import type { Mapping } from '#core/imports/mapping';
import type { LineNote } from '#core/imports/report-line';
import { addSeconds, type Instant } from '#core/instant';
import { type Importing, importRow, mappedBy, sequencesOf } from '#lambdas/api/import-row';
import type { Finding } from '#lambdas/api/person-of-row';

/** What became of a part of a list. `place`: where the next one begins; without it the list is at its end. */
export type Part = { readonly rows: number; readonly taken: number; readonly notes: readonly LineNote[]; readonly place?: CsvPlace };

/** A function has half a minute; one that takes longer over its last rows than the rest is done again. */
const partSeconds = 12;
const partRows = 5000;
/** So many at once, none of them of one person: rows of one person stay in their order. */
const atOnce = 20;

type Pending = { readonly line: number; readonly row: MappedRow };

/** Imports rows until time is up. `check` looks at the headers before the first; what it says is returned instead. */
export const importPart =
  (use: Importing & Finding, mapping: Mapping, startedAt: Instant) =>
  async (rows: AsyncIterable<PlacedRow>, check: (headers: readonly string[]) => string | undefined): Promise<Part | string> => {
    const until = addSeconds(use.clock.now(), partSeconds);
    const { brand } = await use.config.live();
    const { list } = mapping;
    const take = importRow(use, { brand, list, mapped: mappedBy(use, mapping), sequences: await sequencesOf(use, list), now: startedAt });
    const reading = { topics: Object.keys(brand.topics), now: startedAt, hashIp: use.ids.ipHash };
    const counts = { rows: 0, taken: 0 };
    const notes: LineNote[] = [];
    let batch: Pending[] = [];
    let people = new Set<string>();
    const flush = async () => {
      const done = await Promise.all(batch.map(async ({ line, row }) => ({ line, outcome: await take(row) })));
      for (const { line, outcome } of done) {
        if ('rejected' in outcome) notes.push({ line, kind: 'rejected', ...outcome.rejected });
        else notes.push(...outcome.warnings.map((it) => ({ line, kind: 'warning' as const, ...it })));
      }
      counts.taken += done.filter((it) => 'leadId' in it.outcome).length;
      batch = [];
      people = new Set();
    };
    for await (const placed of rows) {
      const trouble = counts.rows === 0 && placed.next ? check(placed.next.headers) : undefined;
      if (trouble !== undefined) return trouble;
      counts.rows++;
      const row = 'problem' in placed ? { rejected: { reason: placed.problem } } : mapRow(mapping, placed.cells, reading);
      if ('rejected' in row) notes.push({ line: placed.line, kind: 'rejected', ...row.rejected });
      else {
        const names = namesOf(row);
        if (names.some((it) => people.has(it))) await flush();
        for (const it of names) people.add(it);
        batch.push({ line: placed.line, row });
      }
      if (batch.length >= atOnce) await flush();
      const isOver = counts.rows >= partRows || (counts.rows % atOnce === 0 && use.clock.now() >= until);
      if (isOver && placed.next) {
        await flush();
        return { ...counts, notes: inOrder(notes), place: placed.next };
      }
    }
    await flush();
    return { ...counts, notes: inOrder(notes) };
  };

const namesOf = ({ email, externalId }: MappedRow): readonly string[] => [
  ...(email === undefined ? [] : [`address:${email}`]),
  ...(externalId ? [`external:${externalId.id}`] : []),
];

const inOrder = (notes: LineNote[]): readonly LineNote[] => notes.sort((one, other) => one.line - other.line);
