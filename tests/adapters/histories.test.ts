import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { historyStore } from '#adapters/stores/histories';
import { leadPk } from '#core/keys';

const pk = leadPk('lead-a');
const names = [
  'PROFILE',
  'EVENT#a',
  'EVENT#b',
  'EVENT#c',
  'SEND#a',
  'SEND#b',
  'ENROLMENT#n#a',
  'DECISION#a',
  'STAGE#a',
  'CONSENT#a',
  'CARD#a',
  'SCORE#a',
];
const writes = fc.record({
  sk: fc.constantFrom(...names),
  what: fc.constantFrom('put', 'put', 'put', 'remove', 'leave out', 'merge'),
  mark: fc.nat(3),
});
const rowsOf = ({ sk, what, mark }: { readonly sk: string; readonly what: string; readonly mark: number }) => ({
  pk,
  sk,
  mark,
  ...(sk.startsWith('CARD') && what !== 'leave out' && { list: { stage: 'lead' } }),
  ...(sk === 'PROFILE' && what === 'merge' && { mergedInto: 'lead-b' }),
});

describe('the history of a lead', () => {
  it('is what its rows say, whatever was read of them before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(writes, { maxLength: 4 }), { minLength: 2, maxLength: 12 }), async (rounds) => {
        const table = memoryTable();
        const histories = historyStore(table);
        for (const round of rounds) {
          for (const it of round) await (it.what === 'remove' ? table.delete({ pk, sk: it.sk }) : table.put(rowsOf(it)));
          const anew = historyStore({ ...table, query: async (...asked) => structuredClone(await table.query(...asked)) });
          const history = await histories.ofLead('lead-a');
          expect(history).toEqual(await anew.ofLead('lead-a'));
          expect(await histories.ofLead('lead-a')).toBe(history);
        }
      }),
      { numRuns: Number(process.env.BATON_REMEMBERED_RUNS ?? 60) },
    );
  });

  it('has the very same lists of all kinds of which no row was written', async () => {
    const table = memoryTable();
    const histories = historyStore(table);
    for (const sk of names) await table.put({ pk, sk, mark: 0 });
    const before = await histories.ofLead('lead-a');
    await table.put({ pk, sk: 'EVENT#b', mark: 1 });
    await table.delete({ pk, sk: 'STAGE#a' });
    const after = await histories.ofLead('lead-a');
    expect(after).toMatchObject({ events: [{ mark: 0 }, { mark: 1 }, { mark: 0 }], moves: [] });
    for (const kind of ['sends', 'enrolments', 'decisions', 'consents'] as const) expect(after[kind]).toBe(before[kind]);
    expect(after.lead).toBe(before.lead);
  });
});
