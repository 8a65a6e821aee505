import type { LiveConfig } from '#core/config';
import { type Change, fieldFact, topicFact } from '#core/entry-facts';
import type { Use } from '#core/handlers';
import type { MappedRow } from '#core/imports/map-row';
import type { Mapping } from '#core/imports/mapping';
import type { Instant } from '#core/instant';
import type { ImportRow, RowNote } from '#core/lead-import';
import { listsOf } from '#core/sequences/enter';
import type { FieldUpdate } from '#core/update-fields';
import { askToConfirm } from '#lambdas/api/ask-to-confirm';
import { claimExternalId, type Finding, type Person, personOfRow } from '#lambdas/api/person-of-row';
import { tellOfChanges } from '#lambdas/tell-of-changes';

/** What every handler that takes leads in may use. */
export type Importing = Pick<
  Use<'collect'>,
  'leads' | 'consents' | 'suppressions' | 'aliases' | 'ids' | 'artifacts' | 'config' | 'enrolQueue' | 'wakeQueue' | 'clock' | 'log'
>;

/** How rows of a mapped source find their lead: external ids, and addresses that change. */
export type Mapped = {
  readonly mapping: Mapping;
  readonly personOf: (row: MappedRow) => Promise<Person>;
  readonly claim: (externalKey: string, leadId: string) => Promise<boolean>;
};

/** For handlers that may change addresses. */
export const mappedBy = (use: Finding, mapping: Mapping): Mapped => ({
  mapping,
  personOf: personOfRow(use, mapping.onNewAddress, { email: mapping.email, externalId: mapping.externalId?.column ?? '' }),
  claim: (externalKey, leadId) => claimExternalId(use, externalKey, leadId),
});

/** What holds for all rows of an import. */
export type ImportContext = {
  readonly brand: LiveConfig['brand'];
  readonly list: string;
  /** Those that the list opens. */
  readonly sequences: readonly string[];
  readonly now: Instant;
  readonly mapped?: Mapped;
};

export type RowOutcome =
  | {
      readonly leadId: string;
      readonly result: 'created' | 'updated' | 'unchanged';
      readonly asked: number;
      readonly tooOld: number;
      readonly warnings: readonly RowNote[];
    }
  | { readonly rejected: RowNote };

const mostClaims = 4;

/** Sequences that a list opens. */
export const sequencesOf = async (use: Pick<Importing, 'artifacts'>, list: string): Promise<readonly string[]> =>
  (await use.artifacts.current()).filter((it) => listsOf(it.enter).includes(list)).map((it) => it.sequence);

/**
 * One row: what was agreed to goes to the ledger, then the lead, then its external id, then its way into every sequence that the
 * list opens. Every effect has a deterministic key, so the same row again does nothing twice.
 */
export const importRow =
  (use: Importing, context: ImportContext) =>
  async (row: ImportRow | MappedRow): Promise<RowOutcome> => {
    for (let claims = 0; claims < mostClaims; claims++) {
      const found = await personOf(use, context, row);
      if ('rejected' in found) return found;
      const { leadId, email, claim } = found;
      const result = await store(use, leadId, email, row, context);
      // Two rows with one external id at the same time: the later one learns whose it is.
      if (claim !== undefined && !(await context.mapped?.claim(claim, leadId))) continue;
      const asked = await askToConfirm(use, { leadId, fields: row.fields, consents: row.consents }, context.brand, context.now);
      await tellOfChanges(use, leadId, changesOf(row, email, result));
      for (const sequence of context.sequences) await use.enrolQueue.push({ leadId, sequence, trigger: `imported:${context.list}` });
      return { leadId, result, ...asked, warnings: [...row.warnings, ...(found.warning ? [found.warning] : [])] };
    }
    return { rejected: { reason: 'the external id goes from one lead to another; import the row again' } };
  };

/** Whoever was not changed may have been created a moment ago, by the same row, before a crash. */
const changesOf = (row: ImportRow | MappedRow, email: string, result: 'created' | 'updated' | 'unchanged'): readonly Change[] => [
  ...(result === 'updated' ? [] : ['created']),
  ...Object.keys(row.fields).map(fieldFact),
  ...Object.keys(row.consents).map(topicFact),
  ...(email === '' ? [] : [fieldFact('email')]),
];

/** An address that a lead had before, or has now, is that lead. */
const personOf = async (use: Importing, { mapped }: ImportContext, row: ImportRow | MappedRow): Promise<Person> => {
  if (mapped && 'defaults' in row) return mapped.personOf(row);
  const email = row.email ?? '';
  return { leadId: await use.aliases.resolve(use.ids.leadId(email)), email };
};

/** The ledger first: no profile says more than can be proved. */
const store = async (use: Importing, leadId: string, email: string, row: ImportRow | MappedRow, { now, mapped }: ImportContext) => {
  for (const [topic, consent] of Object.entries(row.consents)) await use.consents.record(leadId, { topic, ...consent });
  const update = mapped && 'defaults' in row ? updateOf(mapped.mapping, row) : undefined;
  return use.leads.upsert({ leadId, email, fields: row.fields, consents: row.consents, ...(update && { update }) }, now);
};

const updateOf = ({ update }: Mapping, { at, defaults }: MappedRow): FieldUpdate => ({
  ...update,
  defaults,
  ...(at !== undefined && { at }),
});
