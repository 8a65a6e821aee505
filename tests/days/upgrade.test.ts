import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { leadPk } from '#core/keys';
import { compileSequence } from '#core/sequences/compile';
import type { CompiledSequence } from '#core/sequences/model';
import { createWorld, type World } from '#local/world';
import { digest } from '#tests/helpers/chaos';
import { liveConfig, nurtureSequence } from '#tests/helpers/protocol-sequence';

const start = '2026-03-02T09:00:00.000Z';
const hour = 3600;
const content = {
  subject: 'Hello',
  preheader: 'A word',
  html: '<a href="{{ unsubscribe-url }}">leave</a>',
  text: 'Leave: {{ unsubscribe-url }}',
};

/** Two editions of one sequence: the new one has a further mail in the middle, and other waits. */
const edition = (mails: readonly string[], days: number): CompiledSequence =>
  compileSequence(
    {
      ...nurtureSequence,
      id: 'nurture',
      steps: mails.flatMap((id, at) => [
        { id, kind: 'email' as const, email: id, atOnce: at === 0 },
        { id: `wait-${at}`, kind: 'wait' as const, length: { seconds: days * 24 * hour } },
      ]),
    },
    Object.fromEntries(mails.map((id) => [id, content])),
    digest,
  );
const older = edition(['welcome', 'tips', 'offer'], 2);
const newer = edition(['welcome', 'tips', 'story', 'offer'], 3);

/** Leads enter all the while, half a day apart, so that at every deployment there is one at each step. */
const cohorts = { before: 10, between: 10, after: 10 };
const everySeconds = 12 * hour;
const leads = 30;
const enter = async (world: World, from: number, count: number): Promise<void> => {
  const { ports } = world;
  for (let at = from; at < from + count; at++) {
    await world.runUntil(addSeconds(start, at * everySeconds));
    const email = `lead-${at}@example.com`;
    const leadId = ports.ids.leadId(email);
    const now = world.clock.now();
    await ports.leads.upsert(
      { leadId, email, fields: { country: 'IE' }, consents: { tips: { given: true, at: now, source: 'form' } } },
      now,
    );
    await ports.eventQueue.push({ source: 'own', eventId: `trial-${at}`, name: 'trial.started', at: now, leadId });
  }
  await world.runUntil(addSeconds(world.clock.now(), hour));
};

const aWorldOf = (compiled: CompiledSequence) =>
  createWorld({ stack: 'memory', compiled: [compiled], live: liveConfig, startAt: start, seed: 'upgrade', ticksSlowedBy: () => 96 });

const finish = (world: World) => world.runUntil(addSeconds(start, 60 * 24 * hour));
const leadIdsOf = (world: World) => Array.from({ length: leads }, (_, at) => world.ports.ids.leadId(`lead-${at}@example.com`));
/** By lead: which mail went when. */
const storyOf = (world: World): Record<string, string[]> => {
  const stories: Record<string, string[]> = {};
  for (const { tags, at, to } of world.mail.mails()) {
    stories[to] ??= [];
    stories[to].push(`${tags.step} ${at}`);
  }
  return stories;
};

/** What a newer release might leave on any row, whatever kind it is. */
const fromLater = { laterText: 'of a newer release', laterMap: { nested: [1, { deep: true }] } };
const rowsOf = async (world: World) => (await Promise.all(leadIdsOf(world).map((it) => world.table.query(leadPk(it), '')))).flat();
const markAll = async (world: World): Promise<readonly string[]> => {
  const rows = await rowsOf(world);
  for (const { pk, sk } of rows) await world.table.update({ pk: String(pk), sk: String(sk) }, { set: fromLater });
  return rows.map(({ pk, sk }) => `${pk} ${sk}`);
};

describe('an upgrade and a rollback with leads in flight', () => {
  it('let every lead finish the version that it began, each mail once at its time, and keep what a newer release wrote on its row', async () => {
    const world = await aWorldOf(older);
    await enter(world, 0, cohorts.before);
    world.deploy([newer]);
    await enter(world, cohorts.before, cohorts.between);
    // Back to the older templates, with everything that the newer release wrote in the meantime.
    world.deploy([older]);
    const marked = await markAll(world);
    await enter(world, cohorts.before + cohorts.between, cohorts.after);
    await finish(world);

    const [alwaysOlder, alwaysNewer] = await Promise.all([older, newer].map(neverDeployed));
    const stories = storyOf(world);
    for (let at = 0; at < leads; at++) {
      const to = `lead-${at}@example.com`;
      const isBetween = at >= cohorts.before && at < cohorts.before + cohorts.between;
      expect({ to, mails: stories[to] }).toEqual({ to, mails: (isBetween ? alwaysNewer : alwaysOlder)?.[to] });
    }
    const rows = await rowsOf(world);
    for (const row of rows) if (String(row.sk).startsWith('ENROLMENT#')) expect(row.endedAt).toBeDefined();
    const lost = rows.filter((it) => marked.includes(`${it.pk} ${it.sk}`) && it.laterText === undefined);
    expect(lost.map((it) => String(it.sk).split('#')[0])).toEqual([]);
    for (const it of rows.filter((row) => row.laterText !== undefined)) expect(it).toMatchObject(fromLater);
    await world.stop();
  });
});

const neverDeployed = async (compiled: CompiledSequence) => {
  const world = await aWorldOf(compiled);
  await enter(world, 0, leads);
  await finish(world);
  const stories = storyOf(world);
  await world.stop();
  return stories;
};
