import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { everyHistory } from '#cli/read-leads';
import { compare, inWords } from '#cli/score';
import { addSeconds } from '#core/instant';
import { live, scoring } from '#tests/core/rules/examples';
import { anEventRow, now } from '#tests/helpers/builders';

const aTableOfLeads = async (count: number) => {
  const table = memoryTable();
  const { leads, events } = stores(table, async () => []);
  for (let at = 0; at < count; at++) {
    const leadId = `${String.fromCharCode(97 + (at % 26))}-lead-${at}`;
    await leads.upsert({ leadId, email: `${leadId}@engines.example`, fields: { employees: 120 }, consents: {} }, now);
    for (let visit = 0; visit <= at % 3; visit++)
      await events.put(
        anEventRow({ leadId, eventId: `v${visit}`, name: 'visited', path: '/pricing', at: addSeconds(now, -visit * 86_400) }),
      );
  }
  return { table, leads };
};
const generous = {
  ...live,
  scoring: {
    ...scoring,
    engagement: { ...scoring.engagement, rules: scoring.engagement.rules.map((it) => (it.on === 'visited' ? { ...it, points: 20 } : it)) },
  },
};

describe('baton score --diff', () => {
  it('finds every lead by the index, over its pages, and no former one', async () => {
    const { table, leads } = await aTableOfLeads(450);
    await leads.moveStage('a-lead-0', 'lead', 'engaged');
    const found: string[] = [];
    for await (const { leadId, lead } of everyHistory(table)) {
      expect(lead?.leadId).toBe(leadId);
      found.push(leadId);
    }
    expect(found).toHaveLength(450);
    expect(new Set(found).size).toBe(450);
  });

  it('says in words who would cross, by what, and how many', async () => {
    const { table } = await aTableOfLeads(9);
    const result = await compare(everyHistory(table), live, generous, now);
    expect(result.summary).toEqual({ leads: 9, changed: 9, wouldQualify: 3, wouldNoLongerQualify: 0, stages: {} });
    const text = inWords(result, 4);
    expect(text).toContain('9 leads before sales');
    expect(text).toContain('would qualify: 3');
    expect(text).toMatch(/^\+ \S+ {2}fit 20, engagement 23\.6 → 39\.4 {2}\(looked at \/pricing \+15\.7\)$/m);
    expect(text).toContain('… and 5 more');
    expect(inWords(await compare(everyHistory(table), live, live, now), 4)).toContain('Nobody crosses');
  });

  it('says what is wrong with a version that there is not', async () => {
    const run = promisify(execFile)(process.execPath, ['bin/baton.mjs', 'score', '--diff', '--against', 'no-such-ref', '--table', 'x']);
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('no such git ref') });
  });
});
