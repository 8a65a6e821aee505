import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { cardStore } from '#adapters/stores/cards';
import type { Card } from '#core/console/cards';
import type { LeadList } from '#core/console/views';
import { addSeconds } from '#core/instant';
import type { Stage } from '#core/lead';
import { consoleFor } from '#tests/helpers/console-app';
import { aWorld, start } from '#tests/helpers/world';

/** `BATON_PROPERTY_RUNS=500` for a long run. */
const numRuns = Number(process.env.BATON_PROPERTY_RUNS ?? 12);

/** Between two pages somebody comes, goes to another stage, or is scored anew. */
const Change = fc.record({
  before: fc.nat({ max: 6 }),
  who: fc.nat({ max: 79 }),
  does: fc.constantFrom('comes', 'leaves', 'rises', 'falls'),
});

const card = (leadId: string, engagement: number, stage: Stage = 'lead'): Card => ({
  leadId,
  name: 'stage',
  list: { stage },
  fit: 0,
  engagement,
  runs: [],
});

it('pages by score visit every lead that stays as it is exactly once, whatever happens to the others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 80 }),
      fc.array(Change, { maxLength: 12 }),
      async (scores, changes) => {
        const cards = cardStore(memoryTable(), async () => true);
        const now = new Map(scores.map((score, at) => [`lead-${at}`, card(`lead-${at}`, score)]));
        for (const it of now.values()) await cards.put(it.leadId, [], [it]);
        const touched = new Set<string>();
        const seen: string[] = [];
        let after: string | undefined;
        for (let page = 0; ; page++) {
          for (const { who, does } of changes.filter((it) => it.before === page)) {
            const leadId = does === 'comes' ? `new-${page}-${who}` : `lead-${who}`;
            const before = now.get(leadId);
            if (does !== 'comes' && !before) continue;
            touched.add(leadId);
            const points = (before?.engagement ?? who) + (does === 'rises' ? 7 : does === 'falls' ? -7 : 0);
            const next = card(leadId, points, does === 'leaves' ? 'won' : 'lead');
            await cards.put(leadId, before ? [before] : [], [next]);
            now.set(leadId, next);
          }
          const found = await cards.page({ stage: 'lead' }, 10, after);
          seen.push(...found.cards.map((it) => it.leadId));
          after = found.next;
          if (after === undefined) break;
        }
        const still = scores.map((_, at) => `lead-${at}`).filter((it) => !touched.has(it));
        expect(seen.filter((it) => !touched.has(it)).toSorted()).toEqual(still.toSorted());
      },
    ),
    { numRuns: numRuns * 5 },
  );
});

it('pages by newest visit every lead that stays exactly once, though many came at one moment', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { minLength: 30, maxLength: 90 }),
      fc.array(Change, { maxLength: 8 }),
      async (moments, changes) => {
        const world = await aWorld();
        const app = await consoleFor(world.ports);
        const add = async (name: string, at: number) => {
          const leadId = world.ports.ids.leadId(`${name}@example.com`);
          await world.ports.leads.upsert({ leadId, email: `${name}@example.com`, fields: {}, consents: {} }, addSeconds(start, 60 + at));
          return leadId;
        };
        const ids = [];
        for (const [at, moment] of moments.entries()) ids.push(await add(`somebody-${at}`, moment));
        const left = new Set<string>();
        const seen: string[] = [];
        let next: string | undefined = '';
        for (let page = 0; next !== undefined; page++) {
          for (const { who, does } of changes.filter((it) => it.before === page)) {
            const leadId = ids[who];
            if (does === 'comes') await add(`late-${page}-${who}`, 50);
            else if (does === 'leaves' && leadId !== undefined && !left.has(leadId)) {
              await world.ports.leads.moveStage(leadId, 'lead', 'lost');
              left.add(leadId);
            }
          }
          const found: LeadList = await app.json<LeadList>(`/leads?stage=lead&sort=newest${next === '' ? '' : `&after=${next}`}`);
          seen.push(...found.leads.map((it) => it.leadId));
          next = found.next;
        }
        const still = ids.filter((it) => !left.has(it));
        expect(seen.filter((it) => still.includes(it)).toSorted()).toEqual(still.toSorted());
        await world.stop();
      },
    ),
    { numRuns },
  );
});
