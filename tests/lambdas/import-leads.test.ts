import { createReadStream } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCsv } from '#adapters/files/csv';
import { importLeads, type SourceRow } from '#lambdas/api/import-leads';
import { aWorld } from '#tests/helpers/world';

async function* rowsOf(rows: readonly SourceRow[]): AsyncGenerator<SourceRow> {
  yield* rows;
}
const row = (line: number, email: string): SourceRow => ({
  line,
  cells: { email, 'consent-topics': 'tips', 'consent-at': '2026-02-01', 'consent-source': 'form' },
});

describe('importing leads', () => {
  it('takes the good rows, reports the others by line, and does nothing twice', async () => {
    const { ports } = await aWorld();
    const rows = [
      row(2, 'a@example.com'),
      row(3, 'nobody'),
      row(4, ' A@Example.com '),
      { line: 5, problem: 'torn' },
      row(6, 'b@example.com'),
    ];
    const first = await importLeads(ports)(rowsOf(rows), { list: 'spring' });
    expect(first).toEqual({
      list: 'spring',
      rows: 5,
      created: 2,
      updated: 0,
      unchanged: 0,
      askedToConfirm: 0,
      tooOldToConfirm: 0,
      warnings: [],
      rejected: [
        { line: 3, column: 'email', reason: 'this is not an e-mail address' },
        { line: 4, column: 'email', reason: 'the same address as in line 2' },
        { line: 5, reason: 'torn' },
      ],
    });
    expect(await importLeads(ports)(rowsOf(rows), { list: 'spring' })).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  });

  it('lets the list into the sequences that it opens, once for each list', async () => {
    const world = await aWorld();
    const [artifact] = await world.ports.artifacts.current();
    const opened = { ...artifact, enter: { on: { imported: 'spring' }, again: 'never' as const } };
    const ports = { ...world.ports, artifacts: { ...world.ports.artifacts, current: async () => [opened] as never } };
    for (let time = 0; time < 2; time++) await importLeads(ports)(rowsOf([row(2, 'a@example.com')]), { list: 'spring' });
    await importLeads(ports)(rowsOf([row(2, 'a@example.com')]), { list: 'autumn' });
    const queued = world.queues.messagesIn('enrol').map((it) => JSON.parse(it.body) as { trigger: string });
    expect(queued.map((it) => it.trigger)).toEqual(['imported:spring', 'imported:spring']);
    await world.runUntil(world.clock.now());
    expect(await ports.enrolments.ofLead(ports.ids.leadId('a@example.com'))).toHaveLength(1);
  });

  it('takes the example list: 300 leads, the messy rows explained, no address in the report', async () => {
    const { ports } = await aWorld();
    const report = await importLeads(ports)(readCsv(createReadStream('examples/leads.csv')), { list: 'webinar' });
    expect(report).toMatchObject({ rows: 309, created: 300 });
    expect(report.rejected).toHaveLength(9);
    expect(report.warnings.length).toBeGreaterThan(5);
    expect(JSON.stringify(report)).not.toMatch(/@[a-z]+\.example/);
  });
});
