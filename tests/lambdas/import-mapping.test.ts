import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '#core/imports/mapping';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { importLeads, type SourceRow } from '#lambdas/api/import-leads';
import { mappedBy } from '#lambdas/api/import-row';
import { leadIdOf } from '#lambdas/lead-reference';
import { testKeys } from '#local/settings';
import { aMapping } from '#tests/helpers/mappings';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const people = (rule: string, times = true) =>
  aMapping(
    `email: Mail\nexternal-id: { column: Id, system: crm }\non-new-address: ${rule}\n${times ? 'updated-at: At\n' : ''}columns: { City: city, Team: team }`,
    'people',
  );

async function* rowsOf(rows: readonly Record<string, string>[]): AsyncGenerator<SourceRow> {
  yield* rows.map((it, at) => ({ line: at + 2, cells: { Mail: '', Id: '', At: '', City: '', Team: '', ...it } }));
}

const withImports = async (mapping: Mapping) => {
  const world = await aWorld({ live: { ...liveConfig, imports: { [mapping.name]: mapping } } });
  const { ports } = world;
  const find = async (email: string) => ports.leads.find(await ports.aliases.resolve(ports.ids.leadId(email)));
  const byId = async (id: string) => ports.leads.find(await ports.aliases.resolve(ports.ids.externalId('crm', id)));
  const bring = (...rows: readonly Record<string, string>[]) =>
    importLeads(ports)(rowsOf(rows), { list: mapping.list, mapped: mappedBy(ports, mapping) });
  return { ...world, find, byId, bring };
};

describe('an external id', () => {
  it('finds its lead under a new address, which mail goes to from then on; the old one still finds it', async () => {
    const { bring, find, byId } = await withImports(people('change'));
    await bring({ Mail: 'a@example.com', Id: '7', At: '2026-01-01', City: 'Cork' });
    expect(await bring({ Mail: 'b@example.com', Id: '7', At: '2026-02-01', Team: 'x' })).toMatchObject({
      created: 0,
      updated: 1,
      rejected: [],
    });
    const lead = await byId('7');
    expect(lead).toMatchObject({ email: 'b@example.com', fields: { city: 'Cork', team: 'x' } });
    expect([await find('a@example.com'), await find('b@example.com')]).toEqual([lead, lead]);
  });

  it('does not switch mail back to what an older file says, nor to a former address without a time', async () => {
    const { bring, byId, find } = await withImports(people('change'));
    await bring({ Mail: 'b@example.com', Id: '7', At: '2026-02-01' });
    await bring({ Mail: 'a@example.com', Id: '7', At: '2026-01-01', City: 'Cork' });
    expect(await byId('7')).toMatchObject({ email: 'b@example.com', fields: { city: 'Cork' } });
    expect(await find('a@example.com')).toEqual(await byId('7'));
    await bring({ Mail: 'a@example.com', Id: '7' });
    expect((await byId('7'))?.email).toBe('b@example.com');
    await bring({ Mail: 'a@example.com', Id: '7', At: '2026-03-01' });
    expect((await byId('7'))?.email).toBe('a@example.com');
  });

  it('needs no address once it is known, and one before', async () => {
    const { bring, byId } = await withImports(people('change'));
    expect(await bring({ Id: '7', City: 'Cork' })).toMatchObject({ rejected: [{ line: 2, column: 'Mail' }] });
    await bring({ Mail: 'a@example.com', Id: '7', At: '2026-01-01' });
    expect(await bring({ Id: '7', At: '2026-01-02', City: 'Cork' })).toMatchObject({ updated: 1 });
    expect((await byId('7'))?.fields).toEqual({ city: 'Cork' });
  });

  it.each([
    ['change', { rejected: 1, same: false }],
    ['merge', { rejected: 0, same: true }],
    ['refuse', { rejected: 1, same: false }],
    ['second-lead', { rejected: 0, same: false }],
  ] as const)('with the address of another lead: %s', async (rule, { rejected, same }) => {
    const { bring, find } = await withImports(people(rule));
    await bring({ Mail: 'a@example.com', Id: '7', At: '2026-01-01' }, { Mail: 'b@example.com', At: '2026-01-01' });
    const report = await bring({ Mail: 'b@example.com', Id: '7', At: '2026-02-01' });
    expect(report.rejected).toHaveLength(rejected);
    expect(report.warnings).toHaveLength(rule === 'second-lead' ? 1 : 0);
    expect((await find('a@example.com'))?.leadId === (await find('b@example.com'))?.leadId).toBe(same);
    expect(JSON.stringify(report)).not.toContain('@example');
  });

  it('and every address it ever had name the lead of an event', async () => {
    const world = await withImports(people('change'));
    await world.bring({ Mail: 'a@example.com', Id: '7', At: '2026-01-01' }, { Mail: 'b@example.com', Id: '7', At: '2026-02-01' });
    const { ports } = world;
    const references = [{ email: 'a@example.com' }, { email: ' B@example.com' }, { 'external-id': { system: 'crm', id: '7' } }];
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` };
    const events = references.map((it, at) => ({ id: `e-${at}`, name: 'visited', path: '/pricing', at: start, ...it }));
    const answer = await world.app.request('/events', { method: 'POST', headers, body: JSON.stringify({ events }) });
    expect(answer.status).toBe(202);
    await world.runUntil(world.clock.now());
    const lead = await world.byId('7');
    expect((await ports.events.ofLead(lead?.leadId ?? '')).map((it) => it.eventId.slice(-3)).sort()).toEqual(['e-0', 'e-1', 'e-2']);
    for (const wrong of [{}, { email: 'x' }, { email: 'a@example.com', leadId: 'l' }, { externalId: { system: 'crm', id: ' ' } }])
      expect(leadIdOf(ports, wrong)).toHaveProperty('reason');
  });

  it('survives a merge of its lead', async () => {
    const { bring, byId, find, app } = await withImports(people('change'));
    await bring({ Mail: 'a@example.com', Id: '7', At: '2026-01-01' }, { Mail: 'c@example.com', Id: '8', At: '2026-01-01' });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` };
    const body = JSON.stringify({ changes: [{ from: 'a@example.com', to: 'c@example.com' }] });
    expect((await app.request('/addresses', { method: 'POST', headers, body })).status).toBe(202);
    expect(await byId('8')).toEqual(await byId('7'));
    expect((await find('c@example.com'))?.email).toBe('c@example.com');
  });
});

describe('POST /leads with a mapping', () => {
  const post = async (body: object) => {
    const { app, find } = await withImports(people('change'));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` };
    const answer = await app.request('/leads', { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json(), find };
  };
  const leads = [{ Mail: 'a@example.com', Id: '7', At: '2026-01-01', City: 'Cork', Team: '' }, { Mail: 'x' }];

  it('reads columns by it, and refuses one that is not what is deployed', async () => {
    const { status, body, find } = await post({ list: 'people', map: { name: 'people', hash: 'h' }, leads });
    expect([status, body]).toMatchObject([207, { created: 1, rejected: [{ index: 1, reason: expect.stringContaining('no column') }] }]);
    expect((await find('a@example.com'))?.fields).toEqual({ city: 'Cork' });
    expect((await post({ list: 'people', map: { name: 'people', hash: 'older' }, leads })).status).toBe(409);
    expect((await post({ list: 'people', map: { name: 'toString' }, leads })).status).toBe(409);
  });
});

/** What order must not decide; a lead’s id is that of the address it came with. */
const bare = (lead: Lead | undefined) =>
  lead && { fields: lead.fields, times: { city: lead.fieldTimes?.city, team: lead.fieldTimes?.team }, email: lead.email };

describe('newest wins per field', () => {
  const days: readonly Instant[] = ['', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'];
  const value = fc.constantFrom('', 'x', 'y', 'z');
  const row = fc.record({ who: fc.constantFrom('a', 'b', 'c'), At: fc.constantFrom(...days), City: value, Team: value });
  const cellsOf = ({ who, ...rest }: { who: string; At: string; City: string; Team: string }, variant: number) => ({
    ...rest,
    Mail: `${who}${variant}@example.com`,
  });

  it('in whatever order rows come, and however often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(row, { minLength: 1, maxLength: 14 })
          .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2 }))),
        async ([rows, shuffled]) => {
          const results = [];
          for (const order of [rows, shuffled]) {
            const { bring, find } = await withImports(people('change'));
            await bring(...order.map((it) => cellsOf(it, 0)));
            results.push(await Promise.all(['a', 'b', 'c'].map(async (it) => bare(await find(`${it}0@example.com`)))));
          }
          expect(results[1]).toEqual(results[0]);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('for the address of an external id as well', async () => {
    const moving = fc.record({
      who: fc.constantFrom('a', 'b'),
      variant: fc.nat(2),
      At: fc.constantFrom(...days.slice(1)),
      City: value,
      Team: value,
    });
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(moving, { minLength: 1, maxLength: 8 })
          .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2 }))),
        async ([rows, shuffled]) => {
          const results = [];
          for (const order of [rows, shuffled]) {
            const { bring, byId, find } = await withImports(people('merge'));
            await bring(...order.map(({ variant, ...it }) => ({ ...cellsOf(it, variant), Id: it.who })));
            for (const it of rows) expect((await find(`${it.who}${it.variant}@example.com`))?.leadId).toBe((await byId(it.who))?.leadId);
            results.push(await Promise.all(['a', 'b'].map(async (it) => bare(await byId(it)))));
          }
          expect(results[1]).toEqual(results[0]);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
