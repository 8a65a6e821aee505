import { beforeAll, expect, it } from 'vitest';
import type { Card } from '#core/console/cards';
import type { LeadList } from '#core/console/views';
import type { Stage } from '#core/lead';
import { consoleFor } from '#tests/helpers/console-app';
import { aWorld, start } from '#tests/helpers/world';

let app: Awaited<ReturnType<typeof consoleFor>>;
let reads: () => number;
const count = 300;

/** Every third is in the sequence, every seventh is Ben's, every fifth is an SQL; scores go from 0 to 299. */
beforeAll(async () => {
  const { ports, meter } = await aWorld({ hasConsole: true });
  for (let at = 0; at < count; at++) {
    const leadId = `lead-${at}`;
    await ports.leads.upsert({ leadId, email: `p${at}@example.com`, fields: { 'first-name': String(at) }, consents: {} }, start);
    const stage: Stage = at % 5 === 0 ? 'sql' : 'lead';
    if (stage === 'sql') await ports.leads.moveStage(leadId, 'lead', 'sql');
    const owner = at % 7 === 0 ? { owner: 'ben' } : {};
    const runs = at % 3 === 0 ? [{ sequence: 'nurture', step: at % 2 === 0 ? 'settle' : 'breathe' }] : [];
    const figures = { leadId, fit: at, engagement: 0, runs, ...owner };
    const cards: readonly Card[] = [
      { ...figures, name: 'stage', list: { stage } },
      ...(at % 7 === 0 ? [{ ...figures, name: 'owner', list: { owner: 'ben' } }] : []),
      ...runs.map((run) => ({ ...figures, name: 'in nurture', list: run })),
    ];
    await ports.cards.put(leadId, [], cards);
  }
  app = await consoleFor(ports);
  reads = () => meter.readUnits;
});

const all = async (query: string): Promise<{ readonly scores: readonly number[]; readonly pages: number }> => {
  const scores: number[] = [];
  for (let after = '', pages = 1; ; pages++) {
    const page = await app.json<LeadList>(`/leads?${query}${after}`);
    expect(page.leads.length).toBeLessThan(50);
    scores.push(...page.leads.map((it) => it.fit));
    if (page.next === undefined) return { scores, pages };
    after = `&after=${page.next}`;
  }
};
const those = (fits: (at: number) => boolean) => Array.from({ length: count }, (_, at) => count - 1 - at).filter(fits);

it.each([
  ['stage=lead&score=280', (at: number) => at % 5 !== 0 && at >= 280],
  ['sequence=nurture&score=290', (at: number) => at % 3 === 0 && at >= 290],
  ['owner=ben&score=-5', (at: number) => at % 7 === 0],
  ['stage=sql&owner=ben', (at: number) => at % 35 === 0],
  ['stage=sql&sequence=nurture&step=settle', (at: number) => at % 30 === 0],
  ['stage=lead&sequence=nurture&owner=ben&score=100', (at: number) => at % 21 === 0 && at % 5 !== 0 && at >= 100],
] as const)('by %s all that fit are found, each once, the best first', async (query, fits) => {
  expect((await all(query)).scores).toEqual(those(fits));
});

it('a least score is a bound of the query: what is below is not read', async () => {
  const before = reads();
  await app.json('/leads?stage=lead&score=298');
  const few = reads() - before;
  await app.json('/leads?stage=lead');
  expect(few).toBeLessThan((reads() - before - few) / 3);
});

it('looks through so many for a page, and says how many', async () => {
  const page = await app.json<LeadList>('/leads?stage=won&sequence=nurture');
  expect(page).toMatchObject({ leads: [], looked: 100 });
  expect(page.next).toBeUndefined();
  expect((await app.json<LeadList>('/leads?stage=lead')).looked).toBeUndefined();
});

it('refuses a score that is none, and newest first beside other filters', async () => {
  for (const query of [
    'score=high',
    'score=1e9',
    'sort=newest&score=3',
    'sort=newest&sequence=nurture',
    'sort=newest&stage=lead&owner=ben',
  ])
    expect(`${query} ${(await app.get(`/leads?${query}`)).status}`).toBe(`${query} 400`);
});
