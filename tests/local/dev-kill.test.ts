import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadView } from '#core/console/views';
import type { MailDetail, MailList, MailRow } from '#local/dev/api';
import { randomOf } from '#local/prove/gate';
import { type DevProcess, startDev } from '#tests/helpers/dev-process';

const kills = 4;
const days = 8;
const seed = Number(process.env.BATON_KILL_SEED ?? Date.now() % 1_000_000);

let folder = '';
let list = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-dev-kill-'));
  list = join(folder, 'leads.csv');
  const lines = (await readFile('examples/leads.csv', 'utf8')).split('\n');
  await writeFile(list, lines.slice(0, 61).join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (name: string) =>
  startDev(['--data', join(folder, name), '--port', '0', '--leads', list, '--speed', 'paused', '--from', '2026-03-02T09:00:00Z']);

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Until the jump ahead is over; `stopAfter`: or until so many milliseconds have passed. */
const run = async (dev: DevProcess, stopAfter = Number.POSITIVE_INFINITY): Promise<boolean> => {
  const begun = performance.now();
  while (performance.now() - begun < stopAfter) {
    if ((await dev.status()).runningTo === undefined) return true;
    await sleep(20);
  }
  return false;
};

const begin = async (dev: DevProcess): Promise<void> => {
  await dev.post('/import', { people: true });
  await dev.post('/ahead', { seconds: days * 86_400 });
};

/** By lead: the mails it got, by sequence and step, and its tasks; beside, every mail's key and who has one in doubt. */
const outcomeOf = async (dev: DevProcess) => {
  const mails: MailRow[] = [];
  for (let total = 1; mails.length < total; ) {
    const page = await dev.get<MailList>(`/mails?from=${mails.length}`);
    total = page.total;
    mails.push(...page.mails);
  }
  const details = await Promise.all(mails.map((it) => dev.get<MailDetail>(`/mails/${it.messageId}`)));
  const stories = await Promise.all((await dev.leadIds()).map((it) => dev.look<LeadView>(`/leads/${it}`)));
  const keys = details
    .filter((it) => it.leadId)
    .map(({ tags }) => [tags.lead, tags.sequence, tags.enrolment, tags.step, tags.round].join(' '));
  const doubtful = new Set(stories.filter((it) => it.timeline.some((entry) => entry.what.includes('nobody knows'))).map((it) => it.leadId));
  const byLead = new Map(
    stories.map(({ leadId, tasks }) => [
      leadId,
      JSON.stringify([keys.filter((it) => it.startsWith(leadId)).sort(), tasks.map((it) => it.rep)]),
    ]),
  );
  return { keys, byLead, doubtful, status: await dev.status() };
};

const undisturbed = async () => {
  const dev = await start('undisturbed');
  await begin(dev);
  await run(dev);
  const outcome = await outcomeOf(dev);
  await dev.stop();
  return outcome;
};

/** The first kill mostly meets the import, the others the days after it. */
const disturbed = async () => {
  const random = randomOf(seed);
  let dev = await start('killed');
  await begin(dev);
  let killed = 0;
  while (killed < kills && !(await run(dev, 150 + random() * 700))) {
    await dev.kill();
    killed++;
    dev = await start('killed');
  }
  await run(dev);
  const outcome = await outcomeOf(dev);
  await dev.stop();
  return { ...outcome, killed };
};

describe('baton dev, killed in the middle and started again', () => {
  it('loses nothing, repeats nothing, and goes on by itself where it was', async () => {
    const [expected, { killed, ...actual }] = await Promise.all([undisturbed(), disturbed()]);

    console.info(`killed ${killed} times, seed ${seed}; ${actual.doubtful.size} leads have a mail in doubt`);
    expect(killed).toBeGreaterThanOrEqual(3);
    expect(actual.status.deadLetters).toBe(0);
    expect(actual.keys.length - new Set(actual.keys).size).toBe(0);
    expect([...actual.byLead.keys()].sort()).toEqual([...expected.byLead.keys()].sort());
    expect(actual.doubtful.size).toBeLessThanOrEqual(killed);
    // Redelivered work comes three minutes later, which may once meet a wait that has just ended (see kill.test.ts).
    const differing = [...expected.byLead].filter(([leadId, facts]) => !actual.doubtful.has(leadId) && actual.byLead.get(leadId) !== facts);
    expect(differing.length, JSON.stringify(differing)).toBeLessThanOrEqual(1);
  }, 240_000);

  it('keeps two processes apart, and whatever was answered before a kill', async () => {
    const dev = await start('apart');
    await expect(start('apart')).rejects.toThrow(/another baton dev keeps its data/);
    const kim = { email: 'kim@example.com', fields: { 'first-name': 'Kim' }, topics: ['product-tips'], start: { event: 'trial.started' } };
    expect(await dev.post('/leads', kim)).toBe(200);
    // On a busy machine what follows from an answer may come a moment after it.
    const soon = { timeout: 20_000, interval: 50 };
    const mailOf = async (process: DevProcess) => (await process.get<MailList>('/mails')).mails[0]?.messageId;
    await expect.poll(() => mailOf(dev), soon).toBeDefined();
    const messageId = await mailOf(dev);
    expect(await dev.post(`/mails/${messageId}/act`, { do: 'open' })).toBe(200);
    const before = await dev.status();
    await dev.kill();
    const again = await start('apart');
    expect(await mailOf(again)).toBe(messageId);
    const kinds = async () => (await again.get<MailDetail>(`/mails/${messageId}`)).events.map((it) => it.kind);
    await expect.poll(kinds, soon).toContain('opened');
    expect(await again.status()).toMatchObject({ now: before.now, leads: 1, mails: 1 });
    await again.stop();
  }, 60_000);
});
